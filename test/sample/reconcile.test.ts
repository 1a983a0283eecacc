import { Platform, REQUEST, send } from './platform';
import { faultAt } from '../../testing/src';
import { contextWith, type Handler, newEnvironment } from '../support/environments';

const platform = new Platform();
const { postgres, provider, services } = platform;
let pay: Handler<unknown, any>;
let reconcile: Handler<unknown, any>;
let keys = 0;
let key: string;

beforeAll(async () => {
  await platform.start('Pay');
  pay = newEnvironment(() => jest.requireActual('../../sample/handlers/pay'));
  reconcile = newEnvironment(() => jest.requireActual('../../sample/handlers/reconcile'));
});
afterAll(() => platform.stop());
beforeEach(async () => {
  key = `key-${++keys}`;
  platform.reset();
  for (const table of ['outbox', 'payments']) await postgres.rows(`DELETE FROM ${table}`);
});

const post = () => send(pay, { method: 'POST', path: '/payments', body: JSON.stringify(REQUEST), headers: { 'idempotency-key': key } });
const run = (remaining = 10_000) => reconcile({}, contextWith(remaining));
const status = async () => (await postgres.rows<{ status: string }>('SELECT status FROM payments WHERE idempotency_key = $1', [key]))[0]?.status;
const NOTHING = { booked: 0, abandoned: 0, waiting: 0, published: 0, failed: 0 };

/** A payment that was charged and never booked. */
async function chargedOnly(): Promise<void> {
  provider.failNext({ kind: 'cut', when: 'after' });
  expect((await post()).status).toBe(502);
}

/** A payment that was entered and never charged. */
async function waiting(i: number): Promise<void> {
  await postgres.rows(`INSERT INTO payments (id, merchant, idempotency_key, amount, currency, customer, status, taken_at, touched_at)
    VALUES ($1, 'm', $1, 1, 'EUR', 'ada', 'pending', now(), now())`, [i.toString(16).padStart(32, '0')]);
}

test('leaves alone what may still be at work', async () => {
  await chargedOnly();
  expect(await run()).toEqual(NOTHING);
  expect(await status()).toBe('pending');
});

test('books what the provider has charged and nobody came back for', async () => {
  await chargedOnly();
  await platform.age(61);
  expect(await run()).toEqual({ ...NOTHING, booked: 1 });
  expect(await status()).toBe('charged');
  expect(services.events.map(e => e.DetailType)).toEqual(['PaymentCharged']);
  expect((await post()).body).toMatchObject({ status: 'charged', chargeId: provider.charges[0].chargeId });
  expect(provider.charges).toHaveLength(1);
});

test('never charges: what the provider does not know waits, and is given up after an hour', async () => {
  provider.failNext({ kind: 'cut', when: 'before' });
  expect((await post()).status).toBe(502);
  await platform.age(61);
  expect(await run()).toEqual({ ...NOTHING, waiting: 1 });
  await platform.age(3_600);
  expect(await run()).toEqual({ ...NOTHING, abandoned: 1 });
  expect(services.events.map(e => e.DetailType)).toEqual(['PaymentAbandoned']);
  expect(provider.charges).toEqual([]);
  expect(await post()).toMatchObject({ status: 410, body: { code: 'PAYMENT_ABANDONED' } });
});

test('publishes what was booked and not told', async () => {
  services.broken.add('PutEvents');
  expect((await post()).status).toBe(201);
  services.broken.clear();
  await platform.age(61);
  expect(await run()).toEqual({ ...NOTHING, published: 1 });
  expect(services.events.map(e => e.DetailType)).toEqual(['PaymentCharged']);
  expect(await run()).toEqual(NOTHING);
});

test('publishes many, ten at a time', async () => {
  services.broken.add('PutEvents');
  for (let i = 0; i < 23; i++) {
    key = `${key}-${i}`;
    await post();
  }
  services.broken.clear();
  await platform.age(61);
  expect(await run()).toEqual({ ...NOTHING, published: 23 });
  expect(new Set(services.events.map(e => e.Detail.id)).size).toBe(23);
});

test('tells of two charges for one payment and books neither', async () => {
  await chargedOnly();
  provider.charges.push({ ...provider.charges[0], chargeId: 'ch_second' });
  await platform.age(61);
  expect(await run()).toEqual({ ...NOTHING, failed: 1 });
  expect(await status()).toBe('pending');
  provider.charges.pop();
  expect(await run()).toEqual({ ...NOTHING, booked: 1 });
});

