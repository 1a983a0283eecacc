import { Ledger } from '../../../sample/data/ledger';
import { migrate } from '../../../sample/data/migrate';
import { Outbox } from '../../../sample/data/outbox';
import { MIGRATIONS } from '../../../sample/data/schema';
import type { Order } from '../../../sample/domain/payment';
import { faultAt } from '../../../testing/src';
import { contextWith, passed } from '../../support/environments';
import { Postgres } from '../../support/postgres';
import { Deadline, OutOfTimeError } from 'cdk-production-lambda-runtime';

const postgres = new Postgres();
const soon = () => Deadline.of(contextWith(10_000));
let keys = 0;
let order: Order;
const CHARGE = { chargeId: 'ch-0', status: 'succeeded' as const };

beforeAll(() => postgres.start());
afterAll(() => postgres.stop());

const database = postgres.database.bind(postgres);
let ledger: Ledger;
beforeAll(() => (ledger = new Ledger(database())));
beforeEach(() => {
  postgres.faults = () => undefined;
  order = { merchant: 'm-1', key: `key-${++keys}`, request: { amount: 1_250, currency: 'EUR', customer: 'Zoë 🐈' } };
});

const charge = () => ({ ...CHARGE, chargeId: `ch-${keys}` });
const entries = () => postgres.rows('SELECT * FROM payments WHERE idempotency_key = $1', [order.key]);
const eventsOf = (payment: string) => postgres.rows<{ id: string }>('SELECT id FROM outbox WHERE payment = $1', [payment]);

test('enters a payment once, whoever repeats it', async () => {
  const entered = await Promise.all(Array.from({ length: 20 }, () => new Ledger(database())).map(l => l.enter(order, soon())));
  const [first, ...none] = entered.filter(({ isRepeated }) => !isRepeated);
  expect(none).toEqual([]);
  expect(first).toEqual({ ...order.request, id: expect.stringMatching(/^[0-9a-f]{32}$/), status: 'pending', takenAt: expect.any(String), chargeId: '' });
  expect(entered.map(({ id, takenAt }) => [id, takenAt])).toEqual(entered.map(() => [first.id, first.takenAt]));
  expect(await entries()).toHaveLength(1);
});

test('says of a repetition that it is one: an earlier request may have charged', async () => {
  expect(await ledger.enter(order, soon())).not.toHaveProperty('isRepeated');
  expect(await ledger.enter(order, soon())).toHaveProperty('isRepeated', true);
});

test('says so too if the repetition began its transaction before the request that inserted the payment', async () => {
  postgres.faults = faultAt({ kind: 'delay', when: 'before' }, { message: 'INSERT payments' });
  const [late, first] = await Promise.all([ledger.enter(order, soon()), passed(100).then(() => new Ledger(database()).enter(order, soon()))]);
  expect([first.isRepeated, late.isRepeated]).toEqual([undefined, true]);
});

test('the same key of another merchant is another payment', async () => {
  const [a, b] = [await ledger.enter(order, soon()), await ledger.enter({ ...order, merchant: 'm-2' }, soon())];
  expect(a.id).not.toBe(b.id);
  expect(await ledger.find('m-2', a.id, soon())).toBeUndefined();
  expect(await ledger.find('m-1', a.id, soon())).toEqual(a);
});

test('answers what was asked first when the key comes with another payment', async () => {
  await ledger.enter(order, soon());
  expect(await ledger.enter({ ...order, request: { ...order.request, amount: 1 } }, soon())).toMatchObject({ amount: 1_250 });
});

test('books a charge and its event together, once', async () => {
  const { id } = await ledger.enter(order, soon());
  const first = await ledger.book(id, charge(), soon());
  expect(first).toMatchObject({ payment: { status: 'charged', chargeId: charge().chargeId }, event: { id: `${id}:charged`, type: 'PaymentCharged' } });
  expect(await ledger.book(id, charge(), soon())).toEqual({ payment: first.payment });
  expect(await eventsOf(id)).toEqual([{ id: `${id}:charged` }]);
});

test('books neither the charge nor its event when the event can not be written', async () => {
  const { id } = await ledger.enter(order, soon());
  await postgres.rows('INSERT INTO outbox (id, type, payment, detail, created_at) VALUES ($1, \'x\', $2, \'{}\', now())', [`${id}:charged`, id]);
  await expect(ledger.book(id, charge(), soon())).rejects.toMatchObject({ code: '23505' });
  expect(await ledger.find('m-1', id, soon())).toMatchObject({ status: 'pending', chargeId: '' });
});

