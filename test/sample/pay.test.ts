import { Platform, REQUEST, send } from './platform';
import { faultAt } from '../../testing/src';
import { contextWith, type Handler, newEnvironment, passed } from '../support/environments';
import type { ProviderFault } from '../support/provider';
import { runInvocation } from 'cdk-production-lambda-runtime';

const platform = new Platform();
const { dynamoDb, postgres, provider, services } = platform;
let pay: Handler<unknown, any>;
let keys = 0;
let key: string;

beforeAll(async () => {
  await platform.start('Pay');
  pay = platform.takingTurns(5, () => jest.requireActual('../../sample/handlers/pay'));
});
afterAll(() => platform.stop());
beforeEach(() => {
  key = `key-${++keys}`;
  platform.reset();
});

const post = (body: unknown = REQUEST, headers: Record<string, string> = { 'idempotency-key': key }, remaining = 10_000) =>
  send(pay, { method: 'POST', path: '/payments', body: typeof body === 'string' ? body : JSON.stringify(body), headers }, remaining);
const get = (id: string, caller?: string | null) => send(pay, { method: 'GET', path: `/payments/${id}`, caller });
const entries = () => postgres.rows<{ status: string; charge_id: string }>('SELECT status, charge_id FROM payments WHERE idempotency_key = $1', [key]);
const NOT_FINISHED = { code: 'NOT_FINISHED', message: 'the payment could not be finished now; send it again with the same key' };
/** One charge, one payment that says so, one event of it: however it came to pass. */
async function expectOneCharge(): Promise<void> {
  expect(provider.charges).toHaveLength(1);
  expect(await entries()).toEqual([{ status: 'charged', charge_id: provider.charges[0].chargeId }]);
  expect(await postgres.rows('SELECT id FROM outbox WHERE payment = $1', [provider.charges[0].reference])).toHaveLength(1);
}

test('takes a payment: charged, booked, told', async () => {
  const { status, body, headers } = await post();
  expect([status, headers.location]).toEqual([201, `/payments/${body.id}`]);
  expect(body).toEqual({ ...REQUEST, id: expect.stringMatching(/^[0-9a-f]{32}$/), status: 'charged', takenAt: expect.any(String), chargeId: provider.charges[0].chargeId });
  expect(services.events).toEqual([{ DetailType: 'PaymentCharged', EventBusName: 'payments', Source: 'payments', Detail: { id: `${body.id}:charged`, payment: body } }]);
  expect(provider.authorizations).toEqual(['Bearer sk_of_the_tests']);
  await expectOneCharge();
});

test('answers a repetition with the same payment, from the record, without charging or asking the ledger', async () => {
  const { body } = await post();
  postgres.sent.length = 0;
  for (let i = 0; i < 3; i++) expect(await post()).toMatchObject({ status: 201, body });
  expect(postgres.sent).toEqual([]);
  await expectOneCharge();
});

test('finds a payment for who took it and for nobody else', async () => {
  const { body } = await post();
  expect(await get(body.id)).toMatchObject({ status: 200, body });
  expect(await get(body.id, 'merchant-2')).toMatchObject({ status: 404, body: { code: 'PAYMENT_NOT_FOUND' } });
  expect(await get(body.id, null)).toMatchObject({ status: 401, body: { code: 'UNKNOWN_CALLER' } });
  expect(await get("' OR 1=1 --")).toMatchObject({ status: 404 });
});

test('keeps the record below the prefix of its store, for as long as the store says', async () => {
  await post();
  const record = (await dynamoDb.items('Idempotency')).find(item => item.id.startsWith('Pay#') && item.expiration > Date.now() / 1_000 + 604_000);
  expect(record).toMatchObject({ status: 'COMPLETED' });
});

test('twenty concurrent repetitions in five environments charge once', async () => {
  const results = await Promise.all(Array.from({ length: 20 }, () => post()));
  expect(results.filter(r => r.status === 201).length).toBeGreaterThanOrEqual(1);
  expect(new Set(results.filter(r => r.status !== 201).map(r => `${r.status} ${r.body.code}`))).toEqual(new Set(['409 IN_PROGRESS']));
  expect(new Set(results.filter(r => r.status === 201).map(r => r.body.id)).size).toBe(1);
  await expectOneCharge();
});

