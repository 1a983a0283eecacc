import { aws_ec2 as ec2, Duration, Size } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Payments } from './app';
import { Access, Entrance, type EntranceRequirements, HttpEntrance } from '../../src';

const FLAGS = ['privateNetwork', 'waf', 'validation', 'streaming', 'jwt', 'iam', 'mutualTls', 'usagePlans', 'staticAddress', 'severalFunctions', 'domain', 'heavyTraffic'] as const;

/** The requirements that each entrance does not meet, from the tables of the AWS documentation, independent of the code under test. */
const LACKING: Record<string, readonly string[]> = {
  'a function URL': ['privateNetwork', 'waf', 'validation', 'jwt', 'mutualTls', 'usagePlans', 'staticAddress', 'severalFunctions', 'domain'],
  'a function URL behind CloudFront': ['privateNetwork', 'validation', 'jwt', 'iam', 'mutualTls', 'usagePlans', 'staticAddress', 'severalFunctions'],
  'an HTTP API': ['privateNetwork', 'waf', 'validation', 'streaming', 'usagePlans', 'staticAddress'],
  'a REST API': ['jwt', 'staticAddress'],
  'a load balancer': ['validation', 'streaming', 'iam', 'usagePlans'],
};
/** The timeout of each entrance in seconds, plain and streamed, and its largest request and response in MiB. */
const MOST: Record<string, { wait: number; streamed?: number; request: number; response: number; stream?: number }> = {
  'a function URL': { wait: 900, request: 6, response: 6, stream: 200 },
  'a function URL behind CloudFront': { wait: 120, request: 6, response: 6, stream: 200 },
  'an HTTP API': { wait: 30, request: 6, response: 6 },
  'a REST API': { wait: 29, streamed: 900, request: 6, response: 6, stream: 200 },
  'a load balancer': { wait: 900, request: 1, response: 1 },
};
// Each value excludes one more kind of entrance; values that exclude all kinds are in the tests of single requirements below.
const WAITS = [undefined, 31, 121];
const REQUESTS = [undefined, 2];
const RESPONSES = [undefined, 2, 7];
const PRICE = ['a function URL', 'an HTTP API', 'a function URL behind CloudFront', 'a REST API', 'a load balancer'];
const PRICE_UNDER_LOAD = ['a function URL', 'a load balancer', 'an HTTP API', 'a function URL behind CloudFront', 'a REST API'];

// No entrance meets thousands of the combinations, and stack traces of these errors are not needed.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

const stack = new Payments();
const vpc = stack.vpc();
const OFFER: EntranceRequirements = { loadBalancer: { vpc }, restApi: { vpcEndpoints: [vpc.addInterfaceEndpoint('ApiEndpoint', { service: ec2.InterfaceVpcEndpointAwsService.APIGATEWAY })] } };

function chosen(need: EntranceRequirements, offer: EntranceRequirements = OFFER): string | undefined {
  try {
    return Entrance.cheapestFor({ ...need, ...offer })._spec.kind;
  } catch {
    return undefined;
  }
}

function sizeOf(mebibytes: number | undefined): Size | undefined {
  return mebibytes === undefined ? undefined : Size.mebibytes(mebibytes);
}

/** The selection by these tables. A private REST API has neither a domain nor client certificates in HttpEntrance. */
function expected(need: EntranceRequirements, wait = 0, request = 0, response = 0): string | undefined {
  const required = FLAGS.filter(flag => need[flag]);
  return (need.heavyTraffic ? PRICE_UNDER_LOAD : PRICE).find(kind => {
    const most = MOST[kind];
    return !required.some(flag => LACKING[kind].includes(flag))
      && !(kind === 'a REST API' && need.privateNetwork && (need.domain || need.mutualTls))
      && wait <= (need.streaming && most.streamed || most.wait)
      && request <= most.request
      && response <= (need.streaming && most.stream || most.response);
  });
}

/** Every combination of the requirements. */
function combinations(flags: string[]): EntranceRequirements[] {
  return flags.reduce<EntranceRequirements[]>((needs, flag) => needs.flatMap(need => [need, { ...need, [flag]: true }]), [{}]);
}

describe.each(WAITS)('cheapestFor selects as the table says for every combination of requirements, and a wait of %p s', wait => {
  const waits = wait === undefined ? undefined : Duration.seconds(wait);
  const sizes = REQUESTS.flatMap(request => RESPONSES.map(response => [request, response] as const));

  test.each(sizes)('requests of %p and responses of %p MiB', (request, response) => {
    const limits = { longestWait: waits, requestSize: sizeOf(request), responseSize: sizeOf(response) };
    const all = combinations([...FLAGS]);
    const wrong = all.filter(need => chosen({ ...need, ...limits }) !== expected(need, wait, request, response));
    expect([all.length, wrong]).toEqual([2 ** FLAGS.length, []]);
  });
});

