import { Client } from 'pg';
import { asMaster, createDatabase, databaseAt, DIRECT, DIRECT_CONNECTIONS, dropDatabase, inTime, POOLED, POOLED_CONNECTIONS } from './server';
import { Ledger } from '../../sample/data/ledger';
import { migrate } from '../../sample/data/migrate';
import { Outbox } from '../../sample/data/outbox';
import { MIGRATIONS } from '../../sample/data/schema';
import type { PostgresDatabase } from 'cdk-production-lambda-runtime/postgres';

const NAME = 'connections';
const USERS = ['pay', 'settle', 'reconcile'];
const ENVIRONMENTS = 200;
const opened: PostgresDatabase[] = [];

/** The number of execution environments that a burst of requests starts. */
function environments(port: number, user = 'pay'): PostgresDatabase[] {
  const databases = Array.from({ length: ENVIRONMENTS }, () => databaseAt(port, user, NAME));
  opened.push(...databases);
  return databases;
}
const orderOf = (key: string) => ({ merchant: 'shop', key, request: { amount: 1250, currency: 'EUR', customer: 'ana' } });
const countOf = async (status: string) => (await asMaster<{ n: number }>(NAME, `SELECT count(*)::int AS n FROM payments WHERE status = '${status}'`))[0].n;
const backends = async () => (await asMaster<{ n: number }>(NAME, "SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'pay'"))[0].n;

beforeAll(async () => {
  await createDatabase(NAME, ...USERS);
  const owner = databaseAt(DIRECT, 'master', NAME);
  await migrate(owner, MIGRATIONS);
  await owner.end();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(database => database.end()));
  await asMaster(NAME, 'DELETE FROM outbox', 'DELETE FROM payments');
});
afterAll(async () => dropDatabase(NAME, ...USERS));

test(`${ENVIRONMENTS} environments exhaust the server if each connects directly`, async () => {
  const entered = await Promise.allSettled(environments(DIRECT).map((database, i) => new Ledger(database).enter(orderOf(`${i}`), inTime())));
  const refused = entered.filter(result => result.status === 'rejected').map(({ reason }) => (reason as { code: string }).code);
  expect(new Set(refused)).toEqual(new Set(['53300'])); // too_many_connections
  expect(refused).toHaveLength(ENVIRONMENTS - DIRECT_CONNECTIONS);
  expect(await countOf('pending')).toBe(DIRECT_CONNECTIONS);
});

test(`${ENVIRONMENTS} environments share a tenth of the connections behind a pooler, and all succeed`, async () => {
  const entered = await Promise.allSettled(environments(POOLED).map((database, i) => new Ledger(database).enter(orderOf(`${i}`), inTime())));
  expect(entered.filter(result => result.status === 'rejected')).toEqual([]);
  expect(await countOf('pending')).toBe(ENVIRONMENTS);
  expect(await backends()).toBeLessThanOrEqual(POOLED_CONNECTIONS);
});

test('the same payments from all environments concurrently are in the ledger once', async () => {
  await Promise.all(environments(POOLED).map((database, i) => new Ledger(database).enter(orderOf(`${i % 10}`), inTime())));
  expect(await countOf('pending')).toBe(10);
});

test('no step of a payment needs session state: each transaction may use another connection', async () => {
  await Promise.all(environments(POOLED).map(async (database, i) => {
    const ledger = new Ledger(database);
    const { id } = await ledger.enter(orderOf(`${i}`), inTime());
    const charge = { chargeId: `ch_${i}`, status: 'succeeded' } as Parameters<Ledger['book']>[1];
    await ledger.book(id, charge, inTime());
    await ledger.book(id, charge, inTime());
    expect(await ledger.find('shop', id, inTime())).toMatchObject({ status: 'charged', chargeId: `ch_${i}` });
  }));
  const [settler] = environments(POOLED, 'settle');
  const ledger = new Ledger(settler);
  const paid = await asMaster<{ id: string; charge_id: string }>(NAME, 'SELECT id, charge_id FROM payments LIMIT 20');
  await Promise.all(paid.map(({ id, charge_id }) => ledger.settle({ payment: id, chargeId: charge_id }, inTime())));
  expect([await countOf('charged'), await countOf('settled')]).toEqual([ENVIRONMENTS - 20, 20]);

  const outbox = new Outbox(settler);
  const events = await outbox.unpublished(0, 1_000, inTime());
  expect(events).toHaveLength(ENVIRONMENTS + 20);
  await outbox.markPublished(events.map(event => event.id), inTime());
  expect(await outbox.unpublished(0, 1_000, inTime())).toEqual([]);
});

test('statements that need session state fail behind this pooler, so the tests above would detect them', async () => {
  const clients = await Promise.all(Array.from({ length: 50 }, async () => {
    const client = new Client({ host: '127.0.0.1', port: POOLED, database: NAME, user: 'pay' });
    await client.connect();
    return client;
  }));
  const named = await Promise.allSettled(clients.map(async (client, i) => {
    for (const amount of [1, 2, 3]) await client.query({ name: `own${i}`, text: 'SELECT count(*) FROM payments WHERE amount = $1', values: [amount] });
  }));
  await Promise.all(clients.map(client => client.end()));
  expect(named.some(result => result.status === 'rejected')).toBe(true);
});

describe('a lost connection', () => {
  const cut = () => asMaster(NAME, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'pay'");

  test.each([['PostgreSQL', DIRECT], ['PgBouncer', POOLED]])('to %s is replaced between two transactions without an error', async (_, port) => {
    const [database] = environments(port);
    const ledger = new Ledger(database);
    await ledger.enter(orderOf('a'), inTime());
    await cut();
    await ledger.enter(orderOf('b'), inTime());
    expect(await countOf('pending')).toBe(2);
  });

  test.each([['PostgreSQL', DIRECT], ['PgBouncer', POOLED]])('to %s in a transaction rolls it back with an error, and the next transaction succeeds', async (_, port) => {
    const [database] = environments(port);
    await expect(database.transaction(async statements => {
      await statements("INSERT INTO payments VALUES ('x', 'shop', 'x', 1, 'EUR', 'ana', 'pending', NULL, now(), now())");
      await cut();
      await statements('SELECT 1');
    })).rejects.toThrow();
    expect(await countOf('pending')).toBe(0);
    await new Ledger(database).enter(orderOf('after'), inTime());
    expect(await countOf('pending')).toBe(1);
  });

  test('is not the answer to a statement that takes too long: it is sent once', async () => {
    const [database] = environments(DIRECT);
    await database.query('SELECT 1');
    await expect(database.query('SELECT pg_sleep(60)', [], inTime())).rejects.toThrow('Query read timeout');
    expect(await asMaster(NAME, "SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'")).toEqual([{ ended: true }]);
    expect(await database.query('SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });
});

test('each user has the privileges that its function needs only', async () => {
  const [[pay], [settle]] = [environments(POOLED), environments(POOLED, 'settle')];
  const refused = { code: '42501' }; // insufficient_privilege
  await expect(pay.query('DELETE FROM payments')).rejects.toMatchObject(refused);
  await expect(pay.query('CREATE TABLE mine (id text)')).rejects.toMatchObject(refused);
  await expect(settle.query("INSERT INTO payments VALUES ('x', 'shop', 'x', 1, 'EUR', 'ana', 'pending', NULL, now(), now())")).rejects.toMatchObject(refused);
});