test.each(['functionUrl', 'restApi'])('two sessions of one role behind %s are one caller, and two roles are two', async entrance => {
  const request = { method: 'POST', path: '/payments', body: JSON.stringify(REQUEST), headers: { 'idempotency-key': key } };
  const by = (session: string) => send(pay, { ...request, caller: `arn:aws:sts::111122223333:assumed-role/${session}` }, 10_000, entrance);
  const { body } = await by('Shop/i-0aaa');
  expect(await by('Shop/i-0bbb')).toMatchObject({ status: 201, body });
  await expectOneCharge();
  expect((await by('Other/i-0aaa')).body.id).not.toBe(body.id);
});

test('a key can not be used for another payment, not even after its record has expired', async () => {
  await post();
  const other = { ...REQUEST, amount: 9_999 };
  expect(await post(other)).toMatchObject({ status: 422, body: { code: 'KEY_REUSED' } });
  await dynamoDb.expire('Idempotency');
  expect(await post(other)).toMatchObject({ status: 422, body: { code: 'KEY_REUSED' } });
  await expectOneCharge();
});

describe('one charge although', () => {
  test('the record expired, and the provider forgot its key', async () => {
    const { body } = await post();
    await dynamoDb.expire('Idempotency');
    provider.forgetKeys();
    expect(await post()).toMatchObject({ status: 201, body });
    await expectOneCharge();
  });

  test('the record could not be finished', async () => {
    dynamoDb.faults = faultAt({ kind: 'reject', when: 'before' }, { message: 'UpdateItem Idempotency' });
    expect(await post()).toMatchObject({ status: 503, body: NOT_FINISHED });
    expect(await post()).toMatchObject({ status: 409, body: { code: 'IN_PROGRESS' } });
    await dynamoDb.lapse('Idempotency');
    expect((await post()).status).toBe(201);
    await expectOneCharge();
  });

  test.each([[1, 201, {}], [3, 503, NOT_FINISHED]])('%d requests that finish the record get no answer', async (silent, status, body) => {
    let left = silent;
    dynamoDb.faults = ({ what }) => what === 'UpdateItem Idempotency' && left-- > 0 ? { kind: 'silence', when: 'before' } : undefined;
    expect(await post()).toMatchObject({ status, body });
    await dynamoDb.lapse('Idempotency');
    expect((await post()).status).toBe(201);
    await expectOneCharge();
  });

  test.each<[string, ProviderFault]>([
    ['the request to the provider is lost', { kind: 'cut', when: 'before' }],
    ["the provider's answer is lost", { kind: 'cut', when: 'after' }],
    ['the provider is out of order', 503],
    ['the provider is in a rotation of its gateway', 504],
    ['the provider charges the same key at this moment', 409],
    ['the provider answers no JSON', { body: '<html>' }],
    ['the provider answers nothing', { body: 'null' }],
    ['the provider answers a status that nobody knows', { body: '{"chargeId":"ch_1","status":"maybe"}' }],
  ])('%s: nobody knows whether it charges, and no repetition begins until it can not any more', async (_, fault) => {
    provider.failNext(fault);
    const sent = Date.now();
    expect(await post()).toMatchObject({ status: 502, body: { code: 'PROVIDER_UNAVAILABLE' } });
    const [record] = (await dynamoDb.items('Idempotency')).filter(({ status }) => status === 'INPROGRESS');
    expect(record.in_progress_expiration).toBeGreaterThanOrEqual(sent + 40_000); // ten of the invocation, thirty of the charge
    expect((await entries())[0].status).toBe('pending');
    expect(await post()).toMatchObject({ status: 409, body: { code: 'IN_PROGRESS' } });
    await dynamoDb.lapse('Idempotency');
    expect((await post()).status).toBe(201);
    await expectOneCharge();
  });

  test('the provider charges after every deadline of the request', async () => {
    provider.failNext({ chargesAfter: 2_500 });
    expect(await post(REQUEST, { 'idempotency-key': key }, 3_000)).toMatchObject({ status: 502 });
    expect([provider.charges.length, (await post()).status]).toEqual([0, 409]);
    await passed(2_600);
    await dynamoDb.lapse('Idempotency');
    expect((await post()).status).toBe(201);
    await expectOneCharge();
  });

  test('the provider answers an error after the charge, and forgets the key', async () => {
    provider.failNext('failsAfterCharge');
    expect(await post()).toMatchObject({ status: 502 });
    provider.forgetKeys();
    await dynamoDb.lapse('Idempotency');
    expect((await post()).status).toBe(201);
    await expectOneCharge();
  });

  test('the key towards the provider was rotated', async () => {
    services.secrets.ProviderKey = provider.accepts = 'sk_rotated';
    try {
      for (let i = 0; i < 5; i++) { // each environment knows the key of before
        key = `${key}-${i}`;
        expect((await post()).status).toBe(201);
      }
      expect(new Set(provider.authorizations)).toEqual(new Set(['Bearer sk_of_the_tests', 'Bearer sk_rotated']));
    } finally {
      services.secrets.ProviderKey = 'sk_of_the_tests';
    }
    expect(provider.charges).toHaveLength(5);
  });

  test.each([
    ["the ledger's entry is lost", 'before', 'INSERT payments'], ["the answer to the ledger's entry is lost", 'after', 'INSERT payments'],
    ['the booking is lost', 'before', 'UPDATE payments'], ['the connection is cut in the middle of the booking', 'after', 'INSERT outbox'],
    ['the commit is lost', 'before', 'COMMIT'], ['the answer to the commit is lost', 'after', 'COMMIT'],
  ] as const)('%s', async (_, when, message) => {
    postgres.faults = faultAt({ kind: 'cut', when }, { message });
    const first = await post();
    // A kept connection may find itself cut at the first statement, and another one does it.
    expect([503, 201]).toContain(first.status);
    if (first.status === 503) expect(first.body).toMatchObject(NOT_FINISHED);
    expect((await post()).status).toBe(201);
    await expectOneCharge();
  });

  test.each(['refused', 'some'] as const)('the event was %s: the answer is given, and the event stays in the outbox', async how => {
    if (how === 'refused') services.broken.add('PutEvents');
    else services.refusedEvents = 1;
    const { status, body } = await post();
    expect(status).toBe(201);
    expect(await postgres.rows('SELECT published_at FROM outbox WHERE payment = $1', [body.id])).toEqual([{ published_at: null }]);
    await expectOneCharge();
  });
});

