import { App, aws_certificatemanager as acm, aws_cognito as cognito, aws_ec2 as ec2, Duration, Lazy } from 'aws-cdk-lib';
import { ENTRANCES, JWT, OPEN, Payments, POST, refusalOf, warningsOf } from './app';
import { Access, Entrance, type HttpEntranceProps } from '../../src';

const ID = 'cdk-production-lambda:HttpEntrance.';
const APIS = 'Entrance.httpApi() or Entrance.restApi()';
const NOT_URL = 'Entrance.httpApi(), Entrance.restApi() or Entrance.loadBalancer()';

function build(kind: string, props: (stack: Payments) => Partial<HttpEntranceProps> = () => ({}), stack = new Payments()): Payments {
  const access = kind === 'httpApi' ? Access.jwt(JWT) : Access.publicBecause(OPEN);
  stack.entrance({ access, ...ENTRANCES[kind](stack), ...props(stack) });
  return stack;
}

function importedVpc(stack: Payments, more: Partial<ec2.VpcAttributes> = {}): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Imported', {
    vpcId: 'vpc-1', availabilityZones: ['us-east-1a', 'us-east-1b'], publicSubnetIds: ['subnet-1', 'subnet-2'], privateSubnetIds: ['subnet-3', 'subnet-4'], ...more,
  });
}

function pool(stack: Payments, clients: number): Access {
  const userPool = new cognito.UserPool(stack, 'Pool');
  return Access.userPool(userPool, Array.from({ length: clients }, (_, n) => userPool.addClient(`App${n}`)));
}

describe('warns', () => {
  test.each([[{ allowOrigins: ['*'] }, 1], [{ allowOrigins: ['https://a.example.com'] }, 0]])('of pages of any origin: %j', (cors, warnings) => {
    expect(warningsOf(build('httpApi', () => ({ cors }))).filter(text => text.includes(`${ID}corsAnyOrigin`))).toHaveLength(warnings);
  });

  test.each([[10, 9, 1], [10, 10, 0], [600, undefined, 0]])('of a burst below the rate: %p a second, %p at once', (rateLimit, burstLimit, warnings) => {
    expect(warningsOf(build('httpApi', () => ({ throttle: { rateLimit, burstLimit } }))).filter(text => text.includes(`${ID}burstBelowRate`))).toHaveLength(warnings);
  });
});

