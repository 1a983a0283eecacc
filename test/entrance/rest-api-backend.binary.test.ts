import { gunzipSync, gzipSync } from 'node:zlib';
import { ANY, ENTRANCES, OPEN, Payments, errorOf } from './app';
import { Access, Entrance, type RestApiEntranceOptions } from '../../src';

const PNG = Buffer.from('89504e470d0a1a0a00ff', 'hex');
const access = Access.unauthenticated({ reason: OPEN });

interface Reply {
  readonly contentType: string;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** A handler for every entrance: it reads and writes binary bodies by `isBase64Encoded`. */
function handler(event: { body: string; isBase64Encoded: boolean }, reply: 'echo' | 'compressed'): Reply {
  const bytes = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
  if (reply === 'echo') return { contentType: 'image/png', body: bytes.toString('base64'), isBase64Encoded: true };
  return { contentType: 'application/json', body: gzipSync(JSON.stringify({ bytes: bytes.length })).toString('base64'), isBase64Encoded: true };
}

/**
 * What an entrance passes to the handler and returns to the caller, by AWS's rules for encodings and the synthesised template.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
function call(kind: string, options: RestApiEntranceOptions | undefined, request: { type: string; body: Buffer; accept: string }, reply: 'echo' | 'compressed'): Buffer {
  const stack = new Payments();
  const entrance = ENTRANCES[kind](stack);
  stack.entrance({ ...entrance, ...options && { entrance: Entrance.restApi(options) }, access, routes: [{ method: ANY, path: '/payments', function: stack.pay }] });
  const types: string[] | undefined = Object.values<any>(stack.template().findResources('AWS::ApiGateway::RestApi'))[0]?.Properties.BinaryMediaTypes;
  const isBinary = (type: string) => types === undefined ? !/^(text\/|application\/(json|javascript|xml))/.test(type) : types.includes('*/*') || types.includes(type);
  const isBase64Encoded = isBinary(request.type);
  const { body, isBase64Encoded: encoded } = handler({ body: request.body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded }, reply);
  const decodes = kind !== 'restApi' || isBinary(request.accept.split(',')[0]);
  return Buffer.from(body, encoded && decodes ? 'base64' : 'utf8');
}

describe('one handler behind each entrance', () => {
  const KINDS = Object.keys(ENTRANCES);

  test.each(KINDS)('receives an uploaded image, and returns it to a client that accepts images, behind %s', kind => {
    expect(call(kind, undefined, { type: 'image/png', body: PNG, accept: 'image/png,*/*' }, 'echo')).toEqual(PNG);
  });

  test.each(KINDS)('returns images and compressed bodies to every client, behind %s', kind => {
    const options = kind === 'restApi' ? { binaryMediaTypes: ['*/*'] } : undefined;
    for (const accept of ['*/*', 'text/html,*/*', 'application/json']) {
      expect(call(kind, options, { type: 'image/png', body: PNG, accept }, 'echo')).toEqual(PNG);
      expect(JSON.parse(gunzipSync(call(kind, options, { type: 'application/json', body: Buffer.from('{}'), accept }, 'compressed')).toString())).toEqual({ bytes: 2 });
    }
  });

  test('fails behind a REST API without the types, which is why synthesis says how to set them', () => {
    expect(call('restApi', { binaryMediaTypes: [] }, { type: 'image/png', body: PNG, accept: 'image/png' }, 'echo')).not.toEqual(PNG);
    expect(call('restApi', undefined, { type: 'image/png', body: PNG, accept: '*/*' }, 'echo')).not.toEqual(PNG);
  });
});

function build(options: RestApiEntranceOptions = {}, props = {}): Payments {
  const stack = new Payments();
  stack.entrance({ entrance: Entrance.restApi(options), access, ...props });
  return stack;
}

/** What synthesis says about the bodies. It says other things about the release. */
const infos = (stack: Payments): string[] => {
  stack.template();
  const all = stack.node.findAll().flatMap(node => node.node.metadata).filter(({ type }) => type === 'aws:cdk:info').map(({ data }) => String(data));
  return all.filter(text => !text.includes('cdk-production-lambda:CanaryAlias.'));
};

test('synthesis says what a REST API does with binary responses, unless the types are set or the responses are streamed', () => {
  expect(infos(build())).toEqual([expect.stringContaining("set 'binaryMediaTypes' of Entrance.restApi to [] if all bodies are text, or to ['*/*']")]);
  // can be acknowledged
  expect(infos(build())).toEqual([expect.stringContaining('[ack: cdk-production-lambda:HttpEntrance.binaryResponses]')]);
  expect(infos(build({ binaryMediaTypes: [] }))).toEqual([]);
  expect(infos(build({}, { streaming: true }))).toEqual([]);
});

test('preflight requests are answered if every type is binary', () => {
  const cors = { allowOrigins: ['https://a.example.com'] };
  const contentHandling = (options: RestApiEntranceOptions) => Object.values<any>(build(options, { cors }).template().findResources('AWS::ApiGateway::Method'))
    .find(({ Properties }) => Properties.HttpMethod === 'OPTIONS').Properties.Integration.ContentHandling;
  expect(contentHandling({ binaryMediaTypes: ['*/*'] })).toBe('CONVERT_TO_TEXT');
  expect(contentHandling({})).toBeUndefined();
});

test.each(['image', 'image/png; q=1', 'image/png,image/gif', '', '.png'])('fails when a type is %j', type => {
  expect(errorOf(() => build({ binaryMediaTypes: ['image/png', type] }))).toBe(`'binaryMediaTypes' must contain media types, got '${type}'; write them as image/png, without parameters (at Payments/Api)`);
});

test.each(['image/*', '*/*', 'application/vnd.api+json'])('accepts the type %s', type => {
  build({ binaryMediaTypes: [type] }).template().hasResourceProperties('AWS::ApiGateway::RestApi', { BinaryMediaTypes: [type] });
});