test.each([400, 403, 404, 422, 429])('what the provider rejects with %i was not charged, and may be repeated at once', async status => {
  provider.failNext(status);
  expect(await post()).toMatchObject({ status: 502, body: { code: 'PROVIDER_UNAVAILABLE' } });
  expect((await post()).status).toBe(201);
  await expectOneCharge();
});

test('what never reached the provider may be repeated at once', async () => {
  const { PROVIDER_URL } = process.env;
  process.env.PROVIDER_URL = 'http://provider.invalid';
  const elsewhere = newEnvironment<unknown, any>(() => jest.requireActual('../../sample/handlers/pay'));
  process.env.PROVIDER_URL = PROVIDER_URL;
  const request = { method: 'POST', path: '/payments', body: JSON.stringify(REQUEST), headers: { 'idempotency-key': key } };
  expect(await send(elsewhere, request)).toMatchObject({ status: 502 });
  expect((await post()).status).toBe(201);
  await expectOneCharge();
});

test('two charges for one payment are for people to look at: nothing is charged or booked', async () => {
  provider.failNext({ kind: 'cut', when: 'after' });
  await post();
  provider.charges.push({ ...provider.charges[0], chargeId: 'ch_second' });
  await dynamoDb.lapse('Idempotency');
  expect(await post()).toMatchObject({ status: 503, body: NOT_FINISHED });
  expect([provider.charges.length, (await entries())[0].status]).toEqual([2, 'pending']);
});

test('a later version that reads one field more of a request takes the repetitions of an earlier one', async () => {
  const { payParts } = jest.requireActual<typeof import('../../sample/service/pay')>('../../sample/service/pay');
  const { once: both } = payParts();
  const answers: unknown[] = [];
  const inInvocation = <R>(run: () => R) => runInvocation({ event: {}, context: contextWith(10_000) }, run);
  const work = both(async order => order);
  for (const request of [REQUEST, { ...REQUEST, description: '' }]) {
    answers.push(await inInvocation(() => work({ merchant: 'm', key, request })));
  }
  expect(answers).toEqual([{ merchant: 'm', key, request: REQUEST }, { merchant: 'm', key, request: REQUEST }]);
  await expect(inInvocation(() => work({ merchant: 'm', key, request: { ...REQUEST, amount: 1 } }))).rejects.toMatchObject({ name: 'KeyReusedError' });
});

