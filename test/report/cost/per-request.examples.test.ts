import { input } from '../../../src/checks/engine/load';
import { exactly } from '../../../src/report/cost/arithmetic';
import { computeLines, entranceChoices, functionPerMillion, perMonth } from '../../../src/report/cost/per-request';
import type { Compute } from '../../../src/report/cost/per-request';
import { PRICES, SECONDS_A_MONTH } from '../../../src/report/cost/prices';
import type { Prices } from '../../../src/report/cost/prices';
import { StandingCost } from '../../../src/report/cost/standing';
import { DEFAULT_TRAFFIC } from '../../../src/report/cost/traffic';
import { AppView } from '../../../src/report/model/app-view';
import { sayIn } from '../../../src/report/model/phrases';
import { TODAY } from '../../support/report-lines';

const say = sayIn('en');
const GB = 1_024;

/** Requests, duration, and INIT or restores of a month in US dollars. */
function charges(use: { millions: number; seconds: number; memoryMb: number } & Partial<Compute>, prices: Prices = PRICES): number[] {
  const { millions, seconds, memoryMb, ...changes } = use;
  return computeLines({
    requests: exactly(millions * 1e6),
    durationMillis: exactly(seconds * 1_000),
    memoryGb: memoryMb / GB,
    coldStartPercent: exactly(0),
    initMillis: exactly(0),
    isArm: false,
    isProvisioned: false,
    ...changes,
  }, prices, say).map(({ amount }) => amount.max);
}

/** The free tier that most examples subtract and the report leaves out. */
const FREE = { requests: PRICES.lambdaMillionRequests.value, gbSeconds: 400_000 };

function afterFreeTier([requests, duration]: number[], gbSecond = PRICES.lambdaGbSecondX86.value): { requests: number; duration: number } {
  return { requests: requests - FREE.requests, duration: duration - FREE.gbSeconds * gbSecond };
}

function viewOf(properties: object, resources: object = {}): AppView {
  const fn = { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'python3.13', Handler: 'i.h', Role: 'r', Code: { ZipFile: 'x' }, Timeout: 10, ...properties } };
  return new AppView([input({ Resources: { Fn: fn, ...resources } }, 'Stack.template.json')], [], TODAY);
}

/** The standing cost of one kind, as if it was held for some seconds. */
function standingFor(seconds: number, view: AppView): number {
  const [{ amount }] = new StandingCost(view, PRICES, say).groups();
  return amount.max * seconds / SECONDS_A_MONTH;
}

const provisioned = (executions: number) => ({
  Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
  Alias: {
    Type: 'AWS::Lambda::Alias',
    Properties: {
      FunctionName: { Ref: 'Fn' },
      FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
      Name: 'live',
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: executions },
    },
  },
});

