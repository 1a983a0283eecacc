import { contextOf } from '../../../testing/src/events/context';
import { functionUrlEvent, httpApiEvent, loadBalancerEvent, restApiEvent } from '../../../testing/src/events/http-events';
import { dynamoDbEvent, kafkaEvent, kinesisEvent, mskEvent, s3Event, snsEvent, sqsEvent } from '../../../testing/src/events/record-events';
import {
  codeDeployHookEvent, eventBridgeEvent, postConfirmationEvent, preSignUpEvent, preTokenGenerationEvent, scheduledEvent, schedulerEvent,
} from '../../../testing/src/events/service-events';

test('the remaining time of a context runs out', () => {
  jest.useFakeTimers();
  const context = contextOf({ remainingMillis: 1_000 });
  expect(context.getRemainingTimeInMillis()).toBe(1_000);
  jest.advanceTimersByTime(400);
  expect(context.getRemainingTimeInMillis()).toBe(600);
  jest.advanceTimersByTime(900);
  expect(context.getRemainingTimeInMillis()).toBe(0);
  jest.useRealTimers();
});

describe('requests', () => {
  const request = { method: 'POST', path: '/payments/a%20b/items/c/d', route: '/payments/{id}/items/{rest+}', body: { amount: 1 }, query: { page: '2' }, claims: { sub: 'ana' } };

  test('an HTTP API reads the parameters of the route, and claims are below jwt', () => {
    expect(httpApiEvent(request)).toMatchObject({
      version: '2.0',
      routeKey: 'POST /payments/{id}/items/{rest+}',
      rawQueryString: 'page=2',
      pathParameters: { id: 'a b', rest: 'c/d' },
      body: '{"amount":1}',
      isBase64Encoded: false,
      headers: { 'content-type': 'application/json' },
      requestContext: { authorizer: { jwt: { claims: { sub: 'ana' } } }, http: { method: 'POST' } },
    });
  });

  test('what has no value is absent in payload 2.0 and null in 1.0', () => {
    expect(Object.keys(httpApiEvent())).toEqual(['version', 'routeKey', 'rawPath', 'rawQueryString', 'headers', 'requestContext', 'isBase64Encoded']);
    expect(restApiEvent()).toMatchObject({
      body: null, pathParameters: null, queryStringParameters: null, multiValueQueryStringParameters: null, stageVariables: null,
    });
  });

  test('a REST API has every header twice, in title case', () => {
    expect(restApiEvent(request)).toMatchObject({
      resource: request.route,
      pathParameters: { id: 'a b', rest: 'c/d' },
      headers: { 'Content-Type': 'application/json' },
      multiValueHeaders: { 'Content-Type': ['application/json'] },
      requestContext: { authorizer: { claims: { sub: 'ana' } } },
    });
  });

  test('a function URL has no routes, and the principal that signed', () => {
    const event = functionUrlEvent({ ...request, principal: 'arn:aws:iam::000000000000:role/app' });
    expect(event).not.toHaveProperty('pathParameters');
    expect(event).toMatchObject({ routeKey: '$default', requestContext: { authorizer: { iam: { userArn: 'arn:aws:iam::000000000000:role/app' } } } });
  });

  test('a load balancer has single or multiple values', () => {
    expect(loadBalancerEvent(request)).toMatchObject({ headers: { host: 'api.example.com' }, queryStringParameters: { page: '2' } });
    expect(loadBalancerEvent(request, { multiValueHeaders: true })).toMatchObject({ multiValueHeaders: { host: ['api.example.com'] } });
    expect(loadBalancerEvent(request, { multiValueHeaders: true })).not.toHaveProperty('headers');
  });

  test('a load balancer does not decode the query, API Gateway does', () => {
    const query = { 'from date': 'a=b' };
    expect(loadBalancerEvent({ query })).toMatchObject({ queryStringParameters: { 'from%20date': 'a%3Db' } });
    expect(loadBalancerEvent({ query }, { multiValueHeaders: true })).toMatchObject({ multiValueQueryStringParameters: { 'from%20date': ['a%3Db'] } });
    expect(restApiEvent({ query })).toMatchObject({ queryStringParameters: query });
    expect(httpApiEvent({ query })).toMatchObject({ queryStringParameters: query });
  });

  test('a body that is no text is encoded', () => {
    const body = Buffer.from([0xff, 0]);
    expect(httpApiEvent({ body })).toMatchObject({ body: '/wA=', isBase64Encoded: true });
    expect(httpApiEvent({ body: new Uint8Array(body) })).toMatchObject({ body: '/wA=', isBase64Encoded: true });
    expect(kinesisEvent([{ data: new Uint8Array(body) }]).Records[0].kinesis.data).toBe('/wA=');
    expect(httpApiEvent({ body, headers: { 'Content-Type': 'image/png' } })).toMatchObject({ body: '/wA=', isBase64Encoded: true });
  });
});

