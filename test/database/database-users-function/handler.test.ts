import { Deployment } from './deployment';
import { propertiesOf } from './properties';
import { DatabasePrivilege, TablePrivilege } from '../../../src/database/database-privilege';
import type { UserEvent } from '../../../src/database/database-users-function/user-event';
import { userStatements } from '../../../src/database/user-statements';

const pause = jest.fn();
jest.mock('node:timers/promises', () => ({
  setTimeout: async (millis: number, value: unknown, options?: object) => {
    pause(millis);
    return jest.requireActual('node:timers/promises').setTimeout(1, value, options);
  },
}));

const { readOnly, readWrite, on } = DatabasePrivilege;
const PG = propertiesOf('postgresql', 'pay', 'app', readOnly());
const MYSQL = propertiesOf('mysql', 'pay', 'app', readOnly());
const inTransaction = (...list: string[]) => ['BeginTransaction', ...list, 'CommitTransaction'];
const always = (at: string, name: string, message?: string) => Array.from({ length: 1_000_000 }, () => ({ at, name, message }));
const remove = { RequestType: 'Delete' as const, PhysicalResourceId: 'user:pay', ResourceProperties: PG };
const deployment = Deployment.forTests(() => pause.mockClear());

describe('in PostgreSQL', () => {
  const { drop } = userStatements('postgresql', 'pay', 'app');

  test('a new user is created and granted in one transaction, and CloudFormation gets a response', async () => {
    expect(await deployment.deliver({ ResourceProperties: PG })).toEqual({
      method: 'PUT', type: '', Status: 'SUCCESS', PhysicalResourceId: 'user:pay', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'User',
    });
    expect(deployment.statements).toEqual(inTransaction(...PG.grant));
    expect(deployment.sent.slice(1).every(({ transactionId }) => transactionId === 't1')).toBe(true);
  });

  test('an update revokes the old privileges, if they are not the new ones', async () => {
    const old = propertiesOf('postgresql', 'pay', 'app', readWrite(), on('orders', TablePrivilege.SELECT));
    const response = await deployment.deliver({ RequestType: 'Update', PhysicalResourceId: 'user:pay', OldResourceProperties: old, ResourceProperties: PG });
    expect(deployment.statements).toEqual(inTransaction(...old.revoke, ...PG.grant));
    expect(response.PhysicalResourceId).toBe('user:pay');
    deployment.sent = [];
    await deployment.deliver({ RequestType: 'Update', PhysicalResourceId: 'user:pay', OldResourceProperties: PG, ResourceProperties: PG });
    expect(deployment.statements).toEqual(inTransaction(...PG.grant));
  });

  test('an update to another database revokes the privileges in the old one', async () => {
    const old = propertiesOf('postgresql', 'pay', 'old', readWrite());
    await deployment.deliver({ RequestType: 'Update', PhysicalResourceId: 'user:pay', OldResourceProperties: old, ResourceProperties: PG });
    expect(deployment.statements).toEqual([...inTransaction(...old.revoke, expect.stringContaining('REVOKE CONNECT ON DATABASE "old" FROM "pay"')), ...inTransaction(...PG.grant)]);
    expect(deployment.sent.filter(({ sql }) => old.revoke.includes(sql)).map(({ database }) => database)).toEqual(old.revoke.map(() => 'old'));
    deployment.sent = [];
    deployment.failures = [{ at: 'BeginTransaction', name: 'BadRequestException', message: 'FATAL: database "old" does not exist' }];
    expect(await deployment.deliver({ RequestType: 'Update', PhysicalResourceId: 'user:pay', OldResourceProperties: old, ResourceProperties: PG })).toMatchObject({ Status: 'SUCCESS' });
    expect(deployment.statements).toEqual(['BeginTransaction', ...inTransaction(...PG.grant)]);
  });

  test.each([
    ['name', propertiesOf('postgresql', 'old', 'app', readOnly())],
    ['cluster', { ...PG, clusterArn: 'arn:aws:rds:eu-west-1:111122223333:cluster:old' }],
  ])('an update to another %s creates a new user', async (_, OldResourceProperties) => {
    const response = await deployment.deliver({ RequestType: 'Update', PhysicalResourceId: `user:${OldResourceProperties.name}`, OldResourceProperties, ResourceProperties: PG });
    expect(deployment.statements).toEqual(inTransaction(...PG.grant));
    expect(response.PhysicalResourceId).toBe('user:pay');
  });

  test('a deletion drops the user, after it was released in other databases', async () => {
    deployment.rows = { 'SELECT DISTINCT CAST(datname AS text)': ['reports'] };
    expect(await deployment.deliver(remove)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'user:pay' });
    const [query, release] = [expect.stringContaining('SELECT DISTINCT CAST(datname AS text)'), expect.stringContaining('REASSIGN OWNED BY "pay"')];
    expect(deployment.statements).toEqual([...inTransaction(query), ...inTransaction(release), ...inTransaction(...drop)]);
    expect(deployment.sent.filter(({ sql }) => sql.startsWith('DO')).map(({ database }) => database)).toEqual(['reports', 'app']);
  });

  test('a deletion drops a user whose database was dropped', async () => {
    deployment.failures = [{ at: 'BeginTransaction', name: 'BadRequestException', message: 'FATAL: database "app" does not exist' }];
    expect(await deployment.deliver(remove)).toMatchObject({ Status: 'SUCCESS' });
    expect(deployment.sent.filter(({ sql }) => drop.includes(sql)).map(({ database }) => database)).toEqual(['postgres']);
  });

  test('a deletion of a user that could not be created succeeds if another user has the name, which remains', async () => {
    const message = 'the database user was not created by cdk-production-lambda and is not dropped (pay)';
    deployment.failures = [{ at: drop[0], name: 'BadRequestException', message }];
    expect(await deployment.deliver({ ...remove, PhysicalResourceId: 'not-made' })).toMatchObject({ Status: 'SUCCESS' });
    deployment.failures = [{ at: drop[0], name: 'BadRequestException', message }];
    expect(await deployment.deliver(remove)).toMatchObject({ Status: 'FAILED', Reason: `BadRequestException: ${message}` });
  });

  test('a user of an earlier version, without a marker, is marked, and its old statements run in the form of this version', async () => {
    const spelled = (statement: string) => statement
      .replace("hashtext('cdk-production-lambda DatabaseUser')", "hashtext('cdk-production-lambda:DatabaseUser')")
      .replace(/CAST\(('.*?') AS regnamespace\)/g, '$1::regnamespace');
    const [table, old] = ['"public"."orders"', propertiesOf('postgresql', 'pay', 'app', readWrite(), on('orders', TablePrivilege.SELECT))];
    const earlier = {
      ...old,
      grant: ['GRANT rds_iam TO "pay"', 'GRANT USAGE ON SCHEMA "public" TO "pay"'],
      revoke: old.revoke.map(statement => spelled(statement).replace(/DECLARE owner .*END IF; END;/, `REVOKE SELECT ON TABLE ${table} FROM "pay";`)),
    };
    expect(earlier.revoke.filter(statement => old.revoke.includes(statement))).toEqual([]);
    await deployment.deliver({ RequestType: 'Update', PhysicalResourceId: 'user:pay', OldResourceProperties: earlier, ResourceProperties: propertiesOf('postgresql', 'pay', 'app') });
    expect(deployment.statements).toEqual(inTransaction(...userStatements('postgresql', 'pay', 'app').mark, ...old.revoke, ...userStatements('postgresql', 'pay', 'app').ensure));
  });
});

