import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BeginTransactionCommand, CommitTransactionCommand, ExecuteStatementCommand, RDSDataClient, RollbackTransactionCommand } from '@aws-sdk/client-rds-data';
import { handler } from '../../../src/database/database-users-function/handler';
import type { UserEvent, UserProperties } from '../../../src/database/database-users-function/user-event';

jest.mock('node:timers/promises', () => ({ setTimeout: async (millis: number) => jest.setSystemTime(Date.now() + millis) }));

const PROPERTIES: UserProperties = {
  clusterArn: 'arn:aws:rds:eu-west-1:111122223333:cluster:c',
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:s',
  database: 'app',
  name: 'pay',
  transaction: 'true',
  grant: ['ENSURE', 'GRANT'],
  revoke: ['REVOKE'],
  drop: ['DROP'],
};
const sent: [string, string?][] = [];
/** The errors that the Data API returns, by statement. */
let failures: { at: string; name: string; message?: string }[] = [];
let responses: any[] = [];
let statuses: number[] = [];
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', part => parts.push(part)).on('end', () => {
      responses.push({ method: request.method, type: request.headers['content-type'], ...JSON.parse(Buffer.concat(parts).toString()) });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/response`;
});
afterAll(async () => new Promise(resolve => server.close(resolve)));
beforeEach(() => {
  sent.length = 0;
  responses = [];
  failures = [];
  statuses = [];
  jest.spyOn(console, 'error').mockImplementation();
  jest.spyOn(RDSDataClient.prototype, 'send').mockImplementation(async (command: any) => {
    const name = command instanceof ExecuteStatementCommand ? command.input.sql! : command.constructor.name.replace('Command', '');
    sent.push([name, command.input.transactionId]);
    const failure = failures.findIndex(({ at }) => at === name);
    if (failure >= 0) {
      const [{ name: kind, message = kind }] = failures.splice(failure, 1);
      throw Object.assign(new Error(message), { name: kind });
    }
    if (command instanceof BeginTransactionCommand) return { transactionId: 't1' };
    expect([ExecuteStatementCommand, CommitTransactionCommand, RollbackTransactionCommand].some(known => command instanceof known)).toBe(true);
    return {};
  });
  jest.useFakeTimers({ doNotFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask', 'performance', 'hrtime'] });
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

async function deliver(event: Partial<UserEvent>, remaining = 300_000): Promise<any> {
  await handler({
    RequestType: 'Create', ResponseURL: url, StackId: 'stack', RequestId: 'request', LogicalResourceId: 'User', ResourceProperties: PROPERTIES, ...event,
  }, { getRemainingTimeInMillis: () => remaining });
  return responses[responses.length - 1];
}
const statements = () => sent.map(([name]) => name);

test('a new user is created and granted in one transaction, and CloudFormation gets a response', async () => {
  expect(await deliver({})).toEqual({
    method: 'PUT', type: '', Status: 'SUCCESS', PhysicalResourceId: 'user:pay', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'User',
  });
  expect(sent).toEqual([['BeginTransaction', undefined], ['ENSURE', 't1'], ['GRANT', 't1'], ['CommitTransaction', 't1']]);
});

test('without a transaction the statements run one after the other', async () => {
  await deliver({ ResourceProperties: { ...PROPERTIES, transaction: 'false' } });
  expect(sent).toEqual([['ENSURE', undefined], ['GRANT', undefined]]);
});

test('an update revokes the old privileges', async () => {
  const response = await deliver({ RequestType: 'Update', PhysicalResourceId: 'user:pay', OldResourceProperties: { ...PROPERTIES, revoke: ['OLD'] } });
  expect(statements()).toEqual(['BeginTransaction', 'OLD', 'ENSURE', 'GRANT', 'CommitTransaction']);
  expect(response.PhysicalResourceId).toBe('user:pay');
});

test.each<[string, UserProperties]>([
  ['name', { ...PROPERTIES, name: 'old' }],
  ['cluster', { ...PROPERTIES, clusterArn: 'arn:aws:rds:eu-west-1:111122223333:cluster:old' }],
])('an update to another %s creates a new user', async (_, OldResourceProperties) => {
  const response = await deliver({ RequestType: 'Update', PhysicalResourceId: `user:${OldResourceProperties.name}`, OldResourceProperties });
  expect(statements()).toEqual(['BeginTransaction', 'ENSURE', 'GRANT', 'CommitTransaction']);
  expect(response.PhysicalResourceId).toBe('user:pay');
});

test('a deletion drops the user', async () => {
  const response = await deliver({ RequestType: 'Delete', PhysicalResourceId: 'user:pay' });
  expect(statements()).toEqual(['BeginTransaction', 'DROP', 'CommitTransaction']);
  expect(response).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'user:pay' });
});

test.each([
  ['DatabaseNotFoundException', undefined],
  ['BadRequestException', 'HttpEndpoint is not enabled for cluster c'],
])('a deletion succeeds if the database is already deleted: %s', async (name, message) => {
  failures = [{ at: 'BeginTransaction', name, message }];
  expect(await deliver({ RequestType: 'Delete', PhysicalResourceId: 'user:pay' })).toMatchObject({ Status: 'SUCCESS' });
  expect(statements()).toEqual(['BeginTransaction']);
});

test('a user that was never created is not dropped: another user of that name can exist', async () => {
  failures = [{ at: 'GRANT', name: 'BadRequestException', message: 'ERROR: relation "x" does not exist' }];
  const failed = await deliver({});
  expect(failed).toMatchObject({ Status: 'FAILED', Reason: 'BadRequestException: ERROR: relation "x" does not exist', PhysicalResourceId: 'not-made' });
  expect(statements()).toEqual(['BeginTransaction', 'ENSURE', 'GRANT', 'RollbackTransaction']);
  sent.length = 0;
  expect(await deliver({ RequestType: 'Delete', PhysicalResourceId: failed.PhysicalResourceId })).toMatchObject({ Status: 'SUCCESS' });
  expect(sent).toEqual([]);
});

test('a failed update returns the same id', async () => {
  failures = [{ at: 'GRANT', name: 'BadRequestException' }];
  expect(await deliver({ RequestType: 'Update', PhysicalResourceId: 'user:pay', OldResourceProperties: PROPERTIES }))
    .toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'user:pay' });
});

test.each([
  ['DatabaseResumingException', undefined],
  ['BadRequestException', 'Communications link failure'],
])('statements are retried while the database is not available: %s', async (name, message) => {
  failures = [{ at: 'BeginTransaction', name, message }, { at: 'BeginTransaction', name, message }];
  expect(await deliver({})).toMatchObject({ Status: 'SUCCESS' });
  expect(statements()).toEqual(['BeginTransaction', 'BeginTransaction', 'BeginTransaction', 'ENSURE', 'GRANT', 'CommitTransaction']);
});

test('a database that stays unavailable fails the request before the function times out', async () => {
  failures = Array.from({ length: 100 }, () => ({ at: 'BeginTransaction', name: 'DatabaseResumingException' }));
  expect(await deliver({}, 60_000)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('DatabaseResumingException') });
  expect(statements().length).toBeLessThanOrEqual(9);
});

test('a response that CloudFormation does not accept is sent again', async () => {
  statuses = [500, 503];
  await deliver({});
  expect(responses).toHaveLength(3);
  statuses = [500, 500, 500];
  await expect(deliver({})).rejects.toThrow('the response URL of CloudFormation returned 500');
});

test('a long reason is shortened to the limit of CloudFormation', async () => {
  failures = [{ at: 'GRANT', name: 'BadRequestException', message: 'x'.repeat(10_000) }];
  expect((await deliver({})).Reason).toHaveLength(1_000);
});
