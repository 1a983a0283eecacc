import { Database, type StatementResult } from '../../runtime/src/database';
import { contextWith } from '../support/environments';
import { Deadline, OutOfTimeError } from 'cdk-production-lambda-runtime';

interface Connection { readonly id: number; isOpen: boolean; readonly sent: string[] }

/** A database whose connections tests can lose. */
class FakeDatabase extends Database<Connection> {
  public readonly connections: Connection[] = [];
  public readonly timeouts: number[] = [];
  public onLost!: (connection: Connection) => void;
  public answer: (text: string) => StatementResult | Error = () => ({ rows: [{ ok: true }] });

  protected async connect(timeoutMillis: number, onLost: (connection: Connection) => void): Promise<Connection> {
    this.onLost = onLost;
    this.timeouts.push(timeoutMillis);
    const connection = { id: this.connections.length, isOpen: true, sent: [] };
    this.connections.push(connection);
    return connection;
  }

  protected async send(connection: Connection, text: string, _values: readonly unknown[], timeoutMillis: number): Promise<StatementResult> {
    await Promise.resolve();
    if (!connection.isOpen) throw new Error('lost');
    connection.sent.push(text);
    this.timeouts.push(timeoutMillis);
    const answer = this.answer(text);
    if (answer instanceof Error) throw answer;
    return answer;
  }

  protected async disconnect(connection: Connection): Promise<void> {
    connection.isOpen = false;
  }

  protected isLost(error: unknown): boolean {
    return /^(lost|time is over)$/.test((error as Error).message);
  }

  protected override isTimeout(error: unknown): boolean {
    return (error as Error).message === 'time is over';
  }
}

let database: FakeDatabase;
beforeEach(() => { database = new FakeDatabase(); });
const sent = () => database.connections.map(connection => connection.sent);

test('the connection is opened on first use and reused', async () => {
  expect(sent()).toEqual([]);
  expect(await database.query('a')).toEqual([{ ok: true }]);
  await database.query('b');
  expect(sent()).toEqual([['a', 'b']]);
});

test('a connection that was lost between two invocations is opened again, and the statement repeated', async () => {
  await database.query('a');
  database.connections[0].isOpen = false;
  expect(await database.query('b')).toEqual([{ ok: true }]);
  expect(sent()).toEqual([['a'], ['b']]);
});

test('so is one whose loss the driver reported while it was idle', async () => {
  await database.query('a');
  database.onLost(database.connections[0]);
  await database.query('b');
  expect([sent(), database.connections[0].isOpen]).toEqual([[['a'], ['b']], false]);
});

test('a statement whose time is over is not repeated, because the server may still execute it', async () => {
  await database.query('a');
  database.answer = text => text === 'b' ? new Error('time is over') : { rows: [] };
  await expect(database.query('b')).rejects.toThrow('time is over');
  await database.query('c');
  expect(sent()).toEqual([['a', 'b'], ['c']]);
});

test('but the beginning of a transaction is: a connection that was cut without a word does not answer', async () => {
  await database.query('a');
  database.answer = text => text === 'BEGIN' && database.connections.length === 1 ? new Error('time is over') : { rows: [] };
  await database.transaction(async query => query('b'));
  expect(sent()).toEqual([['a', 'BEGIN'], ['BEGIN', 'b', 'COMMIT']]);
});

test('a statement after its transaction is rejected, and not executed in the next one', async () => {
  let late!: (text: string) => Promise<unknown>;
  const unawaited: Promise<unknown>[] = [];
  await database.transaction(async query => {
    late = query;
    await query('a');
    unawaited.push(new Promise(resolve => setTimeout(resolve, 5)).then(() => query('b')).catch((error: Error) => error.message));
  });
  const ended = 'the transaction has ended; await its statements in its work';
  await database.transaction(async () => expect(late('c')).rejects.toThrow(ended));
  expect([await Promise.all(unawaited), sent()]).toEqual([[ended], [['BEGIN', 'a', 'COMMIT', 'BEGIN', 'COMMIT']]]);
});

test('an error of a statement keeps the connection, and the statement is not repeated', async () => {
  await database.query('a');
  database.answer = () => new Error('syntax');
  await expect(database.query('b')).rejects.toThrow('syntax');
  expect(sent()).toEqual([['a', 'b']]);
});

test('a transaction commits, one at a time', async () => {
  const done = await Promise.all(['a', 'b'].map(text => database.transaction(async query => (await query(text)).length)));
  expect([done, sent()]).toEqual([[1, 1], [['BEGIN', 'a', 'COMMIT', 'BEGIN', 'b', 'COMMIT']]]);
});

test('a transaction whose work throws is rolled back, and the next one succeeds', async () => {
  await expect(database.transaction(async query => { await query('a'); throw new TypeError('no'); })).rejects.toThrow(TypeError);
  await database.transaction(async query => query('b'));
  expect(sent()).toEqual([['BEGIN', 'a', 'ROLLBACK', 'BEGIN', 'b', 'COMMIT']]);
});

test('a transaction that loses its connection does not go on with another one', async () => {
  await expect(database.transaction(async query => {
    await query('a');
    database.connections[0].isOpen = false;
    await query('b').catch(() => undefined);
    await query('c');
  })).rejects.toThrow('the connection was lost');
  expect(sent()).toEqual([['BEGIN', 'a']]);
});

test('a transaction that the server rolled back at its commit is an error', async () => {
  database.answer = text => ({ rows: [], command: text === 'COMMIT' ? 'ROLLBACK' : text });
  await expect(database.transaction(async () => 1)).rejects.toThrow('the transaction had failed and was rolled back');
});

test('a statement of the database in the work of a transaction is rejected, and does not wait for itself', async () => {
  const nested = database.transaction(async query => {
    await query('a');
    await database.query('b');
  });
  await expect(nested).rejects.toThrow("statements of a transaction must use the 'query' that its work receives, got one of the database");
  await expect(database.transaction(() => database.transaction(async () => 1))).rejects.toThrow('statements of a transaction');
  expect(sent()).toEqual([['BEGIN', 'a', 'ROLLBACK', 'BEGIN', 'ROLLBACK']]);
});

test('another database can be used in the work of a transaction, and the same one by what runs after it', async () => {
  const other = new FakeDatabase();
  let later = Promise.resolve<unknown>(undefined);
  await database.transaction(async () => {
    await other.query('a');
    later = new Promise(resolve => setTimeout(resolve, 10)).then(() => database.query('b'));
  });
  await later;
  expect([sent(), other.connections[0].sent]).toEqual([[['BEGIN', 'COMMIT', 'b']], ['a']]);
});

test('a statement and a connection end at the deadline, and none begins after it', async () => {
  await database.query('a', [], Deadline.of(contextWith(1_200)));
  expect(Math.max(...database.timeouts)).toBeLessThanOrEqual(200);
  await expect(database.query('b', [], Deadline.of(contextWith(900)))).rejects.toThrow(OutOfTimeError);
  await expect(new FakeDatabase().query('b', [], Deadline.of(contextWith(900)))).rejects.toThrow(new OutOfTimeError('a connection needs 1 ms, 0 ms are left'));
});

test('a closed database opens a new connection when it is needed', async () => {
  await database.query('a');
  await database.end();
  await database.end();
  expect(database.connections.map(({ isOpen }) => isOpen)).toEqual([false]);
  await database.query('b');
  expect(sent()).toEqual([['a'], ['b']]);
});
