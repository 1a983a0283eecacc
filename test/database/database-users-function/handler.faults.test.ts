import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { propertiesOf } from './properties';
import { DatabasePrivilege } from '../../../src/database/database-privilege';
import { handler } from '../../../src/database/database-users-function/handler';
import type { UserEvent } from '../../../src/database/database-users-function/user-event';

jest.mock('node:timers/promises', () => ({
  setTimeout: (_: number, value: unknown, options?: object) => jest.requireActual('node:timers/promises').setTimeout(1, value, options),
}));

type Fault = 'silent' | 'cut' | { readonly status: number; readonly type: string };
/** What the Data API does with a call, by its name and its number. */
let faultOf: (operation: string, count: number) => Fault | undefined;
let calls: string[] = [];
let reported: any[] = [];
let api: Server;
let cloudFormation: Server;
const before = { ...process.env };

async function listen(onCall: (request: IncomingMessage, response: ServerResponse, body: any) => void): Promise<Server> {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', part => { text += part; }).on('end', () => onCall(request, response, JSON.parse(text || '{}')));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}
const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  api = await listen((request, response) => {
    const operation = request.url!.slice(1);
    calls.push(operation);
    const fault = faultOf(operation, calls.filter(call => call === operation).length);
    if (fault === 'silent') return;
    if (fault === 'cut') return void response.socket!.destroy();
    response.setHeader('content-type', 'application/json');
    if (fault) response.setHeader('x-amzn-errortype', fault.type);
    response.statusCode = fault?.status ?? 200;
    response.end(fault ? '{"message":"fault"}' : '{"transactionId":"t"}');
  });
  cloudFormation = await listen((_, response, body) => {
    reported.push(body);
    response.end();
  });
  Object.assign(process.env, { AWS_ENDPOINT_URL: urlOf(api), AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'fake', AWS_SECRET_ACCESS_KEY: 'fake' });
});
afterAll(async () => {
  process.env = before;
  for (const server of [api, cloudFormation]) {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }
});
beforeEach(() => {
  [calls, reported, faultOf] = [[], [], () => undefined];
  jest.spyOn(console, 'error').mockImplementation();
  jest.spyOn(console, 'log').mockImplementation();
});

async function report(remaining: number, event: Partial<UserEvent> = {}): Promise<any> {
  await handler({
    RequestType: 'Create',
    ResponseURL: urlOf(cloudFormation),
    StackId: 's',
    RequestId: 'r',
    LogicalResourceId: 'l',
    ResourceProperties: propertiesOf('postgresql', 'pay', 'app', DatabasePrivilege.readOnly()),
    ...event,
  }, { getRemainingTimeInMillis: () => remaining });
  expect(reported).toHaveLength(1);
  return reported[0];
}

test('without a fault', async () => {
  expect(await report(60_000)).toMatchObject({ Status: 'SUCCESS' });
});

test.each(['BeginTransaction', 'Execute', 'CommitTransaction'])('%s that never answers is reported in time', async operation => {
  faultOf = name => name === operation ? 'silent' : undefined;
  expect(await report(3_000)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('the database did not finish the statements within 2 seconds') });
});

test.each(['Create', 'Delete'] as const)('a %s whose calls are all cut is reported in time', async RequestType => {
  faultOf = () => 'cut';
  expect(await report(3_000, { RequestType, PhysicalResourceId: 'user:pay' })).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'user:pay' });
});

test.each(['BeginTransaction', 'Execute', 'CommitTransaction'])('%s that is cut, or fails inside the Data API, once is sent again', async operation => {
  for (const fault of ['cut', { status: 500, type: 'InternalServerErrorException' }, { status: 503, type: 'Unknown' }] as const) {
    [reported, calls] = [[], []];
    faultOf = (name, count) => name === operation && count === 1 ? fault : undefined;
    expect(await report(60_000)).toMatchObject({ Status: 'SUCCESS' });
  }
});

test.each(['Execute', 'BeginTransaction'])('%s that is always throttled is reported in time', async operation => {
  faultOf = name => name === operation ? { status: 429, type: 'ThrottlingException' } : undefined;
  expect(await report(3_000)).toMatchObject({ Status: 'FAILED' });
});