test('two charges for one payment are told apart', async () => {
  const { id } = await ledger.enter(order, soon());
  await ledger.book(id, charge(), soon());
  await expect(ledger.book(id, { ...CHARGE, chargeId: 'other' }, soon())).rejects.toThrow(`payment ${id} is charged with charge '${charge().chargeId}', the provider has charge 'other'`);
});

test('books that the provider declined', async () => {
  const { id } = await ledger.enter(order, soon());
  expect(await ledger.book(id, { ...charge(), status: 'declined' }, soon())).toMatchObject({ payment: { status: 'declined' }, event: { type: 'PaymentDeclined' } });
});

test('settles what was charged, once', async () => {
  const { id } = await ledger.enter(order, soon());
  await expect(ledger.settle({ payment: id, chargeId: 'ch' }, soon())).rejects.toThrow(`payment ${id} is not charged yet`);
  await ledger.book(id, charge(), soon());
  await expect(ledger.settle({ payment: id, chargeId: 'other' }, soon())).rejects.toThrow("settled was charge 'other'");
  const settlement = { payment: id, chargeId: charge().chargeId };
  expect(await ledger.settle(settlement, soon())).toMatchObject({ payment: { status: 'settled' }, event: { type: 'PaymentSettled' } });
  expect(await ledger.settle(settlement, soon())).not.toHaveProperty('event');
  await expect(ledger.settle({ payment: 'nobody', chargeId: 'ch' }, soon())).rejects.toThrow('there is no payment nobody');
});

test('gives up what nobody came back for, and nothing else', async () => {
  const { id } = await ledger.enter(order, soon());
  await postgres.rows("UPDATE payments SET touched_at = now() - interval '1 hour' WHERE id = $1", [id]);
  expect((await ledger.stuck(3_000, 100, soon())).map(p => p.id)).toEqual([id]);
  expect(await ledger.abandon(id, 4_000, soon())).toMatchObject({ payment: { status: 'pending' } });
  await ledger.enter(order, soon()); // somebody came back
  expect(await ledger.abandon(id, 3_000, soon())).toMatchObject({ payment: { status: 'pending' } });
  await postgres.rows("UPDATE payments SET touched_at = now() - interval '1 hour' WHERE id = $1", [id]);
  expect(await ledger.abandon(id, 3_000, soon())).toMatchObject({ payment: { status: 'abandoned' }, event: { type: 'PaymentAbandoned' } });
  expect(await ledger.stuck(3_000, 100, soon())).toEqual([]);
});

test('the outbox gives what was not published, as it was booked', async () => {
  const outbox = new Outbox(database());
  const { id } = await ledger.enter(order, soon());
  const { event } = await ledger.book(id, charge(), soon());
  expect((await outbox.unpublished(0, 1_000, soon())).find(e => e.id === event!.id)).toEqual(event);
  await outbox.markPublished([event!.id], soon());
  expect((await outbox.unpublished(0, 1_000, soon())).map(e => e.id)).not.toContain(event!.id);
});