describe('only statements of this library run', () => {
  const rejected = async (ResourceProperties: unknown, type: UserEvent['RequestType'] = 'Create') => {
    const response = await deployment.deliver({ RequestType: type, PhysicalResourceId: 'user:pay', OldResourceProperties: PG, ResourceProperties: ResourceProperties as typeof PG });
    expect(deployment.sent).toEqual([]);
    return response;
  };

  test.each<[string, unknown]>([
    ['another statement', { ...PG, grant: [...PG.grant, 'DROP TABLE orders'] }],
    ['a statement of another user', { ...PG, grant: [...PG.grant, 'GRANT rds_iam TO "other"'] }],
    ['the statements of another database', { ...MYSQL, transaction: 'true' }],
    ['a list that is a text', { ...PG, grant: PG.grant[0] }],
    ['no list', { ...PG, grant: undefined }],
    ['no properties', undefined],
    ['the master user of PostgreSQL', { ...PG, name: 'postgres' }],
    ['a name with a quote', { ...PG, name: 'pay"; DROP ROLE other; --' }],
    ['no name', { ...PG, name: undefined }],
    ['no database', { ...PG, database: undefined }],
    ['an unknown kind', { ...PG, transaction: 'maybe' }],
  ])('not %s', async (_, properties) => {
    expect(await rejected(properties)).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^Error: '(grant|ResourceProperties)' must /) });
  });

  test('a deletion runs the statement of this library, not that of the event', async () => {
    expect(await deployment.deliver({ ...remove, ResourceProperties: { ...PG, drop: ['DROP DATABASE app'] } })).toMatchObject({ Status: 'SUCCESS' });
    expect(deployment.statements).not.toContain('DROP DATABASE app');
    expect(deployment.statements).toEqual(expect.arrayContaining(PG.drop));
  });

  test('an unknown statement of the properties before an update does not run', async () => {
    const old = { ...propertiesOf('postgresql', 'pay', 'app', readWrite()), revoke: ['DROP TABLE orders'] };
    expect(await deployment.deliver({ RequestType: 'Update', PhysicalResourceId: 'user:pay', OldResourceProperties: old, ResourceProperties: PG })).toMatchObject({ Status: 'SUCCESS' });
    expect(deployment.statements).toEqual(inTransaction(...PG.grant));
    expect(console.log).toHaveBeenCalledWith(expect.stringContaining('a privilege was not revoked: its statement is unknown'));
  });

  test('an unknown request fails', async () => {
    expect(await deployment.deliver({ RequestType: 'Nonsense' as 'Create' })).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining("'RequestType' must be Create, Update or Delete, got Nonsense") });
    expect(deployment.sent).toEqual([]);
  });
});

