import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as deployment from '../../../testing/src/cloud/deploy';
import { rehearse } from '../../../testing/src/cloud/rehearse';

const folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
const endpoint = 'http://127.0.0.1:1';
const deployed: (readonly string[])[] = [];
const environments: (readonly [string, string])[] = [];

beforeAll(() => {
  jest.spyOn(deployment, 'deploy').mockImplementation(async (_account, assembly, names) => {
    deployed.push(names);
    const { CloudAssembly } = jest.requireActual<typeof import('aws-cdk-lib/cx-api')>('aws-cdk-lib/cx-api');
    environments.push(...new CloudAssembly(assembly.directory).stacksRecursively.map(({ environment, templateFullPath, assumeRoleArn = '' }) =>
      [environment.name, `${readFileSync(templateFullPath, 'utf8')}${assumeRoleArn}`] as const));
    return {};
  });
  const app = new App({ outdir: join(folder, 'cdk.out') });
  for (const stack of [new Stack(app, 'Orders', { stackName: 'shop-orders' }), new Stack(new Stage(app, 'Prod'), 'Payments')]) {
    const bus = new events.EventBus(stack, 'Bus');
    bus.archive('Archive', { eventPattern: { source: ['shop'] } });
    new sqs.Queue(stack, 'Queue');
  }
  app.synth();
});
beforeEach(() => { deployed.length = environments.length = 0; });
afterAll(() => rmSync(folder, { recursive: true }));

const run = (stacks?: string[]) => rehearse({ app: join(folder, 'cdk.out'), endpoint, stacks });

test('deploys all stacks, those of stages too, and counts what is deployed', async () => {
  const { stacks } = await run();
  expect(deployed).toEqual([['Orders', 'Prod/Payments']]);
  const leftOut = [{ reason: 'archive of events', resources: [expect.stringMatching(/^BusArchive/)] }];
  expect(stacks).toEqual([{ name: 'shop-orders', resources: 2, leftOut }, { name: 'Prod-Payments', resources: 2, leftOut }]);
});

test.each([['shop-orders', 'Orders'], ['Orders', 'Orders'], ['Prod/Payments', 'Prod/Payments']])('the stack %s is chosen by its name or its path', async (name, path) => {
  await run([name]);
  expect(deployed).toEqual([[path]]);
});

test('stacks with an account and a Region of their own are deployed into the one account of this machine', async () => {
  const app = new App({ outdir: join(folder, 'placed') });
  const env = { account: '111122223333', region: 'us-east-1' };
  for (const stack of [new Stack(app, 'Orders', { env }), new Stack(new Stage(app, 'Prod', { env }), 'Payments')]) {
    new sqs.Queue(stack, 'Queue', { queueName: `orders-${stack.account}-${stack.region}` });
  }
  app.synth();
  const lines: string[] = [];
  await rehearse({ app: join(folder, 'placed'), endpoint, log: line => lines.push(line) });
  expect(lines[0]).toBe('stacks of 111122223333, us-east-1 are deployed to aws://000000000000/eu-central-1');
  expect(environments.map(([name]) => name)).toEqual(Array(2).fill('aws://000000000000/eu-central-1'));
  for (const [, text] of environments) {
    expect(text).toContain('orders-000000000000-eu-central-1');
    expect(text).not.toMatch(/111122223333|us-east-1/);
  }
});

test('a function uses what was deployed, and its error is the one of the rehearsal', async () => {
  const used: unknown[] = [];
  await rehearse({
    app: join(folder, 'cdk.out'),
    endpoint,
    stacks: ['Orders'],
    use: async ({ account, stacks, outputs }) => void used.push(account.url, stacks.map(({ name }) => name), outputs),
  });
  expect(used).toEqual([endpoint, ['shop-orders'], {}]);
  await expect(rehearse({ app: join(folder, 'cdk.out'), endpoint, use: async () => { throw new Error('401'); } })).rejects.toThrow('401');
});

test('does not begin when it is already stopped', async () => {
  await expect(rehearse({ app: join(folder, 'cdk.out'), endpoint, signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
  expect(deployed).toEqual([]);
});

test('fails without a stack of this name, or any', async () => {
  await expect(run(['Refunds'])).rejects.toThrow('the assembly must have the stack Refunds, got Orders, Prod/Payments');
  const empty = new App({ outdir: join(folder, 'empty') }).synth().directory;
  await expect(rehearse({ app: empty, endpoint })).rejects.toThrow(`'app' must be a cloud assembly with stacks, got ${empty} without one`);
});
