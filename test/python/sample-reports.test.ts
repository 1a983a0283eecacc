import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { Client } from 'pg';
import { createApp } from '../../sample/app';
import { STACK } from '../../sample/local/app';
import { Cloud } from '../../sample/local/cloud';
import { type LocalPython, localPython } from '../../sample/local/python';
import { expectNoFindings } from '../../testing/src';

const folder = mkdtempSync(join(tmpdir(), 'payments-reports-test-'));
const before = process.env.PATH;
const today = new Date().toISOString().slice(0, 10);
let python: LocalPython;
let assembly: CloudAssembly;
let cloud: Cloud;

/** The packages are installed by the uv of .ci/python, for the Python of this machine. */
beforeAll(async () => {
  process.env.PATH = `${process.env.PYTHON_TOOLS}:${before}`;
  python = await localPython();
  const app = createApp({ outdir: join(folder, 'cdk.out'), reports: python.platform });
  assembly = app.synth();
  expectNoFindings(app);
  cloud = await Cloud.start({ assembly, stackName: STACK, node: process.execPath, python, maxEnvironments: 2, timeoutMs: 30_000 });
}, 240_000);
afterAll(async () => {
  process.env.PATH = before;
  await cloud?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function take(payment: string, days: number, currency: string, amount: string, status: string): Promise<void> {
  await cloud.ledger.query(
    `INSERT INTO payments (id, merchant, idempotency_key, amount, currency, customer, status, charge_id, taken_at, touched_at)
     VALUES ('${payment}', 'm', '${payment}', ${amount}, '${currency}', 'ada', '${status}', '${payment}', date_trunc('day', now() AT TIME ZONE 'UTC')
       AT TIME ZONE 'UTC' - make_interval(days => ${days}), now())`);
}
const report = (event: object) => cloud.function('Reports').invoke(event);

test('reports the sums of a day by currency and status, from the first moment to the last in UTC', async () => {
  await take('a', 0, 'EUR', '1250', 'charged');
  await take('b', 0, 'EUR', '1', 'charged');
  await take('c', 0, 'JPY', '9007199254740991', 'settled');
  await take('d', 1, 'EUR', '7', 'settled');
  await cloud.ledger.query("UPDATE payments SET taken_at = taken_at + interval '1 day' - interval '1 microsecond' WHERE id = 'b'");
  expect(await report({ day: today })).toEqual({
    kind: 'answer',
    payload: {
      day: today,
      sums: [
        { currency: 'EUR', status: 'charged', payments: 2, amount: 1_251 },
        { currency: 'JPY', status: 'settled', payments: 1, amount: 9_007_199_254_740_991 },
      ],
    },
  });
  expect(await report({ scheduledTime: `${today}T02:00:00Z` })).toMatchObject({ payload: { sums: [{ currency: 'EUR', status: 'settled', payments: 1, amount: 7 }] } });
  expect(await report({ day: '2000-01-01' })).toEqual({ kind: 'answer', payload: { day: '2000-01-01', sums: [] } });
});

test('an event without a day is an error', async () => {
  expect(await report({})).toMatchObject({ kind: 'error', errorType: 'ValueError' });
});

test('the login of the reports reads the payments, and nothing else', async () => {
  const { host, port, database } = cloud.ledger;
  const client = new Client({ host, port, database, user: 'report' });
  await client.connect();
  try {
    await expect(client.query('SELECT count(*) FROM payments')).resolves.toBeDefined();
    for (const statement of ["UPDATE payments SET status = 'pending'", 'DELETE FROM payments', 'SELECT * FROM outbox', 'SELECT * FROM migrations', 'CREATE TABLE t ()']) {
      await expect(client.query(statement)).rejects.toThrow('permission denied');
    }
  } finally {
    await client.end();
  }
});