test('what is declined stays declined, and nothing was charged', async () => {
  provider.declines = true;
  expect(await post()).toMatchObject({ status: 402, body: { code: 'PAYMENT_DECLINED' } });
  provider.declines = false;
  expect(await post()).toMatchObject({ status: 402 });
  expect(provider.charges).toEqual([]);
  expect(services.events.map(event => event.DetailType)).toEqual(['PaymentDeclined']);
});

test('begins nothing when there is no time to end it, and says so', async () => {
  expect(await post(REQUEST, { 'idempotency-key': key }, 900)).toMatchObject({ status: 503, body: { code: 'OUT_OF_TIME' } });
  expect(provider.charges).toEqual([]);
  expect((await post()).status).toBe(201);
  await expectOneCharge();
});

test.each<[string, Record<string, string>]>([
  ['no key', {}], ['an empty key', { 'idempotency-key': '' }], ['a key with a blank', { 'idempotency-key': 'a b' }],
  ['a key of 256 characters', { 'idempotency-key': 'k'.repeat(256) }], ['a key that is not ASCII', { 'idempotency-key': 'schlüssel' }],
])('%s is answered 400 and touches nothing', async (_, headers) => {
  expect(await post(REQUEST, headers)).toMatchObject({ status: 400, body: { code: 'MISSING_IDEMPOTENCY_KEY' } });
  expect([dynamoDb.done, provider.charges]).toEqual([[], []]);
});

test('a key of 255 characters is accepted', async () => {
  expect((await post(REQUEST, { 'idempotency-key': 'k'.repeat(255) })).status).toBe(201);
});

test.each<[string, unknown, number]>([
  ['malformed JSON', '{"amount": 1', 400], ['an empty body', '', 400], ['null', 'null', 400], ['a list', [REQUEST], 400], ['a text', '"text"', 400],
  ['an amount of 0', { ...REQUEST, amount: 0 }, 400], ['half a cent', { ...REQUEST, amount: 0.5 }, 400], ['an amount as text', { ...REQUEST, amount: '1' }, 400],
  ['an amount beyond the safe numbers', { ...REQUEST, amount: 2 ** 53 }, 400], ['no currency', { ...REQUEST, currency: 'euro' }, 400],
  ['a customer of 65 characters', { ...REQUEST, customer: 'c'.repeat(65) }, 400], ['a customer with a NUL', { ...REQUEST, customer: 'a\u0000b' }, 400],
  ['half a character', { ...REQUEST, customer: '\ud83d' }, 400],
  ['10,000 records of unicode', Array.from({ length: 10_000 }, () => ({ ...REQUEST, customer: 'Zoë 🐈 漢字' })), 413],
])('%s is answered, and the key stays free', async (_, body, status) => {
  const answer = await post(body);
  expect([answer.status, Object.keys(answer.body)]).toEqual([status, ['message', 'code', 'requestId']]);
  expect([dynamoDb.done, provider.charges]).toEqual([[], []]);
  expect((await post()).status).toBe(201);
});

test('takes unicode, in base64 as plain', async () => {
  const request = { ...REQUEST, customer: 'Zoë 🐈 漢字' };
  expect((await post(request)).body).toMatchObject(request);
  key = `${key}-rest`;
  const plain = await send(pay, { method: 'POST', path: '/payments', body: JSON.stringify(request), headers: { 'Idempotency-Key': key } }, 10_000, 'restApi');
  expect(plain).toMatchObject({ status: 201, body: request });
});

test('an event without any headers is answered 400', async () => {
  const event = {
    version: '2.0',
    rawPath: '/payments',
    rawQueryString: '',
    headers: {},
    isBase64Encoded: false,
    routeKey: '$default',
    requestContext: { http: { method: 'POST', path: '/payments', sourceIp: '192.0.2.1' }, requestId: 'r-1', stage: '$default', domainName: 'x' },
  };
  expect(await pay(event, { getRemainingTimeInMillis: () => 10_000, awsRequestId: 'r-1' } as any)).toMatchObject({ statusCode: 400 });
});
