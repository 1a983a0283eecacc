import { createHmac } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { EVENTS, type Request } from './events';
import type { Payment } from '../../../sample/domain/payment';
import { paymentsApi, type Payments } from '../../../sample/http/payments-api';

const REQUEST = { amount: 1_250, currency: 'EUR', customer: 'c-1' };
const PAYMENT: Payment = { ...REQUEST, id: 'p-1', takenAt: '2026-11-23T20:00:00.000Z' };
const SECRET = 'whsec_test';
const IDS: Record<string, string> = { httpApi: 'http-api-id', restApi: 'rest-api-id', functionUrl: 'function-url-id', loadBalancer: 'lambda-id' };

class KeyReusedError extends Error {
  public readonly name = 'KeyReusedError';
}

const logger = new Logger({ logLevel: 'SILENT' });
const logged = jest.spyOn(logger, 'error');
const payments: jest.Mocked<Payments> = { take: jest.fn(), find: jest.fn(), settle: jest.fn() };
const api = paymentsApi({ payments, logger, webhookSecret: SECRET, origins: ['https://shop.example.com'], statuses: [[KeyReusedError, 422]] });

beforeEach(() => {
  jest.clearAllMocks();
  payments.take.mockResolvedValue(PAYMENT);
  payments.find.mockResolvedValue(PAYMENT);
  payments.settle.mockResolvedValue();
});

const POST = (body: unknown = REQUEST, headers: Record<string, string> = { 'idempotency-key': 'k-1' }): Request =>
  ({ method: 'POST', path: '/payments', body: typeof body === 'string' ? body : JSON.stringify(body), headers });
const webhook = (body: string, signature: string): Request => ({ method: 'POST', path: '/webhook', body, headers: { 'x-signature': signature } });
const sign = (body: string, secret = SECRET) => createHmac('sha256', secret).update(body).digest('hex');

test('leaves the answer to a load balancer without multi-value headers as it is', async () => {
  const { multiValueHeaders, ...event } = EVENTS.loadBalancer({ method: 'GET', path: '/payments/p-1' }) as { multiValueHeaders: object };
  const result: any = await api({ ...event, headers: { host: 'api.example.com' } }, { awsRequestId: 'lambda-id' } as Context);
  expect([result.headers['content-type'], multiValueHeaders !== undefined, result.multiValueHeaders]).toEqual(['application/json', true, undefined]);
});

describe.each(Object.keys(EVENTS))('behind %s', entrance => {
  async function call(request: Request): Promise<{ status: number; body: any; header: (name: string) => string | undefined }> {
    const result: any = await api(EVENTS[entrance](request), { awsRequestId: 'lambda-id' } as Context);
    // With multi-value headers on, a load balancer reads no others.
    const given = entrance === 'loadBalancer' ? result.multiValueHeaders : { ...result.headers, ...result.multiValueHeaders };
    const headers = Object.entries<any>(given).map(([name, value]) => [name.toLowerCase(), [value].flat().join(', ')]);
    return { status: result.statusCode, body: JSON.parse(result.body), header: name => Object.fromEntries(headers)[name] };
  }

  test('takes a payment', async () => {
    const { status, body, header } = await call(POST());
    expect([status, body, header('location'), header('content-type')]).toEqual([201, PAYMENT, '/payments/p-1', 'application/json']);
    expect(payments.take).toHaveBeenCalledWith('k-1', REQUEST);
  });

  test('finds a payment', async () => {
    expect(await call({ method: 'GET', path: '/payments/p-1' })).toMatchObject({ status: 200, body: PAYMENT });
    expect(payments.find).toHaveBeenCalledWith('p-1');
  });

  test('accepts a signed webhook', async () => {
    const body = JSON.stringify({ paymentId: 'p-1' });
    expect(await call(webhook(body, sign(body)))).toMatchObject({ status: 202, body: { accepted: 'p-1' } });
    expect(payments.settle).toHaveBeenCalledWith('p-1');
  });

  test.each<[string, Request, number, string, string]>([
    ['a body that is no JSON', POST('{'), 400, 'INVALID_PAYMENT', 'the body must be JSON'],
    ['a body that is no payment', POST({ ...REQUEST, amount: -1 }), 400, 'INVALID_PAYMENT', "'amount' must be a positive whole number"],
    ['no idempotency key', POST(REQUEST, {}), 400, 'INVALID_PAYMENT', "send an 'Idempotency-Key' header"],
    ['a forged webhook', webhook('{}', sign('{}', 'other')), 401, 'FORGED_WEBHOOK', 'the signature does not match the body'],
    ['an unsigned webhook', webhook('{}', ''), 401, 'FORGED_WEBHOOK', 'the signature does not match the body'],
    ['a webhook of nothing', webhook('null', sign('null')), 400, 'INVALID_PAYMENT', "'paymentId' must be a text"],
    ['a webhook without its payment', webhook('{}', sign('{}')), 400, 'INVALID_PAYMENT', "'paymentId' must be a text"],
  ])('answers %s', async (_, request, status, code, message) => {
    expect(await call(request)).toMatchObject({ status, body: { message, code, requestId: IDS[entrance] } });
    expect(payments.settle).not.toHaveBeenCalled();
    expect(payments.take).not.toHaveBeenCalled();
  });

  test('answers a payment that is not there', async () => {
    payments.find.mockResolvedValue(undefined);
    expect(await call({ method: 'GET', path: '/payments/p-2' })).toMatchObject({
      status: 404, body: { message: "there is no payment 'p-2'", code: 'PAYMENT_NOT_FOUND', requestId: IDS[entrance] },
    });
  });

  test('answers a path that nobody knows in the same shape', async () => {
    const { status, body } = await call({ method: 'GET', path: '/accounts' });
    expect([status, Object.keys(body), body.code]).toEqual([404, ['message', 'code', 'requestId'], 'NOT_FOUND']);
  });

  test('answers errors of what stands behind with the status they were given', async () => {
    payments.take.mockRejectedValue(new KeyReusedError('the key was used for another payment'));
    expect(await call(POST())).toMatchObject({ status: 422, body: { message: 'the key was used for another payment', code: 'KEY_REUSED' } });
    expect(logged).not.toHaveBeenCalled();
  });

  test('says nothing of an error that it does not know, and logs it', async () => {
    const error = new Error('password is hunter2');
    payments.take.mockRejectedValue(error);
    const { status, body } = await call(POST());
    expect([status, body]).toEqual([500, { message: 'Internal Server Error', code: 'INTERNAL_ERROR', requestId: IDS[entrance] }]);
    expect(logged).toHaveBeenCalledWith('request failed', { error, requestId: IDS[entrance] });
  });

  test('sets CORS headers itself behind a REST API only, on errors as well', async () => {
    const origin = entrance === 'restApi' ? 'https://shop.example.com' : undefined;
    for (const request of [POST(REQUEST, { 'idempotency-key': 'k-1', 'origin': 'https://shop.example.com' }), POST('{', { 'idempotency-key': 'k-1', 'origin': 'https://shop.example.com' })]) {
      expect((await call(request)).header('access-control-allow-origin')).toBe(origin);
    }
    expect((await call(POST(REQUEST, { 'idempotency-key': 'k-1', 'origin': 'https://evil.example.com' }))).header('access-control-allow-origin')).toBeUndefined();
  });
});
