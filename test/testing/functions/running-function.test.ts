import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secrets } from '../../../sample/local/services/secrets';
import type { Fault, Message } from '../../../testing/src/faults/fault';
import { RunningFunction, type RunningFunctionOptions } from '../../../testing/src/functions/running-function';
import { nodeRuntime } from '../../../testing/src/functions/runtime-command';

const taskRoot = mkdtempSync(join(tmpdir(), 'payments-function-test-'));
const functions: RunningFunction[] = [];
const log: string[] = [];

beforeAll(() => writeFileSync(join(taskRoot, 'index.js'), `
let runs = 0;
async function secret() {
  const response = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST', body: JSON.stringify({ SecretId: 'Key' }), headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
  });
  return { status: response.status, ...await response.json() };
}
exports.handler = async (event, context) => {
  runs++;
  if (event.throws) throw new TypeError(event.throws);
  if (event.exits) process.exit(3);
  if (event.waits) await new Promise(resolve => setTimeout(resolve, event.waits));
  if (event.asks) return secret();
  if (event.clock) return { now: Date.now(), date: new Date().getTime(), other: new Date(0).getTime(), left: context.getRemainingTimeInMillis() };
  return { pid: process.pid, runs, left: context.getRemainingTimeInMillis() };
};`));
afterEach(() => Promise.all(functions.splice(0).map(fn => fn.stop())));
afterAll(() => rmSync(taskRoot, { recursive: true }));

function make(options: Partial<RunningFunctionOptions> = {}): RunningFunction {
  const fn = new RunningFunction({
    functionName: 'Fn',
    functionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:Fn:live',
    taskRoot,
    handler: 'index.handler',
    memorySize: 512,
    runtime: nodeRuntime(process.execPath),
    timeoutMs: 5_000,
    maxEnvironments: 2,
    services: { aws: [new Secrets({ Key: 'a secret' })], others: [] },
    variables: () => ({}),
    log: line => log.push(line),
    ...options,
  });
  functions.push(fn);
  return fn;
}

test('one environment runs one event after the other, and none of them twice', async () => {
  const fn = make();
  const outcomes: any[] = [];
  for (let i = 0; i < 20; i++) outcomes.push(await fn.invoke({}));
  expect(outcomes.map(({ payload }) => payload.runs)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  expect(outcomes[0].payload.left).toBeGreaterThan(3_000);
  expect(fn.started).toBe(1);
});

test('two at the same time run in two environments, a third waits for one of them', async () => {
  const fn = make();
  const outcomes: any[] = await Promise.all([1, 2, 3].map(() => fn.invoke({ waits: 300 })));
  expect(new Set(outcomes.map(({ payload }) => payload.pid)).size).toBe(2);
  expect(fn.started).toBe(2);
});

test('above the reserved concurrency it throttles', async () => {
  const fn = make({ reservedConcurrency: 1 });
  const [first, second] = await Promise.all([fn.invoke({}), fn.invoke({})]);
  expect([first.kind, second.kind]).toEqual(['answer', 'throttled']);
});

test('a handler that runs too long is killed, and the next event gets a new environment', async () => {
  const fn = make({ timeoutMs: 2_000 });
  await fn.invoke({});
  const [pid] = fn.pids();
  expect(await fn.invoke({ waits: 10_000 })).toEqual({ kind: 'time-out' });
  expect(fn.pids()).toEqual([]);
  expect((await fn.invoke({}) as any).payload).toEqual(expect.objectContaining({ runs: 1, pid: expect.not.stringContaining(String(pid)) }));
  expect(fn.started).toBe(2);
});

test('an exception is told and keeps the environment, an exit ends it', async () => {
  const fn = make();
  expect(await fn.invoke({ throws: 'no' })).toMatchObject({ kind: 'error', errorType: 'TypeError', errorMessage: 'no' });
  expect((await fn.invoke({}) as any).payload.runs).toBe(2);
  expect(await fn.invoke({ exits: true })).toEqual({ kind: 'exit' });
  expect((await fn.invoke({}) as any).payload.runs).toBe(1);
});

test('an environment is frozen between two invocations, and goes on with the next', async () => {
  const fn = make({ losesConnections: () => true });
  await fn.invoke({});
  const [pid] = fn.pids();
  expect(execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })).toMatch(/^T/);
  expect((await fn.invoke({}) as any).payload).toMatchObject({ pid, runs: 2 });
});

