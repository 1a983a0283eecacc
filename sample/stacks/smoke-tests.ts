import { ExpectedValue, SmokeTest } from '../../src';

/** A request of an HTTP API with the fields that a handler reads. */
const request = (method: string, path: string) => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: path,
  rawQueryString: '',
  headers: {},
  isBase64Encoded: false,
  requestContext: { http: { method, path }, requestId: 'smoke-test', domainName: 'smoke.test', stage: '$default' },
});

/** A payment without a key is rejected before any side effect: the new version starts, reads its configuration and returns an error. */
export const NO_KEY = SmokeTest.invoke({ payload: request('POST', '/payments'), expect: { statusCode: 400, body: { code: 'MISSING_IDEMPOTENCY_KEY' } } });

/** A notice without a signature is rejected. */
export const NO_SIGNATURE = SmokeTest.invoke({ payload: request('POST', '/webhooks/provider'), expect: { statusCode: 401, body: { code: 'FORGED_WEBHOOK' } } });

/** An empty batch. */
export const NO_NOTICES = SmokeTest.invoke({ payload: { Records: [] }, expect: { batchItemFailures: ExpectedValue.LIST } });

/** An ordinary run, which repeats no work: the new version connects to the ledger with its own login. */
export const NO_WORK = SmokeTest.invoke({ expect: { booked: ExpectedValue.NUMBER, failed: ExpectedValue.NUMBER } });

/** The report on a day before the first payment: the new version reads the ledger with its own login. */
export const NO_PAYMENTS = SmokeTest.invoke({ payload: { day: '2000-01-01' }, expect: { day: '2000-01-01', sums: ExpectedValue.LIST } });
