import * as fc from 'fast-check';
import { fromRecord, toRecord } from '../../../runtime/src/record';
import { isSameRequest, parseIdempotencyKey, parsePaymentRequest, type PaymentRequest, paymentId } from '../../../sample/domain/payment';
import { eventOf } from '../../../sample/domain/payment-event';
import { parseSettlement } from '../../../sample/domain/settlement';

const REQUEST: PaymentRequest = { amount: 1, currency: 'EUR', customer: 'ada' };

test.each<[string, unknown]>([
  ['the smallest', REQUEST], ['the largest', { ...REQUEST, amount: Number.MAX_SAFE_INTEGER, customer: 'c'.repeat(64) }], ['unicode', { ...REQUEST, customer: 'Zoë 🐈' }],
])('reads %s payment', (_, body) => {
  expect(parsePaymentRequest(body)).toEqual(body);
});

test('takes from a body what a payment has and nothing else', () => {
  expect(parsePaymentRequest({ ...REQUEST, id: 'mine', status: 'settled', __proto__: { admin: true } })).toEqual(REQUEST);
});

test.each<[unknown, string]>([
  [null, 'the body must be a JSON object'], [[], 'the body must be a JSON object'], ['x', 'the body must be a JSON object'],
  [{ ...REQUEST, amount: 0 }, "'amount' must be a positive whole number"], [{ ...REQUEST, amount: NaN }, "'amount' must be a positive whole number"],
  [{ ...REQUEST, currency: 'eur' }, "'currency' must be three capital letters"], [{ ...REQUEST, currency: 'EURO' }, "'currency' must be three capital letters"],
  [{ ...REQUEST, customer: '' }, "'customer' must be 1 to 64 printable characters"], [{ ...REQUEST, customer: 'c'.repeat(65) }, "'customer' must be 1 to 64 printable characters"],
  [{ ...REQUEST, customer: 'a\nb' }, "'customer' must be 1 to 64 printable characters"],
])('refuses %j', (body, message) => {
  expect(() => parsePaymentRequest(body)).toThrow(message);
});

test('whatever the body, a payment comes of it or a message that may be shown', () => {
  fc.assert(fc.property(fc.oneof(fc.anything(), fc.record({ amount: fc.anything(), currency: fc.anything(), customer: fc.anything() })), body => {
    try {
      const { amount, currency, customer } = parsePaymentRequest(body);
      return amount > 0 && currency.length === 3 && customer.length <= 64;
    } catch (error) {
      return (error as Error).name === 'InvalidPaymentError';
    }
  }));
});

test.each([null, undefined, '', ' ', 'a b', 'ü', 'k'.repeat(256), 'a\n'])('the key %j is none', key => {
  expect(() => parseIdempotencyKey(key)).toThrow("send an 'Idempotency-Key' header of 1 to 255 printable characters");
});

test('two orders have the same id where merchant and key are the same, and nowhere else', () => {
  const key = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 4 });
  fc.assert(fc.property(key, key, key, key, (m1, k1, m2, k2) =>
    (paymentId({ merchant: m1, key: k1 }) === paymentId({ merchant: m2, key: k2 })) === (m1 === m2 && k1 === k2)));
});

test('another amount, currency or customer is another request', () => {
  expect(isSameRequest(REQUEST, { ...REQUEST })).toBe(true);
  for (const other of [{ amount: 2 }, { currency: 'USD' }, { customer: 'eve' }]) expect(isSameRequest(REQUEST, { ...REQUEST, ...other })).toBe(false);
});

test('the event of a step has one id, whoever tells it', () => {
  const payment = { ...REQUEST, id: 'p', takenAt: '', chargeId: 'c' };
  expect((['charged', 'declined', 'settled', 'abandoned'] as const).map(status => eventOf({ ...payment, status })).map(({ id, type }) => `${id} ${type}`))
    .toEqual(['p:charged PaymentCharged', 'p:declined PaymentDeclined', 'p:settled PaymentSettled', 'p:abandoned PaymentAbandoned']);
});

test('the largest payment there can be is far below what a record takes', () => {
  const payment = { ...parsePaymentRequest({ ...REQUEST, amount: Number.MAX_SAFE_INTEGER, customer: '🐈'.repeat(32) }), id: 'f'.repeat(32), status: 'charged', takenAt: new Date().toISOString(), chargeId: 'c'.repeat(255) };
  expect(fromRecord(toRecord(payment))).toEqual(payment);
  expect(Buffer.byteLength(JSON.stringify(payment))).toBeLessThan(1_000);
});

test('reads a notice of settlement and takes nothing else from it', () => {
  const notice = { payment: 'a'.repeat(32), chargeId: 'ch_1' };
  expect(parseSettlement(JSON.stringify({ ...notice, amount: 7 }))).toEqual(notice);
});

test('whatever the text, a settlement comes of it or a message', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), text => {
    try {
      return /^[0-9a-f]{32}$/.test(parseSettlement(text).payment);
    } catch (error) {
      return (error as Error).name === 'InvalidSettlementError';
    }
  }));
});