describe('when the connection', () => {
  test('was lost between two invocations, the next one opens another', async () => {
    await ledger.enter(order, soon());
    postgres.cutAll();
    expect((await ledger.enter(order, soon())).status).toBe('pending');
    postgres.cutAll();
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(await ledger.find('m-1', (await ledger.enter(order, soon())).id, soon())).toBeDefined();
  });

  test.each([['before', 0], ['after', 1]] as const)('is cut %s the commit, nobody claims that it was done, and a repetition does it once', async (when, done) => {
    const { id } = await ledger.enter(order, soon());
    postgres.faults = faultAt({ kind: 'cut', when }, { message: 'COMMIT' });
    await expect(ledger.book(id, charge(), soon())).rejects.toThrow('Connection terminated');
    expect(await eventsOf(id)).toHaveLength(done);
    expect((await ledger.book(id, charge(), soon())).payment.status).toBe('charged');
    expect(await eventsOf(id)).toHaveLength(1);
  });

  test('is cut in the middle, all is rolled back', async () => {
    const { id } = await ledger.enter(order, soon());
    postgres.faults = faultAt({ kind: 'cut', when: 'after' }, { message: 'INSERT outbox' });
    await expect(ledger.book(id, charge(), soon())).rejects.toThrow();
    expect(await ledger.find('m-1', id, soon())).toMatchObject({ status: 'pending' });
    expect(await eventsOf(id)).toEqual([]);
  });

  test('is cut between two statements, what comes after does not stand alone on another connection', async () => {
    const { id } = await ledger.enter(order, soon());
    const shared = database();
    await expect(shared.transaction(async statements => {
      await statements("UPDATE payments SET status = 'declined' WHERE id = $1", [id]);
      postgres.cutAll();
      await new Promise(resolve => setTimeout(resolve, 50));
      await statements('INSERT INTO outbox (id, type, payment, detail, created_at) VALUES ($1, $2, $1, $3, now())', [id, 'Half', '{}']);
    })).rejects.toThrow('the connection was lost');
    expect(await ledger.find('m-1', id, soon())).toMatchObject({ status: 'pending' });
    expect(await eventsOf(id)).toEqual([]);
    expect(await shared.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('is silent, the time limit ends the wait, and all is rolled back', async () => {
    const { id } = await ledger.enter(order, soon());
    postgres.faults = faultAt({ kind: 'silence', when: 'before' }, { message: 'COMMIT' });
    await expect(ledger.book(id, charge(), Deadline.of(contextWith(1_300)))).rejects.toThrow();
    expect(await ledger.find('m-1', id, soon())).toMatchObject({ status: 'pending' });
  });
});

test('does not begin what it has no time for', async () => {
  await expect(ledger.enter(order, Deadline.of(contextWith(900)))).rejects.toThrow(OutOfTimeError);
  expect(await entries()).toEqual([]);
});

test('concurrent work of one environment shares its connection, one transaction at a time', async () => {
  postgres.sent.length = 0;
  const shared = new Ledger(database());
  await Promise.all(Array.from({ length: 10 }, (_, i) => shared.enter({ ...order, key: `${order.key}-${i}` }, soon())));
  expect(postgres.sent.filter(({ what }) => what === 'connect')).toHaveLength(1);
});

test('leaves nothing in the session that a proxy would have to keep for it', async () => {
  postgres.sent.length = 0;
  const shared = database();
  const own = new Ledger(shared);
  const { id } = await own.enter(order, soon());
  await own.book(id, charge(), soon());
  expect(await shared.query('SELECT name FROM pg_prepared_statements')).toEqual([]);
  expect(postgres.sent.map(({ statement }) => statement).join('\n')).not.toMatch(/\b(SET (?!status|touched_at|published_at)|PREPARE|LISTEN|TEMP|DECLARE|nextval|setval|pg_advisory_lock|set_config)/);
});

test('the schema is brought up once, and each login may do what its function does', async () => {
  expect(await migrate(database('migrate'), MIGRATIONS)).toEqual([]);
  const allowed = await postgres.rows<{ grantee: string; on: string; may: string }>(
    `SELECT grantee, table_name AS on, string_agg(privilege_type, ' ' ORDER BY privilege_type) AS may FROM information_schema.role_table_grants
     WHERE grantee IN ('pay', 'settle', 'reconcile') GROUP BY 1, 2 ORDER BY 1, 2`);
  expect(allowed.map(({ grantee, on, may }) => `${grantee} ${on}: ${may}`)).toEqual([
    'pay outbox: INSERT SELECT UPDATE', 'pay payments: INSERT SELECT UPDATE',
    'reconcile outbox: INSERT SELECT UPDATE', 'reconcile payments: SELECT UPDATE',
    'settle outbox: INSERT SELECT UPDATE', 'settle payments: SELECT UPDATE',
  ]);
});

test.each(['pay', 'settle', 'reconcile'])('%s can do its work with no more than that', async role => {
  const { id } = await ledger.enter(order, soon());
  const own = database(role);
  if (role === 'pay') await new Ledger(own).enter(order, soon());
  await new Ledger(own).book(id, charge(), soon());
  await new Ledger(own).settle({ payment: id, chargeId: charge().chargeId }, soon());
  await new Outbox(own).markPublished([`${id}:charged`], soon());
  await expect(own.query('DELETE FROM payments')).rejects.toThrow('permission denied');
});