/** @see https://aws.amazon.com/lambda/pricing/ */
describe('the worked examples of the pricing page of Lambda', () => {
  test('512 MB, 3 million requests of 1 s, at 0.00001667 USD in an earlier edition: 18.34 and 0.40 USD', () => {
    const gbSecond = 0.00001667;
    const prices = { ...PRICES, lambdaGbSecondX86: { ...PRICES.lambdaGbSecondX86, value: gbSecond } };
    const found = afterFreeTier(charges({ millions: 3, seconds: 1, memoryMb: 512 }, prices), gbSecond);
    expect(found.duration).toBeCloseTo(18.34, 2);
    expect(found.requests).toBeCloseTo(0.40, 6);
  });

  test('mobile backend: 1,536 MB, 3 million requests of 120 ms: 2.33 and 0.40 USD', () => {
    const found = afterFreeTier(charges({ millions: 3, seconds: 0.12, memoryMb: 1_536 }));
    expect(found.duration).toBeCloseTo(2.33, 2);
    expect(found.requests).toBeCloseTo(0.40, 6);
  });

  test('telemetry: 1 GB, 7.44 million requests of 2 s, without the free tier: 1.49 and 248.00 USD', () => {
    const [requests, duration] = charges({ millions: 7.44, seconds: 2, memoryMb: 1_024 });
    expect(requests).toBeCloseTo(1.49, 2);
    expect(duration).toBeCloseTo(248.00, 2);
  });

  test('support tickets: 4 GB, 6 million requests of 280 ms: 105.33 and 1 USD, beside ephemeral storage, which the report leaves out', () => {
    const found = afterFreeTier(charges({ millions: 6, seconds: 0.28, memoryMb: 4_096 }));
    expect(found.duration).toBeCloseTo(105.33, 2);
    expect(found.requests).toBeCloseTo(1, 6);
  });

  test('durable functions: 1 GB on arm64, 32 million seconds: 421.34 USD', () => {
    const found = afterFreeTier(charges({ millions: 2, seconds: 16, memoryMb: 1_024, isArm: true }), PRICES.lambdaGbSecondArm.value);
    expect(found.duration).toBeCloseTo(421.34, 2);
    expect(found.requests).toBeCloseTo(0.20, 6);
  });

  test('tenant isolation: 1 GB, 10 million requests of 2 s: 2 and 333.34 USD, beside tenants, which the report leaves out', () => {
    const [requests, duration] = charges({ millions: 10, seconds: 2, memoryMb: 1_024 });
    expect(requests).toBeCloseTo(2, 6);
    expect(Math.ceil(duration * 100) / 100).toBe(333.34); // the example rounds up
  });

  test('launch of a mobile app: 100 provisioned of 1,536 MB for 8 hours, 0.5 million requests of 100 ms: 18, 0.73 and 0.83 USD', () => {
    const standing = standingFor(8 * 3_600, viewOf({ MemorySize: 1_536 }, provisioned(100)));
    const [, run] = charges({ millions: 0.5, seconds: 0.1, memoryMb: 1_536, isProvisioned: true });
    const others = afterFreeTier(charges({ millions: 2.5, seconds: 0.12, memoryMb: 1_536 }));
    expect(standing).toBeCloseTo(18, 2);
    expect(run).toBeCloseTo(0.73, 2);
    expect(others.duration).toBeCloseTo(0.83, 2);
  });

  test('Cyber Monday: 7 provisioned of 4 GB for a day, 2 million requests of 280 ms: 10.08, 21.78 and 0.40 USD', () => {
    const standing = standingFor(86_400, viewOf({ MemorySize: 4_096 }, provisioned(7)));
    const [requests, run] = charges({ millions: 2, seconds: 0.28, memoryMb: 4_096, isProvisioned: true });
    expect(standing).toBeCloseTo(10.08, 2);
    expect(run).toBeCloseTo(21.78, 2);
    expect(requests).toBeCloseTo(0.40, 6);
    expect(standing + run + requests).toBeCloseTo(32.26, 2);
  });

  test('SnapStart: 1 GB, a version for 31 days, 1 % of 7.44 million requests restore: 4.03 and 10.40 of 263.92 USD', () => {
    const view = viewOf({ MemorySize: 1_024, SnapStart: { ApplyOn: 'PublishedVersions' } });
    const cache = standingFor(31 * 86_400, view);
    const traffic = {
      requestsPerMonth: exactly(7_440_000),
      durationMillis: exactly(2_000),
      coldStartPercent: exactly(1),
      initMillis: exactly(5_000),
      logBytes: exactly(0),
    };
    const month = perMonth(functionPerMillion(view.functions[0], traffic, PRICES, say), traffic).max;
    const [, , restores] = charges({ millions: 7.44, seconds: 2, memoryMb: 1_024, coldStartPercent: exactly(1), restores: 'charged' });
    expect(cache).toBeCloseTo(4.03, 2);
    expect(restores).toBeCloseTo(10.40, 2);
    expect(cache + month).toBeCloseTo(263.92, 2);
  });
});

/** @see https://aws.amazon.com/api-gateway/pricing/ */
describe('the worked examples of the pricing page of API Gateway', () => {
  const invoke = { Type: 'AWS::Lambda::Permission', Properties: { Action: 'lambda:InvokeFunction', FunctionName: { Ref: 'Fn' }, Principal: 'apigateway.amazonaws.com' } };
  const target = { 'Fn::Sub': 'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations' };
  const api = {
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api' } },
    Method: { Type: 'AWS::ApiGateway::Method', Properties: { RestApiId: { Ref: 'Api' }, HttpMethod: 'GET', AuthorizationType: 'NONE', ResourceId: 'r', Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: target } } },
    Invoke: invoke,
  };

  test.each([
    ['REST API', 5, 17.50, 'of 18.79 USD; the rest is data transfer, which the report leaves out'],
    ['HTTP API', 300, 300, 'the first tier of 432 million'],
  ])('%s, %i million requests: %d USD (%s)', (name, millions, usd) => {
    const traffic = { ...DEFAULT_TRAFFIC, default: { ...DEFAULT_TRAFFIC.default, requestsPerMonth: exactly(millions * 1e6) } };
    const choice = entranceChoices(viewOf({}, api), traffic, PRICES, say).find(each => each.name === name);
    expect(choice?.perMonth.amount.max).toBeCloseTo(usd, 6);
  });
});

test('snapshots of Java have no charge', () => {
  const view = viewOf({ Runtime: 'java25', SnapStart: { ApplyOn: 'PublishedVersions' } });
  expect(new StandingCost(view, PRICES, say).groups()).toEqual([]);
  expect(charges({ millions: 1, seconds: 1, memoryMb: 128, coldStartPercent: exactly(1), restores: 'free' })).toHaveLength(2);
});
