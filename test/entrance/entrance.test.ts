import { aws_ec2 as ec2, Duration, Size } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Payments } from './app';
import { Access, Entrance, type EntranceNeed, HttpEntrance } from '../../src';

const FLAGS = ['privateNetwork', 'waf', 'validation', 'streaming', 'jwt', 'iam', 'mutualTls', 'usagePlans', 'staticAddress', 'severalFunctions', 'domain', 'heavyTraffic'] as const;

/** What each entrance lacks, written down a second time and by need, from the tables of AWS's documentation. */
const LACKING: Record<string, readonly string[]> = {
  'a function URL': ['privateNetwork', 'waf', 'validation', 'jwt', 'mutualTls', 'usagePlans', 'staticAddress', 'severalFunctions', 'domain'],
  'a function URL behind CloudFront': ['privateNetwork', 'validation', 'jwt', 'iam', 'mutualTls', 'usagePlans', 'staticAddress', 'severalFunctions'],
  'an HTTP API': ['privateNetwork', 'waf', 'validation', 'streaming', 'usagePlans', 'staticAddress'],
  'a REST API': ['jwt', 'staticAddress'],
  'a load balancer': ['validation', 'streaming', 'iam', 'usagePlans'],
};
/** How many seconds each waits, plain and streamed, and how many MiB it takes and gives. */
const MOST: Record<string, { wait: number; streamed?: number; request: number; response: number; stream?: number }> = {
  'a function URL': { wait: 900, request: 6, response: 6, stream: 200 },
  'a function URL behind CloudFront': { wait: 120, request: 6, response: 6, stream: 200 },
  'an HTTP API': { wait: 30, request: 6, response: 6 },
  'a REST API': { wait: 29, streamed: 900, request: 6, response: 6, stream: 200 },
  'a load balancer': { wait: 900, request: 1, response: 1 },
};
// Each is too much for one kind of entrance more; what is too much for all is tried at the edges below.
const WAITS = [undefined, 31, 121];
const REQUESTS = [undefined, 2];
const RESPONSES = [undefined, 2, 7];
const PRICE = ['a function URL', 'an HTTP API', 'a function URL behind CloudFront', 'a REST API', 'a load balancer'];
const PRICE_UNDER_LOAD = ['a function URL', 'a load balancer', 'an HTTP API', 'a function URL behind CloudFront', 'a REST API'];

// Thousands of needs have no answer, and nobody reads where that was found.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

const stack = new Payments();
const vpc = stack.vpc();
const OFFER: EntranceNeed = { loadBalancer: { vpc }, restApi: { vpcEndpoints: [vpc.addInterfaceEndpoint('ApiEndpoint', { service: ec2.InterfaceVpcEndpointAwsService.APIGATEWAY })] } };

function chosen(need: EntranceNeed, offer: EntranceNeed = OFFER): string | undefined {
  try {
    return Entrance.cheapestFor({ ...need, ...offer })._kind;
  } catch {
    return undefined;
  }
}

function sizeOf(mebibytes: number | undefined): Size | undefined {
  return mebibytes === undefined ? undefined : Size.mebibytes(mebibytes);
}

/** The decision by the second table. A private REST API has neither domain nor client certificates here. */
function expected(need: EntranceNeed, wait = 0, request = 0, response = 0): string | undefined {
  const asked = FLAGS.filter(flag => need[flag]);
  return (need.heavyTraffic ? PRICE_UNDER_LOAD : PRICE).find(kind => {
    const most = MOST[kind];
    return !asked.some(flag => LACKING[kind].includes(flag))
      && !(kind === 'a REST API' && need.privateNetwork && (need.domain || need.mutualTls))
      && wait <= (need.streaming && most.streamed || most.wait)
      && request <= most.request
      && response <= (need.streaming && most.stream || most.response);
  });
}

/** Each need with and without each of the others. */
function combinations(flags: string[]): EntranceNeed[] {
  return flags.reduce<EntranceNeed[]>((needs, flag) => needs.flatMap(need => [need, { ...need, [flag]: true }]), [{}]);
}

