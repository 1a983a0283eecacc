import { NotFoundError } from '@aws-lambda-powertools/event-handler/http';
import { httpApiEvent, loadBalancerEvent, restApiEvent } from '../../testing/src/events/http-events';
import { contextWith } from '../support/environments';
import { errorAnswer, type ErrorRule, hasErrorAnswer, logger, observed, OutOfTimeError, runInvocation, withErrorAnswers } from 'cdk-production-lambda-runtime';
import { InProgressError, KeyReusedError, MissingKeyError, ResultLostError } from 'cdk-production-lambda-runtime/idempotency';

class InvalidOrderError extends Error { public readonly name = 'InvalidOrderError'; }
class BrokenError extends Error { public readonly name = 'BrokenError'; }
class UnnamedError extends Error {}
const RULES: ErrorRule[] = [{ type: UnnamedError, status: 402 }, { type: InvalidOrderError, status: 400 }, { type: BrokenError, status: 502, code: 'UPSTREAM', message: 'try again' }];
const logged = jest.spyOn(logger, 'error').mockImplementation();
beforeEach(() => logged.mockClear());

const read = (error: unknown, rules = RULES) => {
  const { statusCode, body, headers } = errorAnswer(error, rules);
  expect(headers).toEqual({ 'content-type': 'application/json' });
  return [statusCode, JSON.parse(body)];
};

test.each<[unknown, number, object]>([
  [new InvalidOrderError("'amount' must be positive"), 400, { message: "'amount' must be positive", code: 'INVALID_ORDER' }],
  [new BrokenError('10.0.0.1 answered 503'), 502, { message: 'try again', code: 'UPSTREAM' }],
  [new MissingKeyError('no key'), 400, { message: 'no key', code: 'MISSING_KEY' }],
  [new InProgressError('busy'), 409, { message: 'busy', code: 'IN_PROGRESS' }],
  [new KeyReusedError('reused'), 422, { message: 'reused', code: 'KEY_REUSED' }],
  [new ResultLostError('too large'), 500, { message: 'Internal Server Error', code: 'RESULT_LOST' }],
  [new OutOfTimeError('late'), 503, { message: 'the request could not be finished in time; send it again', code: 'OUT_OF_TIME' }],
  [new NotFoundError('no such route'), 404, { message: 'no such route', code: 'NOT_FOUND' }],
  [Object.assign(new Error('teapot'), { name: 'TeapotError', statusCode: 418, expose: true }), 418, { message: 'teapot', code: 'TEAPOT' }],
  [Object.assign(new Error('secret of another API'), { statusCode: 404 }), 500, { message: 'Internal Server Error', code: 'INTERNAL_ERROR' }],
  [new Error('password is hunter2'), 500, { message: 'Internal Server Error', code: 'INTERNAL_ERROR' }],
  [Object.assign(new Error('no disk'), { name: 'ServiceUnavailableError', statusCode: 503, expose: false }), 503, { message: 'Internal Server Error', code: 'SERVICE_UNAVAILABLE' }],
  [Object.assign(new Error('secret'), { statusCode: 404, expose: false }), 500, { message: 'Internal Server Error', code: 'INTERNAL_ERROR' }],
  [new UnnamedError('no name'), 402, { message: 'no name', code: 'UNNAMED' }],
  [Object.assign(new Error('slowly'), { statusCode: 429, expose: true }), 429, { message: 'slowly', code: 'ERROR' }],
  [null, 500, { message: 'Internal Server Error', code: 'INTERNAL_ERROR' }],
  [undefined, 500, { message: 'Internal Server Error', code: 'INTERNAL_ERROR' }],
  ['a text', 500, { message: 'Internal Server Error', code: 'INTERNAL_ERROR' }],
])('%s is answered with %d', (error, status, body) => {
  expect(read(error)).toEqual([status, body]);
  expect(logged).toHaveBeenCalledTimes(status >= 500 ? 1 : 0);
  expect(hasErrorAnswer(error, RULES)).toBe((body as { code: string }).code !== 'INTERNAL_ERROR');
});

test('a rule comes before the answers of this package', () => {
  expect(read(new InProgressError('busy'), [{ type: InProgressError, status: 425, message: 'wait' }])).toEqual([425, { message: 'wait', code: 'IN_PROGRESS' }]);
});

test.each<[string, object, string]>([
  ['the one of the entrance', { requestContext: { requestId: 'api-id' } }, 'api-id'], ['the one of Lambda without an entrance', {}, contextWith(1).awsRequestId],
])('the request id is %s, in the answer and in the log', async (_, event, requestId) => {
  const handler = withErrorAnswers(async () => { throw new BrokenError('no'); }, RULES);
  const answer: any = await runInvocation({ event, context: contextWith(1_000) }, () => handler(event, contextWith(1_000)));
  expect(JSON.parse(answer.body).requestId).toBe(requestId);
  expect(logged).toHaveBeenCalledWith('request failed', { error: expect.any(BrokenError), requestId });
});

test.each<[string, object, object]>([
  ['the target group of HttpEntrance, which has multi-value headers', loadBalancerEvent({}, { multiValueHeaders: true }), { isBase64Encoded: false, multiValueHeaders: { 'content-type': ['application/json'] } }],
  ['another target group', loadBalancerEvent(), { isBase64Encoded: false }],
  ['a REST API', restApiEvent(), {}],
  ['an HTTP API', httpApiEvent(), {}],
])('the answer to %s has the headers that it reads', (_, event, more) => {
  const { statusCode, body, headers, ...others } = runInvocation({ event, context: contextWith(1_000) }, () => errorAnswer(new InvalidOrderError('no'), RULES));
  expect([statusCode, headers, others]).toEqual([400, { 'content-type': 'application/json' }, more]);
});

test('a handler that is observed already is rejected: its answers would not be counted', () => {
  const handler = observed(async () => ({ statusCode: 200 }));
  expect(() => withErrorAnswers(handler)).toThrow(/^'handler' must not be observed already.*; write observed\(withErrorAnswers\(handler\)\)$/);
  expect(() => observed(withErrorAnswers(async () => ({ statusCode: 200 })))).not.toThrow();
});

test('a handler that answers is not changed', async () => {
  expect(await withErrorAnswers(async () => ({ statusCode: 201 }))({}, contextWith(1_000))).toEqual({ statusCode: 201 });
});
