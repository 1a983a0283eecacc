import type { Context } from 'aws-lambda';
import { EVENTS, ISSUER, type Request } from './events';
import { ChargeUnderWayError, PaymentAbandonedError, PaymentDeclinedError, ProviderUnavailableError } from '../../../sample/domain/errors';
import type { Payment } from '../../../sample/domain/payment';
import { paymentsApi, type PaymentsApiOptions } from '../../../sample/http/payments-api';
import { Tokens } from '../../../sample/http/tokens';
import { contextWith } from '../../support/environments';
import { logger, OutOfTimeError, runInvocation } from 'cdk-production-lambda-runtime';
import { InProgressError, KeyReusedError, ResultLostError } from 'cdk-production-lambda-runtime/idempotency';

const REQUEST = { amount: 1_250, currency: 'EUR', customer: 'c-1' };
const PAYMENT: Payment = { ...REQUEST, id: 'p-1', status: 'charged', takenAt: '2026-11-23T20:00:00.000Z', chargeId: 'ch_1' };
const IDS: Record<string, string> = { httpApi: 'request-id', restApi: 'request-id', functionUrl: 'request-id', loadBalancer: 'lambda-id' };

const logged = jest.spyOn(logger, 'error').mockImplementation();
const payments: jest.Mocked<PaymentsApiOptions['payments']> = { take: jest.fn(), find: jest.fn() };
const tokens = new Tokens({ ...ISSUER, jwksUrl: 'https://login.example.com/keys' });
jest.spyOn(tokens as any, 'fetchKeys').mockResolvedValue(new Map([[ISSUER.kid, ISSUER.keys.publicKey]]));
const api = paymentsApi({ payments, logger, origins: ['https://shop.example.com'], tokens });
const CONTEXT = { ...contextWith(10_000), awsRequestId: 'lambda-id' } as Context;

beforeEach(() => {
  for (const mock of [logged, payments.take, payments.find]) (mock as jest.Mock).mockClear();
  payments.take.mockResolvedValue(PAYMENT);
  payments.find.mockResolvedValue(PAYMENT);
});

const POST = (body: unknown = REQUEST, headers: Record<string, string> = { 'idempotency-key': 'k-1' }): Request =>
  ({ method: 'POST', path: '/payments', body: typeof body === 'string' ? body : JSON.stringify(body), headers });
test('leaves the answer to a load balancer without multi-value headers as it is', async () => {
  const { multiValueHeaders, ...event } = EVENTS.loadBalancer({ method: 'GET', path: '/payments/p-1' }) as { multiValueHeaders: object };
  const result: any = await api({ ...event, headers: { host: 'api.example.com' } }, CONTEXT);
  expect([result.headers['content-type'], multiValueHeaders !== undefined, result.multiValueHeaders]).toEqual(['application/json', true, undefined]);
});