describe.each(WAITS)('cheapestFor decides every combination of needs as the table says, for a wait of %p s', wait => {
  const waits = wait === undefined ? undefined : Duration.seconds(wait);
  const sizes = REQUESTS.flatMap(request => RESPONSES.map(response => [request, response] as const));

  test.each(sizes)('requests of %p and responses of %p MiB', (request, response) => {
    const limits = { longestWait: waits, requestSize: sizeOf(request), responseSize: sizeOf(response) };
    const all = combinations([...FLAGS]);
    const wrong = all.filter(need => chosen({ ...need, ...limits }) !== expected(need, wait, request, response));
    expect([all.length, wrong]).toEqual([2 ** FLAGS.length, []]);
  });
});

test('each entrance is the least expensive answer to some needs, and some needs have none', () => {
  expect([...new Set(combinations([...FLAGS]).map(need => chosen(need) ?? 'none'))].sort()).toEqual([...PRICE, 'none'].sort());
});

describe('cheapestFor', () => {
  test.each<[EntranceNeed, string | undefined]>([
    [{}, 'a function URL'],
    [{ longestWait: Duration.seconds(900) }, 'a function URL'],
    [{ longestWait: Duration.seconds(901) }, undefined],
    [{ severalFunctions: true, longestWait: Duration.seconds(30) }, 'an HTTP API'],
    [{ severalFunctions: true, longestWait: Duration.seconds(31) }, 'a load balancer'],
    [{ validation: true, longestWait: Duration.seconds(29) }, 'a REST API'],
    [{ validation: true, longestWait: Duration.seconds(30) }, undefined],
    [{ validation: true, streaming: true, longestWait: Duration.seconds(900) }, 'a REST API'],
    [{ validation: true, streaming: true, longestWait: Duration.seconds(901) }, undefined],
    [{ domain: true, streaming: true, longestWait: Duration.seconds(120) }, 'a function URL behind CloudFront'],
    [{ domain: true, streaming: true, longestWait: Duration.seconds(121) }, 'a REST API'],
    [{ requestSize: Size.mebibytes(6) }, 'a function URL'],
    [{ requestSize: Size.mebibytes(7) }, undefined],
    [{ responseSize: Size.mebibytes(6) }, 'a function URL'],
    [{ responseSize: Size.mebibytes(7) }, undefined],
    [{ responseSize: Size.mebibytes(200), streaming: true }, 'a function URL'],
    [{ responseSize: Size.mebibytes(201), streaming: true }, undefined],
    [{ jwt: true, waf: true, requestSize: Size.mebibytes(1) }, 'a load balancer'],
    [{ jwt: true, waf: true, requestSize: Size.kibibytes(1_025) }, undefined],
    [{ jwt: true, waf: true, responseSize: Size.mebibytes(1) }, 'a load balancer'],
    [{ jwt: true, waf: true, responseSize: Size.kibibytes(1_025) }, undefined],
    [{ heavyTraffic: true, jwt: true }, 'a load balancer'],
    [{ heavyTraffic: false, jwt: true }, 'an HTTP API'],
  ])('for %j takes %s', (need, kind) => {
    expect(chosen(need)).toBe(kind);
  });

  test('counts the timeout quota that AWS has raised', () => {
    const offer = { restApi: { raisedTimeoutQuota: Duration.seconds(60) } };
    expect(chosen({ validation: true, longestWait: Duration.seconds(60) }, offer)).toBe('a REST API');
    expect(chosen({ validation: true, longestWait: Duration.seconds(61) }, offer)).toBeUndefined();
  });

  test('says why, one sentence for each entrance up to the one that it takes', () => {
    expect(Entrance.cheapestFor({ waf: true, severalFunctions: true }).reasons).toEqual([
      'not a function URL: AWS WAF has no place in front of it and it leads to one function',
      'not an HTTP API: AWS WAF has no place in front of it',
      'not a function URL behind CloudFront: it leads to one function',
      'a REST API: the least expensive that can do all that is needed',
    ]);
    expect(Entrance.cheapestFor({ longestWait: Duration.minutes(1), responseSize: Size.mebibytes(2), severalFunctions: false }).reasons)
      .toEqual(['a function URL: the least expensive that can do all that is needed']);
    expect(Entrance.httpApi().reasons).toEqual([]);
  });

  test('builds what it took: a private REST API, an internal load balancer, a distribution', () => {
    const [handler, path] = [stack.pay, '/'];
    const build = (id: string, need: EntranceNeed) =>
      new HttpEntrance(stack, id, {
        entrance: Entrance.cheapestFor({ ...need, ...OFFER }), access: Access.publicBecause('test'), routes: [{ path, handler }], ...need.domain ? { domain: stack.domain } : {},
      });
    build('Private', { privateNetwork: true, validation: true });
    build('Internal', { privateNetwork: true, domain: true });
    build('Edge', { domain: true, waf: true, streaming: true });
    build('Plain', { validation: true });
    const template = stack.template();
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: Match.objectLike({ Types: ['PRIVATE'] }) });
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] } });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' });
    template.resourceCountIs('AWS::CloudFront::Distribution', 1);
  });

  test('fails when no entrance can, with the reason for each', () => {
    const need = { jwt: true, validation: true, longestWait: Duration.minutes(16), requestSize: Size.mebibytes(20) };
    expect(() => Entrance.cheapestFor(need)).toThrow(new Error(
      'no entrance can do all that is needed: '
      + "not a function URL: it doesn't check requests against a schema, it doesn't check JSON Web Tokens, it waits at most 900 s, asked for 960 s and its requests are at most 6 MiB, asked for 20 MiB; "
      + "not an HTTP API: it doesn't check requests against a schema, it waits at most 30 s, asked for 960 s and its requests are at most 6 MiB, asked for 20 MiB; "
      + "not a function URL behind CloudFront: it doesn't check requests against a schema, it doesn't check JSON Web Tokens, it waits at most 120 s, asked for 960 s and its requests are at most 6 MiB, asked for 20 MiB; "
      + "not a REST API: it doesn't check JSON Web Tokens, it waits at most 29 s, asked for 960 s and its requests are at most 6 MiB, asked for 20 MiB; "
      + "not a load balancer: it doesn't check requests against a schema, it waits at most 900 s, asked for 960 s, its requests are at most 1 MiB, asked for 20 MiB and 'loadBalancer', with its VPC, is not given; "
      + 'split the API, or drop a need',
    ));
  });

  test.each<[EntranceNeed, EntranceNeed, string]>([
    [{ staticAddress: true }, {}, "not a load balancer: 'loadBalancer', with its VPC, is not given"],
    [{ staticAddress: true }, {}, 'not a REST API: nothing gives it static IP addresses; a load balancer stands behind a Global Accelerator or a Network Load Balancer'],
    [{ privateNetwork: true }, {}, "not a REST API: 'vpcEndpoints' of 'restApi' are not given"],
    [{ privateNetwork: true, domain: true }, {}, 'not a REST API: a private API has no domain name of its own here'],
    [{ privateNetwork: true, mutualTls: true }, {}, "not a REST API: a private API doesn't check client certificates"],
    [{ privateNetwork: true, streaming: true, usagePlans: true, iam: true }, {}, 'not an HTTP API: it is reached from the internet, it doesn\'t stream responses and it has no API keys'],
    [{ validation: true, iam: true, domain: true, privateNetwork: true }, {}, "not a load balancer: it doesn't check requests against a schema, it doesn't check AWS signatures and"],
    [{ mutualTls: true, domain: true, iam: true, waf: true, streaming: true, privateNetwork: true }, {}, "not a function URL: it is reached from the internet, AWS WAF has no place in front of it, it doesn't check client certificates and it has no domain name of its own"],
  ])('says of %j with %j: %s', (need, offer, sentence) => {
    expect(() => Entrance.cheapestFor({ ...need, ...offer })).toThrow(sentence);
  });
});