describe('a deletion', () => {
  test('succeeds if the cluster has no instances', async () => {
    deployment.failures = [{ at: 'BeginTransaction', name: 'DatabaseNotFoundException' }];
    expect(await deployment.deliver(remove)).toMatchObject({ Status: 'SUCCESS' });
    expect(deployment.statements).toEqual(['BeginTransaction']);
  });

  test.each([
    ['SecretsErrorException', 'RDS Data API timed out retrieving the secret'],
    ['BadRequestException', 'HttpEndpoint is not enabled for cluster c'],
    ['HttpEndpointNotEnabledException', undefined],
    ['AccessDeniedException', 'User is not authorized to access the secret; secret not found'],
    ['NotFoundException', 'The resourceArn, secretArn, or transactionId value cannot be found'],
    ['BadRequestException', 'ERROR: role "pay" cannot be dropped because some objects depend on it'],
  ])('fails if the user can still exist: %s: %s', async (name, message) => {
    deployment.failures = [{ at: 'BeginTransaction', name, message }];
    expect(await deployment.deliver(remove)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'user:pay', Reason: `${name}: ${message ?? name}` });
  });

  test('without an id is one of a user that was not created', async () => {
    expect(await deployment.deliver({ ...remove, PhysicalResourceId: undefined })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'not-made' });
  });
});