describe.each(Object.keys(EVENTS))('behind %s', entrance => {
  async function call(request: Request): Promise<{ status: number; body: any; header: (name: string) => string | undefined }> {
    const event = EVENTS[entrance](request);
    const result: any = await runInvocation({ event, context: CONTEXT }, () => api(event, CONTEXT));
    // With multi-value headers on, a load balancer reads no others.
    const given = entrance === 'loadBalancer' ? result.multiValueHeaders : { ...result.headers, ...result.multiValueHeaders };
    const headers = Object.entries<any>(given).map(([name, value]) => [name.toLowerCase(), [value].flat().join(', ')]);
    return { status: result.statusCode, body: JSON.parse(result.body), header: name => Object.fromEntries(headers)[name] };
  }

  test('takes a payment', async () => {
    const { status, body, header } = await call(POST());
    expect([status, body, header('location'), header('content-type')]).toEqual([201, PAYMENT, '/payments/p-1', 'application/json']);
    expect(payments.take).toHaveBeenCalledWith({ merchant: 'merchant-1', key: 'k-1', request: REQUEST }, expect.anything());
  });

  test('finds a payment', async () => {
    expect(await call({ method: 'GET', path: '/payments/p-1' })).toMatchObject({ status: 200, body: PAYMENT });
    expect(payments.find).toHaveBeenCalledWith('merchant-1', 'p-1', expect.anything());
  });

  test.each<[string, Request, number, string, string]>([
    ['a body that is no JSON', POST('{'), 400, 'INVALID_PAYMENT', 'the body must be JSON'],
    ['a body that is no payment', POST({ ...REQUEST, amount: -1 }), 400, 'INVALID_PAYMENT', "'amount' must be a positive whole number"],
    ['no idempotency key', POST(REQUEST, {}), 400, 'MISSING_IDEMPOTENCY_KEY', "send an 'Idempotency-Key' header of 1 to 255 printable characters"],
    ['nobody', { ...POST(), caller: null }, 401, 'UNKNOWN_CALLER', 'the request does not identify its caller'],
  ])('answers %s', async (_, request, status, code, message) => {
    expect(await call(request)).toMatchObject({ status, body: { message, code, requestId: IDS[entrance] } });
    expect(payments.take).not.toHaveBeenCalled();
  });

  test('answers a payment that is not there', async () => {
    payments.find.mockResolvedValue(undefined);
    expect(await call({ method: 'GET', path: '/payments/p-2' })).toMatchObject({
      status: 404, body: { message: 'there is no such payment', code: 'PAYMENT_NOT_FOUND', requestId: IDS[entrance] },
    });
  });

  test('answers a path that nobody knows in the same shape', async () => {
    const { status, body } = await call({ method: 'GET', path: '/accounts' });
    expect([status, Object.keys(body), body.code]).toEqual([404, ['message', 'code', 'requestId'], 'NOT_FOUND']);
  });

  test.each<[Error, number, string, string]>([
    [new KeyReusedError('reused'), 422, 'KEY_REUSED', 'the key was used for another payment'],
    [new InProgressError('busy'), 409, 'IN_PROGRESS', 'the payment is being processed; repeat the request'],
    [new PaymentDeclinedError(), 402, 'PAYMENT_DECLINED', 'the payment was declined'],
    [new PaymentAbandonedError(), 410, 'PAYMENT_ABANDONED', 'the payment was given up before it was charged; send it with a new key'],
  ])('answers %s with its status', async (error, status, code, message) => {
    payments.take.mockRejectedValue(error);
    expect(await call(POST())).toMatchObject({ status, body: { code, message } });
    expect(logged).not.toHaveBeenCalled();
  });

  test.each<[Error, number, string]>([
    [new ProviderUnavailableError('the provider at 10.0.0.1 answered 503'), 502, 'PROVIDER_UNAVAILABLE'],
    [new ResultLostError('saved in format 2'), 503, 'NOT_FINISHED'],
    [new ChargeUnderWayError('the provider at 10.0.0.1 did not respond'), 502, 'PROVIDER_UNAVAILABLE'], [new OutOfTimeError('in the middle'), 503, 'OUT_OF_TIME'],
  ])('answers %s with the advice to try again, and logs what it was', async (error, status, code) => {
    payments.take.mockRejectedValue(error);
    expect(await call(POST())).toMatchObject({ status, body: { code, message: 'the payment could not be finished now; send it again with the same key' } });
    expect(logged).toHaveBeenCalledWith('request failed', { error, requestId: IDS[entrance] });
  });

  // Each of them may come after the charge.
  test.each<[string, Error]>([
    ['a connection that was reset', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
    ['a database that fails over', Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' })],
    ['a record that is not saved', Object.assign(new Error('Failed to save success record to idempotency store'), { name: 'IdempotencyPersistenceLayerError' })],
    ['an error that nobody knows', new TypeError('password is hunter2')],
  ])('answers %s with the advice to repeat, says nothing else of it, and logs it', async (_, error) => {
    payments.take.mockRejectedValue(error);
    const { status, body } = await call(POST());
    expect([status, body]).toEqual([503, { message: 'the payment could not be finished now; send it again with the same key', code: 'NOT_FINISHED', requestId: IDS[entrance] }]);
    expect(logged).toHaveBeenCalledWith('request failed', { error: expect.objectContaining({ cause: error }), requestId: IDS[entrance] });
  });

  test('says nothing of an error that comes where nothing was charged, and logs it', async () => {
    const error = new Error('password is hunter2');
    payments.find.mockRejectedValue(error);
    const { status, body } = await call({ method: 'GET', path: '/payments/p-1' });
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
