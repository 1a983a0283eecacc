import { Deployment } from './deployment';
import { propertiesOf } from './properties';
import { DatabasePrivilege, TablePrivilege } from '../../../src/database/database-privilege';

const pause = jest.fn();
jest.mock('node:timers/promises', () => ({
  setTimeout: async (millis: number, value: unknown, options?: object) => {
    pause(millis);
    return jest.requireActual('node:timers/promises').setTimeout(1, value, options);
  },
}));

const { readOnly, readWrite, migrate, usage, on } = DatabasePrivilege;
const MYSQL = propertiesOf('mysql', 'pay', 'app', readOnly());
const MARKED = '{"comment": "cdk-production-lambda DatabaseUser"}';
const SELECT_USER = "SELECT attribute FROM information_schema.user_attributes WHERE user = 'pay' AND host = '%'";
const remove = { RequestType: 'Delete' as const, PhysicalResourceId: 'user:pay', ResourceProperties: MYSQL };
const deployment = Deployment.forTests(() => pause.mockClear());

const [create, grant] = MYSQL.grant;
const drop = "DROP USER IF EXISTS 'pay'@'%'";
const update = (before: object, ResourceProperties = MYSQL) => deployment.deliver({
  RequestType: 'Update', PhysicalResourceId: 'user:pay', OldResourceProperties: before as typeof MYSQL, ResourceProperties,
});

test('a new user is created and granted without a transaction', async () => {
  await deployment.deliver({ ResourceProperties: MYSQL });
  expect(deployment.statements).toEqual([SELECT_USER, create, grant]);
  expect(deployment.sent.map(({ transactionId }) => transactionId)).toEqual([undefined, undefined, undefined]);
});

test.each([['no attributes', undefined], ['another comment', '{"comment": "reports"}']])('a user with %s belongs to someone else: it is rejected and never dropped', async (_, attributes) => {
  deployment.rows = { user_attributes: [attributes] };
  expect(await deployment.deliver({ ResourceProperties: MYSQL })).toMatchObject({
    Status: 'FAILED', PhysicalResourceId: 'not-made', Reason: 'Error: a database user of this name exists and was not created by cdk-production-lambda (pay)',
  });
  expect(await update(MYSQL)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'user:pay' });
  expect(await deployment.deliver({ RequestType: 'Delete', PhysicalResourceId: 'not-made', ResourceProperties: MYSQL })).toMatchObject({ Status: 'SUCCESS' });
  expect(await deployment.deliver({ ...remove, ResourceProperties: MYSQL })).toMatchObject({
    Status: 'FAILED', Reason: 'Error: the database user was not created by cdk-production-lambda and is not dropped (pay)',
  });
  expect(new Set(deployment.statements)).toEqual(new Set([SELECT_USER]));
});

test('half of a user is dropped immediately, or by the deletion', async () => {
  deployment.failures = [{ at: grant, name: 'BadRequestException', message: 'Table app.x does not exist' }];
  expect(await deployment.deliver({ ResourceProperties: MYSQL })).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'not-made' });
  expect(deployment.statements).toEqual([SELECT_USER, create, grant, drop]);
  deployment.sent = [];
  deployment.rows = { user_attributes: [MARKED] };
  expect(await deployment.deliver({ RequestType: 'Delete', PhysicalResourceId: 'not-made', ResourceProperties: MYSQL })).toMatchObject({ Status: 'SUCCESS' });
  expect(deployment.statements).toEqual([SELECT_USER, drop]);
});

test('a user that existed is not dropped if a grant fails', async () => {
  deployment.rows = { user_attributes: [MARKED] };
  deployment.failures = [{ at: grant, name: 'BadRequestException' }];
  expect(await deployment.deliver({ ResourceProperties: MYSQL })).toMatchObject({ Status: 'FAILED' });
  expect(deployment.statements).toEqual([SELECT_USER, create, grant]);
});

test('an update grants the new privileges before it revokes the old ones, and leaves the grants of migrations', async () => {
  deployment.rows = { user_attributes: [MARKED] };
  const old = propertiesOf('mysql', 'pay', 'app', readOnly(), migrate('audit_log'), usage());
  await update(old);
  expect(deployment.statements).toEqual([
    SELECT_USER, create, grant, "REVOKE GRANT OPTION ON `audit\\_log`.* FROM 'pay'@'%'", "REVOKE ALL PRIVILEGES ON `audit\\_log`.* FROM 'pay'@'%'", create, grant,
  ]);
  deployment.sent = [];
  await update(MYSQL);
  expect(deployment.statements).toEqual([SELECT_USER, create, grant]);
});

test('a privilege that no longer exists is revoked', async () => {
  deployment.failures = [{ at: 'REVOKE', name: 'BadRequestException', message: "There is no such grant defined for user 'pay' on host '%'" }];
  expect(await update(propertiesOf('mysql', 'pay', 'app', readWrite()))).toMatchObject({ Status: 'SUCCESS' });
  deployment.failures = [{ at: 'REVOKE', name: 'BadRequestException', message: 'Access denied' }];
  expect(await update(propertiesOf('mysql', 'pay', 'app', readWrite()))).toMatchObject({ Status: 'FAILED' });
});

test('a user of an earlier version is marked, and its grants with wildcards are revoked', async () => {
  const old = propertiesOf('mysql', 'pay', 'shop_db', readWrite(), on('orders', TablePrivilege.SELECT));
  const [wildcard, create2] = ["GRANT SELECT, INSERT, UPDATE, DELETE ON `shop_db`.* TO 'pay'@'%'", old.grant[0].replace(/ \/\*.*/, '')];
  const earlier = { ...old, grant: [create2, wildcard, old.grant[2]], revoke: ["REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'pay'@'%'"] };
  await update(earlier, old);
  const revoked = "REVOKE SELECT, INSERT, UPDATE, DELETE ON `shop_db`.* FROM 'pay'@'%'";
  expect(deployment.statements).toEqual([...old.grant, "ALTER USER 'pay'@'%' COMMENT 'cdk-production-lambda DatabaseUser'", revoked, ...old.grant]);
});

test('a deletion drops a user whose database was dropped', async () => {
  deployment.rows = { user_attributes: [MARKED] };
  deployment.failures = [{ at: SELECT_USER, name: 'BadRequestException', message: "Unknown database 'app'" }];
  expect(await deployment.deliver({ ...remove, ResourceProperties: MYSQL })).toMatchObject({ Status: 'SUCCESS' });
  expect(deployment.sent.filter(({ sql }) => sql === drop).map(({ database }) => database)).toEqual(['mysql']);
});