describe('fails when', () => {
  test.each<[string, string, (stack: Payments) => Partial<HttpEntranceProps>, string]>([
    ['cors is asked of a load balancer', 'loadBalancer', () => ({ cors: { allowOrigins: ['https://a.example.com'] } }), "'cors' is not possible behind a load balancer; use Entrance.functionUrl(), Entrance.functionUrl({ cloudFront: true }), Entrance.httpApi() or Entrance.restApi()"],
    ['a function URL is to be throttled', 'functionUrl', () => ({ throttle: { rateLimit: 1 } }), `'throttle' is not possible behind a function URL; use ${APIS}`],
    ['a load balancer is to be throttled', 'loadBalancer', () => ({ throttle: {} }), `'throttle' is not possible behind a load balancer; use ${APIS}`],
    ['an HTTP API is to stream', 'httpApi', () => ({ streaming: true }), "'streaming' is not possible behind an HTTP API; use Entrance.functionUrl(), Entrance.functionUrl({ cloudFront: true }) or Entrance.restApi()"],
    ['a load balancer is to stream', 'loadBalancer', () => ({ streaming: true }), "'streaming' is not possible behind a load balancer; use Entrance.functionUrl(), Entrance.functionUrl({ cloudFront: true }) or Entrance.restApi()"],
    ['an HTTP API is to have a web ACL', 'httpApi', () => ({ webAclArn: 'arn' }), "'webAclArn' is not possible behind an HTTP API; use Entrance.functionUrl({ cloudFront: true }), Entrance.restApi() or Entrance.loadBalancer()"],
    ['a function URL is to have a web ACL', 'functionUrl', () => ({ webAclArn: 'arn' }), "'webAclArn' is not possible behind a function URL; use Entrance.functionUrl({ cloudFront: true }), Entrance.restApi() or Entrance.loadBalancer()"],
    ['a function URL is to have a domain', 'functionUrl', stack => ({ domain: stack.domain }), "'domain' is not possible behind a function URL; use Entrance.functionUrl({ cloudFront: true }), Entrance.httpApi(), Entrance.restApi() or Entrance.loadBalancer()"],
    ['CloudFront is to ask for client certificates', 'cloudFront', stack => ({ domain: { ...stack.domain, mutualTls: { bucket: {} as never, key: 'k' } } }), `'mutualTls' is not possible behind a function URL behind CloudFront; use ${NOT_URL}`],
    ['a load balancer stands in one availability zone', 'loadBalancer', stack => ({ entrance: Entrance.loadBalancer({ vpc: importedVpc(stack, { availabilityZones: ['us-east-1a'], publicSubnetIds: ['subnet-1'], privateSubnetIds: ['subnet-3'] }) }) }), "'vpc' must have at least 2 availability zones for a load balancer, got 1; add one, or use Entrance.httpApi()"],
    ['an internal load balancer stands in a VPC of unknown addresses', 'loadBalancer', stack => ({ entrance: Entrance.loadBalancer({ vpc: importedVpc(stack), internal: true }) }), "'vpc' must know its CIDR block for an internal load balancer, got an imported one without; give 'vpcCidrBlock' to Vpc.fromVpcAttributes"],
    ['a health check asks for no path', 'loadBalancer', stack => ({ entrance: Entrance.loadBalancer({ vpc: importedVpc(stack), healthCheckPath: 'health' }) }), "'healthCheckPath' must start with a slash, got 'health'; write it as /health"],
    ['a quota is less than every account has', 'restApi', () => ({ entrance: Entrance.restApi({ raisedTimeoutQuota: Duration.millis(28_999) }) }), "'raisedTimeoutQuota' must be at least 29, got 28.999; that is what every account has"],
    ['a domain is a URL', 'httpApi', stack => ({ domain: { ...stack.domain, domainName: 'https://api.example.com/' } }), "'domainName' must be a name such as api.example.com, got 'https://api.example.com/'; leave out the scheme, the port and the path"],
    ['a certificate is of another region', 'httpApi', stack => ({ domain: { domainName: 'api.example.com', certificate: acm.Certificate.fromCertificateArn(stack, 'Elsewhere', 'arn:aws:acm:eu-west-1:111122223333:certificate/api') } }), "'certificate' of 'domain' must be in the region of the entrance, us-east-1, got one in eu-west-1; have one made in us-east-1"],
    ['a star stands for headers with credentials', 'httpApi', () => ({ cors: { allowOrigins: ['https://a.example.com'], allowCredentials: true, allowHeaders: ['*'] } }), "'allowHeaders' of 'cors' must not be '*' with 'allowCredentials', got both; browsers take it for a name, so list the headers"],
    ['a star stands for exposed headers with credentials', 'httpApi', () => ({ cors: { allowOrigins: ['https://a.example.com'], allowCredentials: true, exposeHeaders: ['*'] } }), "'exposeHeaders' of 'cors' must not be '*' with 'allowCredentials', got both; browsers take it for a name, so list the headers"],
    ['browsers are to keep a preflight for parts of a second', 'httpApi', () => ({ cors: { allowOrigins: ['https://a.example.com'], maxAge: Duration.millis(500) } }), "'maxAge' must be a whole number of seconds, got 0.5; round it"],
    ['answers are kept for parts of a second', 'httpApi', stack => ({ access: Access.lambdaAuthorizer(stack.pay, { resultsCacheTtl: Duration.millis(1_500) }) }), "'resultsCacheTtl' must be a whole number of seconds, got 1.5; round it"],
    ['answers are kept nobody knows how long without knowing the caller', 'restApi', stack => ({ access: Access.lambdaAuthorizer(stack.pay, { headers: [], resultsCacheTtl: Duration.seconds(Lazy.number({ produce: () => 1 })) }) }), "'resultsCacheTtl' must be 0 without 'headers' and 'queryStrings', got a token; name what tells callers apart, or don't keep answers"],
    ['an authorizer is to look into a header that can not be', 'httpApi', stack => ({ access: Access.lambdaAuthorizer(stack.pay, { headers: ['X Tenant'] }) }), "'headers' of Access.lambdaAuthorizer must be of letters, digits and . _ $ -, got 'X Tenant'; API Gateway can't look there"],
    ['an authorizer is to look into a query string that can not be', 'restApi', stack => ({ access: Access.lambdaAuthorizer(stack.pay, { queryStrings: ['a[b]'] }) }), "'queryStrings' of Access.lambdaAuthorizer must be of letters, digits and . _ $ -, got 'a[b]'; API Gateway can't look there"],
    ['an origin ends in a slash', 'restApi', () => ({ cors: { allowOrigins: ['https://a.example.com', 'https://b.example.com/'] } }), "'allowOrigins' of 'cors' must be scheme, host and port alone, got 'https://b.example.com/'; browsers send https://app.example.com, without a slash or path"],
    ['an origin has no scheme', 'httpApi', () => ({ cors: { allowOrigins: ['a.example.com'] } }), "'allowOrigins' of 'cors' must be scheme, host and port alone, got 'a.example.com'; browsers send https://app.example.com, without a slash or path"],
    ['a load balancer has no domain', 'loadBalancer', () => ({ domain: undefined }), `'domain' must be given for a load balancer, got none; its certificate is what TLS 1.2 needs, or use ${APIS}`],
    ['CloudFront has no domain', 'cloudFront', () => ({ domain: undefined }), `'domain' must be given for a function URL behind CloudFront, got none; its certificate is what TLS 1.2 needs, or use ${APIS}`],
    ['a private REST API has a domain', 'restApi', stack => ({ domain: stack.domain, entrance: Entrance.restApi({ vpcEndpoints: [{} as ec2.IVpcEndpoint] }) }), "'domain' is not possible for a private REST API; use Entrance.loadBalancer({ vpc, internal: true })"],
    ['a function URL has no route', 'functionUrl', () => ({ routes: [] }), `'routes' must name the function behind a function URL, got none; add a route, or use ${NOT_URL}`],
    ['credentials meet every origin', 'functionUrl', () => ({ cors: { allowOrigins: ['*'], allowCredentials: true } }), "'allowOrigins' of 'cors' must not be '*' with 'allowCredentials', got both; browsers reject it, so list the origins"],
    ['cors names no origin', 'httpApi', () => ({ cors: {} }), "'allowOrigins' of 'cors' must list the pages' origins, got none; name them as https://app.example.com"],
    ['browsers are to keep a preflight for more than a day', 'httpApi', () => ({ cors: { allowOrigins: ['https://a.example.com'], maxAge: Duration.seconds(86_401) } }), "'maxAge' must be between 0 and 86400, got 86401; it is at most a day"],
    ['the rate is 0', 'httpApi', () => ({ throttle: { rateLimit: 0 } }), "'rateLimit' must be between 1 and 9007199254740991, got 0; it is a number of requests, at least 1"],
    ['the burst is 0', 'httpApi', () => ({ throttle: { rateLimit: 1, burstLimit: 0 } }), "'burstLimit' must be between 1 and 9007199254740991, got 0; it is a number of requests, at least 1"],
    ['a REST API is to check JWTs', 'restApi', () => ({ access: Access.jwt(JWT) }), "'access' by JWT is not possible behind a REST API; use Entrance.httpApi() or Entrance.loadBalancer()"],
    ['a function URL is to check JWTs', 'functionUrl', () => ({ access: Access.jwt(JWT) }), "'access' by JWT is not possible behind a function URL; use Entrance.httpApi() or Entrance.loadBalancer()"],
    ['a function URL is to know a user pool', 'functionUrl', stack => ({ access: pool(stack, 1) }), `'access' by user pool is not possible behind a function URL; use ${NOT_URL}`],
    ['a function URL is to ask an authorizer', 'functionUrl', stack => ({ access: Access.lambdaAuthorizer(stack.pay) }), `'access' by Lambda authorizer is not possible behind a function URL; use ${APIS}`],
    ['a load balancer is to ask an authorizer', 'loadBalancer', stack => ({ access: Access.lambdaAuthorizer(stack.pay) }), `'access' by Lambda authorizer is not possible behind a load balancer; use ${APIS}`],
    ['a load balancer is to know IAM', 'loadBalancer', () => ({ access: Access.iam() }), "'access' by IAM is not possible behind a load balancer; use Entrance.functionUrl(), Entrance.httpApi() or Entrance.restApi()"],
    ['CloudFront is to know IAM', 'cloudFront', () => ({ access: Access.iam() }), "'access' by IAM is not possible behind a function URL behind CloudFront; use Entrance.functionUrl(), Entrance.httpApi() or Entrance.restApi()"],
    ['the reason is empty', 'functionUrl', () => ({ access: Access.publicBecause('') }), "'reason' of Access.publicBecause must say why everybody may call, got an empty text; name what protects the route instead"],
    ['the issuer is no https URL', 'httpApi', () => ({ access: Access.jwt({ ...JWT, issuer: 'login.example.com' }) }), "'issuer' of Access.jwt must be an https URL, got 'login.example.com'; write it as in the tokens of the issuer"],
    ['the keys are at no https URL', 'httpApi', () => ({ access: Access.jwt({ ...JWT, jwksEndpoint: 'http://a' }) }), "'jwksEndpoint' of Access.jwt must be an https URL, got 'http://a'; write it as in the tokens of the issuer"],
    ['there is no audience', 'httpApi', () => ({ access: Access.jwt({ ...JWT, audience: [] }) }), "'audience' must be between 1 and 50, got 0; list for whom the tokens are issued, at most 50 behind an HTTP API"],
    ['there are 51 audiences', 'httpApi', () => ({ access: Access.jwt({ ...JWT, audience: Array(51).fill('a') }) }), "'audience' must be between 1 and 50, got 51; list for whom the tokens are issued, at most 50 behind an HTTP API"],
    ['a load balancer is to accept two audiences', 'loadBalancer', () => ({ access: Access.jwt({ ...JWT, audience: ['a', 'b'] }) }), "'audience' must be between 1 and 1, got 2; list for whom the tokens are issued, at most 1 behind a load balancer"],
    ['a user pool has no client', 'httpApi', stack => ({ access: pool(stack, 0) }), "'clients' must be between 1 and 50, got 0; list the clients that callers sign in with, at most 50 behind an HTTP API"],
    ['a load balancer is to accept two clients', 'loadBalancer', stack => ({ access: pool(stack, 2) }), "'clients' must be between 1 and 1, got 2; list the clients that callers sign in with, at most 1 behind a load balancer"],
    ['an authorizer may take 11 s', 'httpApi', stack => ({ access: Access.lambdaAuthorizer(stack.function('Who', { timeout: Duration.seconds(11) })) }), "'timeout' of the authorizer Payments/Who must be at most 10 s, got 11 s; API Gateway gives up after 10 s"],
    ['answers are kept for more than an hour', 'httpApi', stack => ({ access: Access.lambdaAuthorizer(stack.pay, { resultsCacheTtl: Duration.seconds(3_601) }) }), "'resultsCacheTtl' must be between 0 and 3600, got 3601; it is a number of seconds"],
    ['answers are kept without knowing the caller', 'httpApi', stack => ({ access: Access.lambdaAuthorizer(stack.pay, { headers: [] }) }), "'resultsCacheTtl' must be 0 without 'headers' and 'queryStrings', got 300; name what tells callers apart, or don't keep answers"],
  ])('%s', (_, kind, props, message) => {
    expect(refusalOf(() => build(kind, props))).toBe(`${message} (at Payments/Api)`);
  });
});