test('a failed creation and a failed update', async () => {
  deployment.failures = [{ at: 'GRANT USAGE', name: 'BadRequestException', message: 'ERROR: schema "public" does not exist' }];
  expect(await deployment.deliver({ ResourceProperties: PG })).toMatchObject({ Status: 'FAILED', Reason: 'BadRequestException: ERROR: schema "public" does not exist', PhysicalResourceId: 'not-made' });
  expect(deployment.statements.slice(-2)).toEqual(['GRANT USAGE ON SCHEMA "public" TO "pay"', 'RollbackTransaction']);
  deployment.failures = [{ at: 'GRANT USAGE', name: 'BadRequestException' }];
  expect(await deployment.deliver({ RequestType: 'Update', PhysicalResourceId: 'user:pay', OldResourceProperties: PG, ResourceProperties: PG }))
    .toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'user:pay' });
});

describe('temporary errors', () => {
  test.each([
    ['DatabaseResumingException', undefined, undefined], ['BadRequestException', 'Communications link failure', undefined], ['ThrottlingException', 'slow down', undefined],
    ['StatementTimeoutException', undefined, undefined], ['Error', 'read ECONNRESET', 'ECONNRESET'], ['Error', 'socket hang up', undefined], ['TimeoutError', undefined, undefined],
    ['DatabaseErrorException', 'ERROR: deadlock detected', undefined],
  ])('run the statements again: %s %s', async (name, message, code) => {
    deployment.failures = [{ at: 'BeginTransaction', name, message, code }, { at: 'BeginTransaction', name, message, code }];
    expect(await deployment.deliver({ ResourceProperties: PG })).toMatchObject({ Status: 'SUCCESS' });
    expect(deployment.statements).toEqual(['BeginTransaction', 'BeginTransaction', ...inTransaction(...PG.grant)]);
    expect(pause.mock.calls).toEqual([[5_000], [5_000]]);
  });

  test.each([['Error', 'socket hang up'], ['BadRequestException', 'Transaction abc is not found']])('also after a commit whose answer was lost: %s %s', async (name, message) => {
    deployment.failures = [{ at: 'CommitTransaction', name, message }];
    expect(await deployment.deliver({ ResourceProperties: PG })).toMatchObject({ Status: 'SUCCESS' });
    expect(deployment.statements).toEqual([...inTransaction(...PG.grant), 'RollbackTransaction', ...inTransaction(...PG.grant)]);
  });

  test('that do not end fail the request before the function times out', async () => {
    deployment.failures = always('BeginTransaction', 'DatabaseResumingException', 'resuming');
    expect(await deployment.deliver({ ResourceProperties: PG }, 1_000)).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/the database did not finish the statements within \d+ seconds?/) });
  });
});

describe('the response', () => {
  test('that CloudFormation does not accept is deployment.sent again', async () => {
    deployment.statuses = [500, 403, 503, 500, 500];
    await deployment.deliver({ ResourceProperties: PG });
    expect(deployment.responses).toHaveLength(6);
    deployment.statuses = [500, 500, 500, 500, 500, 500];
    await expect(deployment.deliver({ ResourceProperties: PG })).rejects.toThrow('the response URL of CloudFormation returned 500');
    expect(pause.mock.calls.slice(-5)).toEqual([[250], [500], [1_000], [2_000], [4_000]]);
  });

  test('is deployment.sent again if CloudFormation does not answer for three seconds', async () => {
    deployment.statuses = [0];
    const began = Date.now();
    await deployment.deliver({ ResourceProperties: PG });
    expect(deployment.responses).toHaveLength(2);
    expect(Date.now() - began).toBeGreaterThan(2_900);
  });

  test.each([['x', 3_000], ['😀', 700], ['\u0001', 500]])('has a reason of many %j that is shortened to the limit of CloudFormation', async (character, characters) => {
    deployment.failures = [{ at: 'GRANT USAGE', name: 'BadRequestException', message: character.repeat(10_000) }];
    const { Reason } = await deployment.deliver({ ResourceProperties: PG });
    expect(Buffer.byteLength(deployment.bodies[0])).toBeLessThanOrEqual(4_096);
    expect(Reason.length).toBeGreaterThan(characters);
    expect(Reason).toMatch(/^BadRequestException: [^\ud800-\udfff]*$/u);
  });
});