describe('records', () => {
  test('a FIFO queue has groups and rising sequence numbers, a standard queue has none', () => {
    const [first, second] = sqsEvent([{ body: { n: 1 }, groupId: 'a' }, { body: 'text', receiveCount: 3 }], { queue: 'orders.fifo' }).Records;
    expect(first).toMatchObject({ body: '{"n":1}', attributes: { MessageGroupId: 'a', ApproximateReceiveCount: '1' }, eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:orders.fifo' });
    expect(second).toMatchObject({ body: 'text', md5OfBody: '1cb251ec0d568de6a929b520c4aed8d1', attributes: { ApproximateReceiveCount: '3' } });
    expect(BigInt(second.attributes.SequenceNumber!)).toBeGreaterThan(BigInt(first.attributes.SequenceNumber!));
    expect(sqsEvent([{ body: '' }]).Records[0].attributes).not.toHaveProperty('MessageGroupId');
  });

  test('streams: data is encoded, and the kind of change follows from the images', () => {
    expect(Buffer.from(kinesisEvent([{ data: { n: 1 } }]).Records[0].kinesis.data, 'base64').toString()).toBe('{"n":1}');
    const image = { id: { S: '1' } };
    const changes = [{ keys: image, newImage: image }, { keys: image, newImage: image, oldImage: image }, { keys: image, oldImage: image }];
    const names = dynamoDbEvent(changes).Records.map(({ eventName }) => eventName);
    expect(names).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
  });

  test('keys of objects are encoded as S3 encodes them', () => {
    expect(s3Event([{ key: 'in voices/ä.pdf' }]).Records[0].s3.object.key).toBe('in+voices/%C3%A4.pdf');
  });

  test('topics', () => {
    expect(snsEvent({ message: { n: 1 }, subject: 'news' }).Records[0].Sns).toMatchObject({ Message: '{"n":1}', Subject: 'news' });
    const records = [{ value: 'a' }, { value: 'b', headers: { kind: 'x' } }, { value: 'c', partition: 2 }];
    for (const event of [mskEvent(records, { topic: 't' }), kafkaEvent(records, { topic: 't' })]) {
      expect(Object.keys(event.records)).toEqual(['t-0', 't-2']);
      expect(event.records['t-0'].map(({ offset, value }) => [offset, Buffer.from(value, 'base64').toString()])).toEqual([[0, 'a'], [1, 'b']]);
      expect(event.records['t-0'][1].headers).toEqual([{ kind: [120] }]);
    }
  });
});

test('events of services', () => {
  expect(eventBridgeEvent({ source: 'shop', detailType: 'Paid', detail: { id: 1 } })).toMatchObject({ 'detail-type': 'Paid', 'detail': { id: 1 }, 'time': expect.stringMatching(/:\d\dZ$/) });
  expect(scheduledEvent({ rule: 'nightly' })).toMatchObject({ 'detail-type': 'Scheduled Event', 'resources': ['arn:aws:events:eu-central-1:000000000000:rule/nightly'] });
  expect(schedulerEvent('{"at":"<aws.scheduler.scheduled-time>","try":<aws.scheduler.attempt-number>}', { scheduledTime: new Date(0), attempt: 2 })).toEqual({ at: '1970-01-01T00:00:00Z', try: 2 });
  expect(codeDeployHookEvent()).toEqual({ DeploymentId: 'd-EXAMPLE123', LifecycleEventHookExecutionId: expect.any(String) });
  expect(preSignUpEvent({ userName: 'ana' })).toMatchObject({ triggerSource: 'PreSignUp_SignUp', userName: 'ana', response: { autoConfirmUser: false } });
  expect(postConfirmationEvent({ userAttributes: { email: 'a@b' } }).request.userAttributes).toEqual({ email: 'a@b' });
  expect(preTokenGenerationEvent({ groups: ['admins'] }).request.groupConfiguration.groupsToOverride).toEqual(['admins']);
});