describe('accepts', () => {
  test.each<[string, string, (stack: Payments) => Partial<HttpEntranceProps>]>([
    ['50 audiences', 'httpApi', () => ({ access: Access.jwt({ ...JWT, audience: Array.from({ length: 50 }, (_, n) => `${n}`) }) })],
    ['an authorizer of 10 s and answers kept for an hour', 'httpApi', stack => ({ access: Access.lambdaAuthorizer(stack.function('Who', { timeout: Duration.seconds(10) }), { resultsCacheTtl: Duration.seconds(3_600) }) })],
    ['an authorizer that knows no caller and is asked each time', 'httpApi', stack => ({ access: Access.lambdaAuthorizer(stack.pay, { headers: [], resultsCacheTtl: Duration.seconds(0) }) })],
    ['preflights kept for a day', 'httpApi', () => ({ cors: { allowOrigins: ['https://a.example.com'], maxAge: Duration.seconds(86_400) } })],
    ['origins of every form', 'httpApi', () => ({ cors: { allowOrigins: ['https://a.example.com', 'http://localhost:3000', 'https://*', 'null', 'capacitor://localhost', Lazy.string({ produce: () => 'https://b' })] } })],
    ['an internal load balancer in an imported VPC of known addresses', 'loadBalancer', stack => ({ entrance: Entrance.loadBalancer({ vpc: importedVpc(stack, { vpcCidrBlock: '10.0.0.0/16' }), internal: true, healthCheckPath: '/health' }) })],
    ['a domain for all names below one, and one that is not known yet', 'httpApi', stack => ({ domain: { ...stack.domain, domainName: Lazy.string({ produce: () => '*.example.com' }) } })],
    ['a domain with a star', 'httpApi', stack => ({ domain: { ...stack.domain, domainName: '*.example.com' } })],
    ['a certificate that is not known yet', 'restApi', stack => ({ domain: { domainName: 'api.example.com', certificate: acm.Certificate.fromCertificateArn(stack, 'Later', Lazy.string({ produce: () => 'arn' })) } })],
    ['streaming that is off', 'httpApi', () => ({ streaming: false })],
    ['ten scopes', 'httpApi', ({ pay: handler }) => ({ routes: [{ method: POST, path: '/', handler, scopes: Array.from({ length: 10 }, (_, n) => `${n}`) }] })],
    ['an issuer, an audience and a rate that are not known yet', 'httpApi', () => ({
      access: Access.jwt({ issuer: Lazy.string({ produce: () => 'https://a' }), audience: Lazy.list({ produce: () => [] }) }),
      throttle: { rateLimit: Lazy.number({ produce: () => 5 }) },
    })],
  ])('%s', (_, kind, props) => {
    expect(() => build(kind, props, new Payments(new App())).template()).not.toThrow();
  });
});
