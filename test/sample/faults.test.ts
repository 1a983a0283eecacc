import { Platform, REQUEST, send } from './platform';
import { createApp } from '../../sample/app';
import { ReleaseModel } from '../../src/release/power/release-model';
import { simulateReleases } from '../../src/release/power/simulation';
import { type Handler, newEnvironment } from '../support/environments';

type Json = Record<string, any>;

const platform = new Platform();
let pay: Handler<unknown, any>;
const written: Json[] = [];

beforeAll(async () => {
  await platform.start('Pay', { POWERTOOLS_METRICS_DISABLED: 'false' });
  pay = newEnvironment(() => jest.requireActual('../../sample/handlers/pay'));
  jest.spyOn(process.stdout, 'write').mockImplementation(text => {
    for (const line of String(text).split('\n')) if (line.includes('"Faults"')) written.push(JSON.parse(line));
    return true;
  });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await platform.stop();
});
beforeEach(() => {
  written.length = 0;
  platform.reset();
});

const post = (key: string) => send(pay, { method: 'POST', path: '/payments', body: JSON.stringify(REQUEST), headers: { 'idempotency-key': key } }, 4_000);

let template: Json | undefined;

/** The release of a function of the sample, as the evaluator reads it from the template. */
function releaseOf(name: string): { resources: Json; model: ReleaseModel; functionId: string } {
  const { Resources: resources } = template ??= createApp().synth().getStackByName('Payments').template as Json;
  const alias = Object.keys(resources).find(id => resources[id].Type === 'AWS::Lambda::Alias' && id.startsWith(`${name}Live`))!;
  return { resources, model: ReleaseModel.fromResources(resources, alias), functionId: resources[alias].Properties.FunctionName.Ref };
}

test('with the ledger down, pay answers 5xx without raising an error, and writes one line of Faults for each answer', async () => {
  platform.postgres.faults = () => ({ kind: 'cut', when: 'before' });
  for (const key of ['down-1', 'down-2']) expect((await post(key)).status).toBeGreaterThanOrEqual(500);
  expect(written).toHaveLength(2);
  const [{ CloudWatchMetrics: [{ Namespace, Dimensions, Metrics }] }] = written.map(line => line._aws);
  expect([Namespace, Dimensions, Metrics, written[0].Faults]).toEqual(['Payments', [['FunctionName', 'ExecutedVersion']], [{ Name: 'Faults', Unit: 'Count' }], 1]);
});

test('a payment that is taken writes none', async () => {
  expect((await post('up-1')).status).toBe(201);
  expect(written).toEqual([]);
});

describe.each(['Pay', 'Webhook', 'Settle'])('the release of %s', name => {
  test('is rolled back when the new version answers every request with a failure, and not when it fails half of the threshold', () => {
    const { model } = releaseOf(name);
    const share = (requestsPerMinute: number, faultRate: number) =>
      simulateReleases(model, { requestsPerMinute, faultRate }, { trials: 500, seed: 7 }).rolledBack;
    expect(share(50, 1)).toBeGreaterThanOrEqual(0.99);
    expect(share(500, 0.005)).toBeLessThanOrEqual(0.02);
  });

  test('has an alarm that reads the metric where the handler publishes it', () => {
    const { resources, functionId } = releaseOf(name);
    const namespace = resources[functionId].Properties.Environment.Variables.POWERTOOLS_METRICS_NAMESPACE;
    const metrics = Object.values(resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm').flatMap(({ Properties }) => Properties.Metrics ?? [])
      .map(query => query.MetricStat?.Metric).filter(metric => metric?.MetricName === 'Faults');
    const own = metrics.filter(({ Dimensions }) => JSON.stringify(Dimensions).includes(functionId));
    expect(own.length).toBeGreaterThanOrEqual(1);
    for (const metric of own) {
      expect(metric.Namespace).toBe(namespace);
      expect(metric.Dimensions.map(({ Name }: Json) => Name).sort()).toEqual(expect.arrayContaining(['FunctionName']));
    }
  });
});

test('the release of Pay is not rolled back by the same failures without the alarm on Faults', () => {
  const { resources } = releaseOf('Pay');
  const text = JSON.stringify(resources).replaceAll('"MetricName":"Faults"', '"MetricName":"Other"');
  const changed = JSON.parse(text) as Json;
  const alias = Object.keys(changed).find(id => changed[id].Type === 'AWS::Lambda::Alias' && id.startsWith('PayLive'))!;
  const blind = ReleaseModel.fromResources(changed, alias);
  expect(simulateReleases(blind, { requestsPerMinute: 500, faultRate: 1 }, { trials: 100, seed: 7 }).rolledBack).toBe(0);
});