test('each entrance is selected for some requirements, and none for others', () => {
  expect([...new Set(combinations([...FLAGS]).map(need => chosen(need) ?? 'none'))].sort()).toEqual([...PRICE, 'none'].sort());
});

describe('cheapestFor', () => {
  test.each<[EntranceRequirements, string | undefined]>([
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
  ])('for %j selects %s', (need, kind) => {
    expect(chosen(need)).toBe(kind);
  });

  test('considers the raised timeout quota', () => {
    const offer = { restApi: { raisedTimeoutQuota: Duration.seconds(60) } };
    expect(chosen({ validation: true, longestWait: Duration.seconds(60) }, offer)).toBe('a REST API');
    expect(chosen({ validation: true, longestWait: Duration.seconds(61) }, offer)).toBeUndefined();
  });

  test('gives a reason for each entrance up to the selected one', () => {
    expect(Entrance.cheapestFor({ waf: true, severalFunctions: true }).reasons).toEqual([
      'not a function URL: it does not support AWS WAF and it invokes only one function',
      'not an HTTP API: it does not support AWS WAF',
      'not a function URL behind CloudFront: it invokes only one function',
      'a REST API: the least expensive entrance that meets all requirements',
    ]);
    expect(Entrance.cheapestFor({ longestWait: Duration.minutes(1), responseSize: Size.mebibytes(2), severalFunctions: false }).reasons)
      .toEqual(['a function URL: the least expensive entrance that meets all requirements']);
    expect(Entrance.httpApi().reasons).toEqual([]);
  });

  test('creates the selected entrance: a private REST API, an internal load balancer, a distribution', () => {
    const routes = [{ path: '/', function: stack.pay }];
    const build = (id: string, need: EntranceRequirements) =>
      new HttpEntrance(stack, id, {
        entrance: Entrance.cheapestFor({ ...need, ...OFFER }), access: Access.unauthenticated({ reason: 'test' }), routes, ...need.domain ? { domain: stack.domain } : {},
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

  test('fails when no entrance meets the requirements, with the reason for each', () => {
    const need = { jwt: true, validation: true, longestWait: Duration.minutes(16), requestSize: Size.mebibytes(20) };
    expect(() => Entrance.cheapestFor(need)).toThrow(new Error(
      'no entrance meets all requirements: '
      + 'not a function URL: it does not validate requests against a schema, it does not validate JSON Web Tokens, it waits at most 15 minutes of the required 16 minutes and it supports requests of at most 6 MiB of the required 20 MiB; '
      + 'not an HTTP API: it does not validate requests against a schema, it waits at most 30 seconds of the required 16 minutes and it supports requests of at most 6 MiB of the required 20 MiB; '
      + 'not a function URL behind CloudFront: it does not validate requests against a schema, it does not validate JSON Web Tokens, it waits at most 2 minutes of the required 16 minutes and it supports requests of at most 6 MiB of the required 20 MiB; '
      + 'not a REST API: it does not validate JSON Web Tokens, it waits at most 29 seconds of the required 16 minutes and it supports requests of at most 6 MiB of the required 20 MiB; '
      + "not a load balancer: it does not validate requests against a schema, it waits at most 15 minutes of the required 16 minutes, it supports requests of at most 1 MiB of the required 20 MiB and 'loadBalancer' with its VPC is not set; "
      + 'split the API, or remove a requirement',
    ));
  });

  test.each<[EntranceRequirements, EntranceRequirements, string]>([
    [{ staticAddress: true }, {}, "not a load balancer: 'loadBalancer' with its VPC is not set"],
    [{ staticAddress: true }, {}, 'not a REST API: it has no static IP addresses, which a load balancer has behind AWS Global Accelerator or a Network Load Balancer'],
    [{ privateNetwork: true }, {}, "not a REST API: 'vpcEndpoints' of 'restApi' is not set"],
    [{ privateNetwork: true, domain: true }, {}, 'not a REST API: a private API has no custom domain name in HttpEntrance'],
    [{ privateNetwork: true, mutualTls: true }, {}, 'not a REST API: a private API does not validate client certificates'],
    [{ privateNetwork: true, streaming: true, usagePlans: true, iam: true }, {}, 'not an HTTP API: it is reached from the internet, it does not stream responses and it has no API keys'],
    [{ validation: true, iam: true, domain: true, privateNetwork: true }, {}, 'not a load balancer: it does not validate requests against a schema, it does not support access by IAM and'],
    [{ mutualTls: true, domain: true, iam: true, waf: true, streaming: true, privateNetwork: true }, {}, 'not a function URL: it is reached from the internet, it does not support AWS WAF, it does not validate client certificates and it has no custom domain name'],
  ])('says of %j with %j: %s', (need, offer, sentence) => {
    expect(() => Entrance.cheapestFor({ ...need, ...offer })).toThrow(sentence);
  });
});