test('an environment whose clock is wrong has a wrong time, and the right time left', async () => {
  const { payload } = await make({ skewMs: () => -60_000 }).invoke({ clock: true }) as any;
  for (const time of [payload.now, payload.date]) expect(Math.abs(Date.now() - 60_000 - time)).toBeLessThan(5_000);
  expect(payload.other).toBe(0);
  expect(payload.left).toBeGreaterThan(3_000);
  expect(payload.left).toBeLessThanOrEqual(5_000);
});

test('after a release, new environments run the next version where it is chosen', async () => {
  const next = mkdtempSync(join(tmpdir(), 'payments-next-test-'));
  writeFileSync(join(next, 'index.js'), 'exports.handler = async () => "the next version";');
  const fn = make();
  await fn.invoke({});
  const chosen = [true, false];
  fn.release(next, () => chosen.shift()!);
  expect((await fn.invoke({}) as any).payload.runs).toBe(2); // the running environment stays as it is
  await fn.invoke({ exits: true });
  expect(await fn.invoke({})).toEqual({ kind: 'answer', payload: 'the next version' });
  const [, other]: any[] = await Promise.all([fn.invoke({}), fn.invoke({})]);
  expect(other.payload.runs).toBe(1);
  rmSync(next, { recursive: true });
});

test('a handler that can not be loaded says so', async () => {
  expect(await make({ handler: 'index.missing' }).invoke({})).toMatchObject({ kind: 'error', errorType: 'Runtime.HandlerNotFound', errorMessage: expect.stringContaining('missing') });
});

const outcomeOf = async (fault?: Fault) => {
  const seen: Message[] = [];
  const outcome: any = await make({ timeoutMs: 4_000 }).invoke({ asks: true }, message => {
    seen.push({ service: message.service, what: message.what });
    return fault;
  });
  expect(seen).toEqual([{ service: 'SecretsManager', what: 'GetSecretValue Key' }]);
  return outcome;
};

test('what a function sends is seen on its way', async () => {
  expect(await outcomeOf()).toMatchObject({ kind: 'answer', payload: { status: 200, SecretString: 'a secret' } });
});

test.each<[Fault, object]>([
  [{ kind: 'kill', when: 'before' }, { kind: 'exit' }],
  [{ kind: 'kill', when: 'after' }, { kind: 'exit' }],
  [{ kind: 'cut', when: 'before' }, { kind: 'error', errorType: 'TypeError', errorMessage: 'fetch failed' }],
  [{ kind: 'cut', when: 'after' }, { kind: 'error', errorType: 'TypeError', errorMessage: 'fetch failed' }],
  [{ kind: 'silence', when: 'after' }, { kind: 'time-out' }],
  [{ kind: 'reject', when: 'before' }, { kind: 'answer', payload: { status: 400 } }],
  [{ kind: 'throttle', when: 'before' }, { kind: 'answer', payload: { status: 400, __type: 'ProvisionedThroughputExceededException' } }],
  [{ kind: 'freeze', when: 'after' }, { kind: 'answer', payload: { status: 200, SecretString: 'a secret' } }],
])('and may go wrong: %j', async (fault, expected) => {
  expect(await outcomeOf(fault)).toMatchObject(expected);
});

test('stop() ends an environment that is being started, and what waits for one does not run', async () => {
  const fn = make({ maxEnvironments: 1 });
  const outcomes = Promise.all([fn.invoke({}), fn.invoke({})]);
  await fn.stop();
  expect(await outcomes).toEqual([{ kind: 'exit' }, { kind: 'exit' }]);
  expect([fn.started, fn.pids()]).toEqual([1, []]);
});
