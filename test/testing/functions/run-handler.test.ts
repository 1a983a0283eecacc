import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { faultAt } from '../../../testing/src/faults/fault';
import { type RunHandlerOptions, runHandler, type RunningHandler } from '../../../testing/src/functions/run-handler';

const runtime = `nodejs${process.versions.node.split('.')[0]}.x`; // the executable of this process: nothing is installed
const folder = mkdtempSync(join(tmpdir(), 'run-handler-'));
const calls: { headers: Record<string, unknown>; path: string }[] = [];
const server = createServer((request, response) => {
  calls.push({ headers: request.headers, path: request.url! });
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"fine":true}'));
});
const running: RunningHandler[] = [];
let url: string;

beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(folder, 'index.js'), `
    process.on('SIGTERM', () => { console.log('ended'); process.exit(0); });
    exports.handler = async ({ to }) => {
      const target = to === 'aws' ? process.env.AWS_ENDPOINT_URL : process.env.PROVIDER_URL;
      const authorization = 'AWS4-HMAC-SHA256 Credential=a/20260101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00';
      const headers = to === 'aws' ? { 'x-amz-target': 'DynamoDB_20120810.PutItem', authorization } : {};
      const response = await fetch(target + (to === 'aws' ? '/' : '/charges?a=1'), { method: 'POST', headers, body: '{"TableName":"Orders"}' });
      return { status: response.status, stage: process.env.STAGE };
    };`);
});
beforeEach(() => { calls.length = 0; });
afterEach(() => Promise.all(running.splice(0).map(handler => handler.stop())));
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

async function run(code: Parameters<typeof runHandler>[0], options: RunHandlerOptions = {}): Promise<RunningHandler> {
  const handler = await runHandler(code, { runtime, ...options });
  running.push(handler);
  return handler;
}

test('runs the handler of a folder, with its variables and a proxy before each service', async () => {
  const handler = await run(folder, { aws: url, http: { PROVIDER_URL: `${url}/v1` }, variables: { STAGE: 'test' } });
  const seen: string[] = [];
  const faults = ({ service, what }: { service: string; what: string }) => void seen.push(`${service} ${what}`);
  expect(await handler.invoke({ to: 'aws' }, { faults })).toEqual({ kind: 'answer', payload: { status: 200, stage: 'test' } });
  expect(await handler.invoke({ to: 'provider' }, { faults })).toMatchObject({ kind: 'answer' });
  expect(seen).toEqual(['DynamoDB PutItem Orders', 'PROVIDER POST /charges']);
  expect(calls.map(({ path }) => path)).toEqual(['/', '/v1/charges?a=1']);
  expect(handler.started).toBe(1);
});

test('the service behind the proxy receives a message twice, never, or before the process is killed', async () => {
  const handler = await run(folder, { http: { PROVIDER_URL: url } });
  await handler.invoke({}, { faults: faultAt({ kind: 'twice', when: 'before' }) });
  expect(calls).toHaveLength(2);
  expect(await handler.invoke({}, { faults: faultAt({ kind: 'reject', when: 'before' }, { message: 'POST' }) })).toMatchObject({ payload: { status: 400 } });
  expect(calls).toHaveLength(2);
  expect(await handler.invoke({}, { faults: faultAt({ kind: 'kill', when: 'after' }) })).toEqual({ kind: 'exit' });
  expect(calls).toHaveLength(3);
  expect(await handler.invoke({}, { faults: faultAt({ kind: 'kill', when: 'after' }, { nth: 2 }) })).toMatchObject({ kind: 'answer' });
});

test('a frozen environment receives SIGTERM before it ends', async () => {
  const handler = await run(folder, { http: { PROVIDER_URL: url } });
  await handler.invoke({});
  await handler.stop();
  expect(handler.lines.join()).toMatch(/\bended\b/);
});

test('runs a function of an app, with the handler, the timeout and the variables of its template', async () => {
  const stack = new Stack(new App(), 'Shop');
  const queue = new sqs.Queue(stack, 'Queue');
  const fn = new lambda.Function(stack, 'Fn', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.work',
    code: lambda.Code.fromInline('exports.work = async (_, context) => ({ name: process.env.QUEUE, left: context.getRemainingTimeInMillis() });'),
    environment: { QUEUE: queue.queueName },
    timeout: Duration.seconds(20),
  });
  const alias = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion });
  for (const construct of [fn, alias]) {
    const { payload } = await (await run(construct)).invoke({}) as any;
    expect(payload.name).toMatch(/^Queue/);
    expect(payload.left).toBeGreaterThan(10_000);
    expect(payload.left).toBeLessThanOrEqual(20_000);
  }
});

test('the name of a folder may have a dot, as an asset of a cloud assembly has', async () => {
  const asset = join(folder, 'asset.0123abc');
  cpSync(join(folder, 'index.js'), join(asset, 'index.js'));
  expect(await (await run(asset, { http: { PROVIDER_URL: url } })).invoke({})).toMatchObject({ kind: 'answer', payload: { status: 200 } });
});

test.each([
  ['a stage', () => new Stack(new Stage(new App(), 'Prod'), 'Shop')],
  ['a stage in a stage', () => new Stack(new Stage(new Stage(new App(), 'Europe'), 'Prod'), 'Shop')],
  ['a nested stack', () => new NestedStack(new Stack(new App(), 'Shop'), 'Orders')],
])('runs a function in %s with its asset', async (_, newStack) => {
  const code = mkdtempSync(join(folder, 'code-'));
  writeFileSync(join(code, 'index.js'), 'exports.handler = async () => process.env.STAGE;');
  const fn = new lambda.Function(newStack(), 'Fn', {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromAsset(code), environment: { STAGE: 'test' },
  });
  expect(await (await run(fn)).invoke({})).toEqual({ kind: 'answer', payload: 'test' });
});

test('fails when the asset is no folder', async () => {
  const archive = join(folder, 'code.zip');
  writeFileSync(archive, 'an archive');
  const fn = new lambda.Function(new Stack(new App(), 'Shop'), 'Fn', {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromAsset(archive),
  });
  await expect(runHandler(fn)).rejects.toThrow(/the code of Shop\/Fn must be an asset of a folder, got [0-9a-f]{64}\.zip; pass the folder of the bundle/);
});

test('fails when the code does not exist, or the runtime has no client here', async () => {
  await expect(runHandler('nowhere')).rejects.toThrow(/'code' must be a folder or a file that exists, got '.*nowhere'; build the bundle first/);
  await expect(runHandler(folder, { runtime: 'java25' })).rejects.toThrow("'runtime' must be a Node.js or Python runtime, got 'java25'");
});
