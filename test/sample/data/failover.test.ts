import { Client } from 'pg';
import { Ledger } from '../../../sample/data/ledger';
import { migrate } from '../../../sample/data/migrate';
import { MIGRATIONS } from '../../../sample/data/schema';
import { Postgres } from '../../../testing/src';
import { contextWith } from '../../support/environments';
import { Deadline } from 'cdk-production-lambda-runtime';
import { PostgresDatabase } from 'cdk-production-lambda-runtime/postgres';

/** A failover as the kept connection of an environment meets it, which was perhaps frozen meanwhile: on a whole PostgreSQL, with sessions. */
let postgres: Postgres;
let operator: Client;
let database: PostgresDatabase;
let ledger: Ledger;

beforeAll(async () => {
  postgres = await Postgres.start('ledger', ['pay', 'settle', 'reconcile']);
  operator = new Client({ host: postgres.host, port: postgres.port, user: 'postgres', database: 'postgres' });
  await operator.connect();
  database = connected();
  await migrate(database, MIGRATIONS);
  ledger = new Ledger(database);
}, 60_000);
afterAll(async () => {
  await database.end();
  await operator.end();
  await postgres.stop();
});

const connected = () => new PostgresDatabase({ host: postgres.host, port: postgres.port, user: 'postgres', database: 'ledger', password: '', tls: false });
const soon = () => Deadline.of(contextWith(10_000));
const enter = (key: string) => ledger.enter({ merchant: 'm', key, request: { amount: 1, currency: 'EUR', customer: 'c' } }, soon());
const amounts = () => database.query<{ amount: string }>('SELECT DISTINCT amount FROM payments', [], soon());
const endSessions = () => operator.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'ledger'");

test('sessions that ended between two invocations are opened again', async () => {
  await enter('a');
  await endSessions();
  expect(await enter('a')).toMatchObject({ status: 'pending', isRepeated: true });
});

test.each(['at a statement', 'at the commit'])('a session that ended in a transaction, %s, ends the transaction, and the next one succeeds', async when => {
  await enter('b');
  const half = database.transaction(async statements => {
    await statements('UPDATE payments SET amount = 77');
    await endSessions();
    await new Promise(resolve => setTimeout(resolve, 100));
    if (when === 'at a statement') await statements('SELECT 1');
  }, soon());
  await expect(half).rejects.toThrow();
  expect(await amounts()).toEqual([{ amount: '1' }]);
  expect(await enter('c')).toMatchObject({ status: 'pending' });
});

test('a session of a server that became a reader is given up after the first statement that needs a writer', async () => {
  await database.query('SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY'); // as a reader's default_transaction_read_only does
  await expect(enter('d')).rejects.toMatchObject({ code: '25006' });
  expect(await enter('d')).toMatchObject({ status: 'pending' });
});

test('an error of a statement keeps the session', async () => {
  const pid = async () => (await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0].pid;
  const before = await pid();
  await expect(database.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
  expect(await pid()).toBe(before);
});
