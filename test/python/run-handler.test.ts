import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { PythonCode } from '../../src/bundling';
import { faultAt } from '../../testing/src/faults/fault';
import { type RunHandlerOptions, runHandler, type RunningHandler } from '../../testing/src/functions/run-handler';
import { TestProject } from '../support/bundled-project';

/** The first runtime whose client runs the handler of SIGTERM while it waits for an event. */
const runtime = 'python3.12';
const HANDLER = `
import os, signal, sys, time, urllib.request

calls = 0

def end(*_):
    print("ended")
    sys.exit(0)

signal.signal(signal.SIGTERM, end)

def handler(event, context):
    global calls
    calls += 1
    if event.get("raises"):
        raise ValueError("no amount")
    if event.get("exits"):
        os._exit(1)
    time.sleep(event.get("seconds", 0))
    if "PROVIDER_URL" in os.environ:
        urllib.request.urlopen(os.environ["PROVIDER_URL"] + "/charges", data=b"{}").read()
    return {
        "calls": calls, "process": os.getpid(), "left": context.get_remaining_time_in_millis(), "function": context.function_name,
        "stage": os.environ.get("STAGE"), "text": "ü",
    }
`;
const project = new TestProject({ 'package.json': '{}', 'pay/app.py': HANDLER, 'broken/app.py': 'import not_installed\n' });
const cwd = process.cwd();
const running: RunningHandler[] = [];
let received = 0;
const provider = createServer((request, response) => {
  received++;
  request.resume().on('end', () => response.writeHead(200).end('{}'));
});

beforeAll(async () => {
  process.chdir(project.root); // the runtime client is installed into node_modules/.cache of this folder
  await new Promise<void>(resolve => provider.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => { received = 0; });
afterEach(() => Promise.all(running.splice(0).map(handler => handler.stop())));
afterAll(() => {
  process.chdir(cwd);
  provider.closeAllConnections();
  provider.close();
  TestProject.removeAll();
});

async function run(code: Parameters<typeof runHandler>[0], options: RunHandlerOptions = {}): Promise<RunningHandler> {
  const handler = await runHandler(code, { runtime, handler: 'app.handler', ...options });
  running.push(handler);
  return handler;
}

/** Waits until a process does not exist. */
async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch (error) {
      return expect(error).toMatchObject({ code: 'ESRCH' });
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

test('an environment is kept for the next invocation, and two at a time have one each', async () => {
  const handler = await run('pay', { variables: { STAGE: 'test' } });
  const first = await handler.invoke({}) as any;
  expect(first).toMatchObject({ kind: 'answer', payload: { calls: 1, function: 'pay', stage: 'test', text: 'ü' } });
  expect(first.payload.left).toBeGreaterThan(1_000);
  expect(first.payload.left).toBeLessThanOrEqual(3_000);
  expect(await handler.invoke({})).toMatchObject({ payload: { calls: 2, process: first.payload.process } });
  await Promise.all([handler.invoke({}), handler.invoke({})]);
  expect(handler.started).toBe(2);
});

test('an exception is an error, and the environment goes on', async () => {
  const handler = await run('pay');
  expect(await handler.invoke({ raises: true })).toEqual({ kind: 'error', errorType: 'ValueError', errorMessage: 'no amount' });
  expect(await handler.invoke({})).toMatchObject({ payload: { calls: 2 } });
});

test('a process that exits is an exit, and the next invocation starts another', async () => {
  const handler = await run('pay');
  expect(await handler.invoke({ exits: true })).toEqual({ kind: 'exit' });
  expect(await handler.invoke({})).toMatchObject({ payload: { calls: 1 } });
});

test('the process is killed at the deadline', async () => {
  const handler = await run('pay', { timeoutSeconds: 1 });
  const { payload } = await handler.invoke({}) as any;
  expect(await handler.invoke({ seconds: 30 })).toEqual({ kind: 'time-out' });
  await ended(payload.process);
  expect(handler.lines.join()).not.toMatch(/ended/);
});

test('a frozen environment receives SIGTERM before it ends', async () => {
  const handler = await run('pay');
  const { payload } = await handler.invoke({}) as any;
  await handler.stop();
  expect(handler.lines.join()).toMatch(/\bended\b/);
  await ended(payload.process);
});

test('a module that cannot be imported is an error, as on Lambda', async () => {
  const handler = await run('broken');
  expect(await handler.invoke({})).toMatchObject({ kind: 'error', errorType: 'Runtime.ImportModuleError', errorMessage: expect.stringMatching(/not_installed/) });
});

test('messages of the handler go through the proxy, which can kill the process', async () => {
  const handler = await run('pay', { http: { PROVIDER_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}` } });
  expect(await handler.invoke({}, { faults: faultAt({ kind: 'twice', when: 'before' }) })).toMatchObject({ kind: 'answer' });
  expect(received).toBe(2);
  expect(await handler.invoke({}, { faults: faultAt({ kind: 'kill', when: 'after' }, { message: 'POST /charges' }) })).toEqual({ kind: 'exit' });
  expect(received).toBe(3);
});

test('runs a function of an app with the package of PythonCode, and writes nothing into its asset', async () => {
  const stack = new Stack(new App({ outdir: project.path('cdk.out') }), 'Shop');
  const fn = new lambda.Function(stack, 'Pay', {
    runtime: lambda.Runtime.PYTHON_3_12,
    handler: 'app.handler',
    code: PythonCode.fromDirectory('pay'),
    environment: { STAGE: 'production' },
    timeout: Duration.seconds(20),
  });
  const handler = await run(fn, { runtime: undefined, handler: undefined });
  const { payload } = await handler.invoke({}) as any;
  expect(payload).toMatchObject({ calls: 1, stage: 'production', function: expect.stringMatching(/^Pay/) });
  expect(payload.left).toBeGreaterThan(10_000);
  const modules = readdirSync(project.path('cdk.out'), { recursive: true, encoding: 'utf8' }).filter(name => /app\.\w*\.?pyc?$/.test(name));
  expect(modules).toEqual([expect.stringMatching(/^asset\.\w+\/app\.py$/)]);
  expect(existsSync(project.path('pay/__pycache__'))).toBe(false);
});

test('a file is the handler of its module', async () => {
  const handler = await runHandler('pay/app.py', { variables: { STAGE: 'file' } });
  running.push(handler);
  expect(await handler.invoke({})).toMatchObject({ kind: 'answer', payload: { stage: 'file' } });
});