test('one payment that fails keeps back no other', async () => {
  await chargedOnly();
  key = `${key}-b`;
  await chargedOnly();
  await platform.age(61);
  provider.failNext(503);
  expect(await run()).toEqual({ ...NOTHING, booked: 1, failed: 1 });
  expect(await run()).toEqual({ ...NOTHING, booked: 1 });
});

test('a hundred payments that wait hide no other: each is reviewed in each run', async () => {
  for (let i = 0; i < 130; i++) await waiting(i);
  await chargedOnly();
  await platform.age(61);
  await postgres.rows("UPDATE payments SET touched_at = touched_at - interval '1 minute' WHERE idempotency_key <> $1", [key]);
  expect(await run(50_000)).toEqual({ ...NOTHING, booked: 1, waiting: 130 });
});

test('what one run has no time for is first in the next one', async () => {
  for (let i = 0; i < 30; i++) await waiting(i);
  await chargedOnly();
  await platform.age(61);
  await postgres.rows("UPDATE payments SET touched_at = touched_at - interval '1 minute' WHERE idempotency_key <> $1", [key]);
  provider.answersAfter = 700; // ten at a time: one ten, or two, in two seconds
  const runs: any[] = [];
  while (await status() === 'pending' && runs.length < 6) runs.push(await run(3_000));
  provider.answersAfter = 0;
  expect(runs.length).toBeGreaterThan(1);
  expect(runs.length).toBeLessThanOrEqual(4);
  expect(await status()).toBe('charged');
});

/** The charged payment is the youngest, and the others wait. */
async function chargedBehind(others: number): Promise<void> {
  for (let i = 0; i < others; i++) await waiting(i);
  await chargedOnly();
  await platform.age(61);
  await postgres.rows("UPDATE payments SET touched_at = touched_at - interval '1 minute' WHERE idempotency_key <> $1", [key]);
}

test.each([429, 500, 503])('a provider that answers twenty calls of each run, and the others with %i, hides no payment', async otherwise => {
  await chargedBehind(60);
  let runs = 0;
  for (; await status() === 'pending' && runs < 6; runs++) {
    provider.answers = { most: 20, otherwise };
    await run(50_000);
  }
  expect([await status(), runs]).toEqual(['charged', 4]);
});

test('payments that the provider never answers for hide no other, and are reviewed again in the next run', async () => {
  await chargedBehind(20);
  provider.answers = { most: 0, otherwise: 500 };
  expect(await run()).toEqual({ ...NOTHING, failed: 21 });
  provider.answers = { most: Infinity, otherwise: 500 };
  expect(await run()).toEqual({ ...NOTHING, booked: 1, waiting: 20 });
});

test('a bus that does not answer keeps back no payment', async () => {
  services.broken.add('PutEvents');
  expect((await post()).status).toBe(201);
  key = `${key}-b`;
  await chargedOnly();
  await platform.age(61);
  expect(await run()).toEqual({ ...NOTHING, booked: 1, failed: 1 });
});

test('events that the bus refuses hide no others', async () => {
  services.broken.add('PutEvents');
  await post();
  await postgres.rows(`INSERT INTO outbox (id, type, payment, detail, created_at)
    SELECT n || ':x', 'PaymentCharged', payment, detail, created_at - interval '1 hour' FROM outbox, generate_series(1, 110) n`);
  services.broken.clear();
  services.refuses = id => id.endsWith(':x');
  await platform.age(61);
  expect(await run()).toEqual({ ...NOTHING, published: 1 });
});

test('a run that was cut is finished by the next one', async () => {
  await chargedOnly();
  await platform.age(61);
  postgres.faults = faultAt({ kind: 'cut', when: 'before' }, { message: 'COMMIT' });
  expect(await run()).toEqual({ ...NOTHING, failed: 1 });
  expect(await run()).toEqual({ ...NOTHING, booked: 1 });
});

test('two runs at once book once', async () => {
  await chargedOnly();
  await platform.age(61);
  const other = newEnvironment<unknown, any>(() => jest.requireActual('../../sample/handlers/reconcile'));
  await Promise.all([run(), other({}, contextWith(10_000))]);
  expect(await postgres.rows('SELECT id FROM outbox WHERE payment = $1', [provider.charges[0].reference])).toHaveLength(1);
  expect(await status()).toBe('charged');
});
