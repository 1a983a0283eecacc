import type { AddressInfo } from 'node:net';
import { createServer, type Connection } from 'mysql2';
import { type MysqlDatabase, mysql } from 'cdk-production-lambda-runtime/mysql';

/** A server that speaks the protocol of MySQL. */
const sessions: any[] = [];
const received: string[] = [];
let answer: (session: any, sql: string) => void;
const server = (createServer as any)();
let database: MysqlDatabase;

beforeAll(async () => {
  jest.spyOn(console, 'error').mockImplementation(); // the driver remarks on the packet numbers of its own server
  server.on('connection', (session: any) => {
    sessions.push(session);
    session.on('error', () => undefined);
    session.serverHandshake({
      protocolVersion: 10,
      serverVersion: '8.0.40',
      connectionId: sessions.length,
      statusFlags: 2,
      characterSet: 45,
      capabilityFlags: 0xff_f7_ff,
      authCallback: (_params: unknown, done: (error: null) => void) => done(null),
    });
    session.on('query', (sql: string) => { received.push(sql); answer(session, sql); });
    session.on('quit', () => session.close());
  });
  await new Promise<void>(resolve => server.listen(0, resolve));
  const { port } = server._server.address() as AddressInfo;
  Object.assign(process.env, { MYSQL_HOST: '127.0.0.1', MYSQL_PORT: `${port}`, MYSQL_DATABASE: 'payments', MYSQL_USER: 'pay', MYSQL_SSL_MODE: 'DISABLED' });
  database = mysql();
});
beforeEach(() => {
  received.length = 0;
  answer = session => session.writeOk({ affectedRows: 1, insertId: 7 });
});
afterAll(async () => {
  await database.end();
  await new Promise<void>(resolve => server.close(resolve));
});

const failing = (code: number, sqlState: string) => (session: any) => session.writeError({ code, sqlState, message: 'refused' });

test('values are in the text of the statement: nothing is prepared, which would pin the connection of RDS Proxy', async () => {
  const [result] = await database.query<{ affectedRows: number; insertId: number }>('INSERT INTO payments VALUES (?, ?)', ["it's", 5]);
  expect([result.affectedRows, result.insertId, received]).toEqual([1, 7, ["INSERT INTO payments VALUES ('it\\'s', 5)"]]);
});

test('a transaction is begun and committed by text', async () => {
  await database.transaction(async query => query('UPDATE payments SET a = 1'));
  expect(received).toEqual(['BEGIN', 'UPDATE payments SET a = 1', 'COMMIT']);
});

test('an idle connection that the server ends is opened again, and the process lives', async () => {
  await database.query('SELECT 1');
  const count = sessions.length;
  (sessions.at(-1) as Connection & { stream: { destroy(): void } }).stream.destroy();
  await new Promise(resolve => setTimeout(resolve, 50));
  await database.query('SELECT 2');
  expect([sessions.length - count, received]).toEqual([1, ['SELECT 1', 'SELECT 2']]);
});

test.each<[string, (session: any) => void, number]>([
  ['an error of a statement keeps the connection', failing(1062, '23000'), 0],
  // The statement is repeated once, on a new connection.
  ['a server that is not the writer any more loses it', failing(1290, 'HY000'), 2],
  ['a server that is read-only loses it', failing(1836, 'HY000'), 2],
  ['a transaction that can only read loses it', failing(1792, '25006'), 2],
  ['a server that shuts down loses it', failing(1053, '08S01'), 2],
  ['a server that is not available loses it', failing(3168, 'HY000'), 2],
  ['a killed connection loses it', failing(1927, '70100'), 2],
  ['a killed session loses it', failing(3169, 'HY000'), 2],
  ['a session that was idle for too long loses it', failing(4031, 'HY000'), 2],
  ['a proxy that lost the server loses it', failing(2013, 'HY000'), 2],
  ['a lock wait timeout keeps the connection', failing(1205, 'HY000'), 0],
  ['an interrupted statement keeps the connection', failing(1317, '70100'), 0],
  ['a statement that took too long keeps the connection', failing(3024, 'HY000'), 0],
])('%s', async (_, wrong, opened) => {
  await database.query('SELECT 1');
  const count = sessions.length;
  answer = wrong;
  await expect(database.query('UPDATE payments SET a = 1')).rejects.toThrow('refused');
  answer = session => session.writeOk({ affectedRows: 1 });
  await database.query('SELECT 2');
  expect(sessions.length - count).toBe(opened);
});

test.each([[1213, '40001', 'a deadlock'], [1206, 'HY000', 'a full table of locks']])('after error %s (%s), %s, nothing is executed outside of the transaction', async (code, sqlState) => {
  answer = (session, sql) => sql.startsWith('UPDATE') ? failing(code, sqlState)(session) : session.writeOk({ affectedRows: 1 });
  await expect(database.transaction(async query => {
    await query('UPDATE payments SET a = 1').catch(() => undefined);
    await query('INSERT INTO log VALUES (1)').catch(() => undefined);
  })).rejects.toThrow('the transaction was rolled back by the server');
  expect(received).toEqual(['BEGIN', 'UPDATE payments SET a = 1', 'ROLLBACK']);
});

test('the error after the whole time of a statement is known: the statement is not repeated', async () => {
  answer = () => undefined;
  const { connect, send, isTimeout } = database as any;
  const connection = await connect.call(database, 5_000, () => undefined);
  const error = await send.call(database, connection, 'SELECT 1', [], 20).catch((thrown: Error) => thrown);
  connection.destroy();
  expect([isTimeout(error), isTimeout(new Error('lost'))]).toEqual([true, false]);
});

test('a transaction continues after an error that rolls back the statement only', async () => {
  answer = (session, sql) => sql.startsWith('UPDATE') ? failing(1205, 'HY000')(session) : session.writeOk({ affectedRows: 1 });
  await database.transaction(async query => {
    await query('UPDATE payments SET a = 1').catch(() => undefined);
    await query('INSERT INTO log VALUES (1)');
  });
  expect(received.slice(-2)).toEqual(['INSERT INTO log VALUES (1)', 'COMMIT']);
});
