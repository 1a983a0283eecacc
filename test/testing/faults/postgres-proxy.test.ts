import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { Postgres } from '../../../testing/src/engines/postgres';
import type { Fault, Message } from '../../../testing/src/faults/fault';
import { nameOf, PostgresProxy } from '../../../testing/src/faults/postgres-proxy';

let postgres: Postgres;
let proxy: PostgresProxy;
let port: number;
let seen: Message[] = [];
let faults: (message: Message) => Fault | undefined = () => undefined;
const kill = jest.fn(() => proxy.close());
const freeze = jest.fn();

beforeAll(async () => {
  postgres = await Postgres.start('ledger', ['pay']);
  const owner = await connect(postgres.port);
  await owner.query('CREATE TABLE t (n int)');
  await owner.end();
});
beforeEach(async () => {
  seen = [];
  faults = () => undefined;
  kill.mockClear();
  proxy = new PostgresProxy({ host: postgres.host, port: postgres.port, kill, freeze, faults: message => (seen.push(message), faults(message)) });
  port = await proxy.listen();
});
afterEach(() => proxy.close());
afterAll(() => postgres.stop());

async function connect(at: number): Promise<Client> {
  const client = new Client({ host: '127.0.0.1', port: at, user: 'postgres', database: 'ledger' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function rows(): Promise<number> {
  const client = await connect(postgres.port);
  try {
    return Number((await client.query('SELECT count(*) FROM t')).rows[0].count);
  } finally {
    await client.end();
  }
}

test('statements pass, each seen once, with and without parameters', async () => {
  const client = await connect(port);
  await client.query('BEGIN');
  await client.query('INSERT INTO t (n) VALUES ($1)', [1]);
  expect((await client.query('SELECT n FROM t WHERE n = $1', [1])).rows).toEqual([{ n: 1 }]);
  await client.query('ROLLBACK');
  await client.end();
  expect(seen.map(({ what }) => what)).toEqual(['connect', 'BEGIN', 'INSERT t', 'SELECT t', 'ROLLBACK']);
});

test.each<[Fault, number, number]>([
  [{ kind: 'kill', when: 'before' }, 0, 1],
  [{ kind: 'kill', when: 'after' }, 1, 1],
  [{ kind: 'cut', when: 'before' }, 0, 0],
  [{ kind: 'cut', when: 'after' }, 1, 0],
  [{ kind: 'reject', when: 'before' }, 0, 0],
])('a commit that meets %j leaves %i row', async (mishap, added, kills) => {
  const before = await rows();
  const client = await connect(port);
  faults = ({ what }) => what === 'COMMIT' ? mishap : undefined;
  await client.query('BEGIN');
  await client.query('INSERT INTO t (n) VALUES ($1)', [2]);
  await expect(client.query('COMMIT')).rejects.toThrow();
  expect(kill).toHaveBeenCalledTimes(kills);
  expect(await rows()).toBe(before + added);
});

test('a connection that leads to a reader can read and not write, and the next one can', async () => {
  faults = ({ what }) => what === 'connect' ? { kind: 'demote', when: 'before' } : undefined;
  const reader = await connect(port);
  expect((await reader.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await expect(reader.query('INSERT INTO t (n) VALUES ($1)', [3])).rejects.toMatchObject({ code: '25006' });
  await reader.end();
  faults = () => undefined;
  const writer = await connect(port);
  await writer.query('INSERT INTO t (n) VALUES ($1)', [3]);
  await writer.end();
});

test('a statement at which the environment is frozen takes its way', async () => {
  const client = await connect(port);
  faults = () => ({ kind: 'freeze', when: 'after' });
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  expect(freeze).toHaveBeenCalledTimes(1);
  await client.end();
});

test.each([
  ['UPDATE payments SET a = 1', 'UPDATE payments'], ['insert into "outbox" (id) values (1)', 'INSERT outbox'],
  ['SELECT a FROM x.payments', 'SELECT x.payments'], ['BEGIN', 'BEGIN'], ['', ''],
])('%p is %p', (statement, name) => {
  expect(nameOf(statement)).toBe(name);
});

test('the server and its files are gone when whoever started it is killed', async () => {
  const script = "require('./testing/src/engines/postgres').Postgres.start('x', []).then(p => console.log(p.folder))";
  const child = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', '-e', script], {
    cwd: join(__dirname, '..', '..', '..'), env: { ...process.env, TS_NODE_PROJECT: 'tsconfig.dev.json' }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  const folder = await new Promise<string>(resolve => child.stdout.once('data', chunk => resolve(String(chunk).trim())));
  expect(existsSync(folder)).toBe(true);
  child.kill('SIGKILL');
  for (let i = 0; existsSync(folder) && i < 200; i++) await new Promise(resolve => setTimeout(resolve, 50));
  expect(existsSync(folder)).toBe(false);
});
