import { Shape, SmokeTest } from '../../src';

/** A request of HTTP API as far as a handler looks at it. */
const request = (method: string, path: string) => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: path,
  rawQueryString: '',
  headers: {},
  isBase64Encoded: false,
  requestContext: { http: { method, path }, requestId: 'smoke-test', domainName: 'smoke.test', stage: '$default' },
});

/** Without a key a payment is refused before anything is touched: the new version starts, reads its configuration and says no. */
export const NO_KEY = SmokeTest.invoke({ payload: request('POST', '/payments'), expect: { statusCode: 400, body: { code: 'MISSING_IDEMPOTENCY_KEY' } } });

/** Without a signature a notice is refused. */
export const NO_SIGNATURE = SmokeTest.invoke({ payload: request('POST', '/webhooks/provider'), expect: { statusCode: 401, body: { code: 'FORGED_WEBHOOK' } } });

/** A batch of nothing. */
export const NO_NOTICES = SmokeTest.invoke({ payload: { Records: [] }, expect: { batchItemFailures: Shape.LIST } });

/** A run like any other, which repeats nothing that was done: the new version reaches the ledger by its own login. */
export const NO_WORK = SmokeTest.invoke({ expect: { booked: Shape.NUMBER, failed: Shape.NUMBER } });
