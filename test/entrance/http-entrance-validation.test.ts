import { App, aws_certificatemanager as acm, aws_ec2 as ec2, aws_route53 as route53, Duration, Lazy } from 'aws-cdk-lib';
import { ENTRANCES, JWT, OPEN, Payments, errorOf } from './app';
import { Access, Entrance, type HttpEntranceProps } from '../../src';

const APIS = 'Entrance.httpApi() or Entrance.restApi()';
const SEVERAL = 'Entrance.httpApi(), Entrance.restApi() or Entrance.loadBalancer()';
const WITH_WAF = 'Entrance.functionUrl({ cloudFront: true }), Entrance.restApi() or Entrance.loadBalancer()';
const STREAMING = 'Entrance.functionUrl(), Entrance.functionUrl({ cloudFront: true }) or Entrance.restApi()';
const WITH_DOMAIN = 'Entrance.functionUrl({ cloudFront: true }), Entrance.httpApi(), Entrance.restApi() or Entrance.loadBalancer()';
const ORIGIN = 'https://a.example.com';

function build(kind: string, props: (stack: Payments) => Partial<HttpEntranceProps> = () => ({}), stack = new Payments()): Payments {
  const access = kind === 'httpApi' ? Access.jwt(JWT) : Access.unauthenticated({ reason: OPEN });
  stack.entrance({ access, ...ENTRANCES[kind](stack), ...props(stack) });
  return stack;
}

function importedVpc(stack: Payments, more: Partial<ec2.VpcAttributes> = {}): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Imported', {
    vpcId: 'vpc-1', availabilityZones: ['us-east-1a', 'us-east-1b'], publicSubnetIds: ['subnet-1', 'subnet-2'], privateSubnetIds: ['subnet-3', 'subnet-4'], ...more,
  });
}

interface BalancerOptions {
  readonly vpc?: Partial<ec2.VpcAttributes>;
  readonly internal?: boolean;
  readonly healthCheckPath?: string;
}

function balancer(stack: Payments, options: BalancerOptions): Partial<HttpEntranceProps> {
  return { entrance: Entrance.loadBalancer({ ...options, vpc: importedVpc(stack, options.vpc) }) };
}

function certificate(stack: Payments, arn: string): Partial<HttpEntranceProps> {
  return { domain: { domainName: 'api.example.com', certificate: acm.Certificate.fromCertificateArn(stack, 'Other', arn) } };
}

function zone(stack: Payments, zoneName: string): route53.IHostedZone {
  return route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName });
}

describe('accepts', () => {
  test.each(['https://a.example.com', 'http://localhost:3000', 'https://xn--bcher-kva.example.com', 'http://[::1]:8080', 'null', 'capacitor://localhost', 'https://a.example.com:8443', '*'])('the origin %s', origin => {
    for (const kind of ['httpApi', 'restApi', 'functionUrl']) expect(() => build(kind, () => ({ cors: { allowOrigins: [origin] } }))).not.toThrow();
  });

  test('every origin of a scheme, with an HTTP API only', () => {
    expect(() => build('httpApi', () => ({ cors: { allowOrigins: ['https://*'] } }))).not.toThrow();
    expect(() => build('restApi', () => ({ cors: { allowOrigins: ['https://*'] } }))).toThrow("'allowOrigins' of 'cors' must not contain '*' beside other characters");
  });

  test.each(['api.example.com', 'example.com', '*.example.com', `${'a'.repeat(63)}.example.com`])('the domain %s', domainName => {
    expect(() => build('httpApi', stack => ({ domain: { ...stack.domain, domainName, hostedZone: zone(stack, 'example.com') } }))).not.toThrow();
  });

  test('a hosted zone that is imported by its id', () => {
    expect(() => build('httpApi', stack => ({ domain: { ...stack.domain, hostedZone: route53.HostedZone.fromHostedZoneId(stack, 'Zone', 'Z1') } }))).not.toThrow();
  });

  test.each<[string, string, (stack: Payments) => Partial<HttpEntranceProps>]>([
    ['a preflight response cached for a day', 'httpApi', () => ({ cors: { allowOrigins: [ORIGIN], maxAge: Duration.seconds(86_400) } })],
    ['origins in every form', 'httpApi', () => ({ cors: { allowOrigins: [ORIGIN, 'http://localhost:3000', 'https://*', 'null', 'capacitor://localhost', Lazy.string({ produce: () => 'https://b' })] } })],
    ['an internal load balancer in an imported VPC with a CIDR block', 'loadBalancer', stack => balancer(stack, { vpc: { vpcCidrBlock: '10.0.0.0/16' }, internal: true, healthCheckPath: '/health' })],
    ['a domain name that is a token', 'httpApi', stack => ({ domain: { ...stack.domain, domainName: Lazy.string({ produce: () => '*.example.com' }) } })],
    ['a wildcard domain name', 'httpApi', stack => ({ domain: { ...stack.domain, domainName: '*.example.com' } })],
    ['a certificate whose ARN is a token', 'restApi', stack => certificate(stack, Lazy.string({ produce: () => 'arn' }))],
    ['streaming: false', 'httpApi', () => ({ streaming: false })],
    ['a rate that is a token', 'httpApi', () => ({ throttle: { rateLimit: Lazy.number({ produce: () => 5 }) } })],
  ])('%s', (_, kind, props) => {
    expect(() => build(kind, props, new Payments(new App())).template()).not.toThrow();
  });
});

describe('fails when', () => {
  test.each<[string, string, (stack: Payments) => Partial<HttpEntranceProps>, string]>([
    ['a load balancer has cors', 'loadBalancer', () => ({ cors: { allowOrigins: [ORIGIN] } }), "'cors' is not supported by a load balancer; use Entrance.functionUrl(), Entrance.functionUrl({ cloudFront: true }), Entrance.httpApi() or Entrance.restApi()"],
    ['a function URL has a throttle', 'functionUrl', () => ({ throttle: { rateLimit: 1 } }), `'throttle' is not supported by a function URL; use ${APIS}`],
    ['a load balancer has a throttle', 'loadBalancer', () => ({ throttle: {} }), `'throttle' is not supported by a load balancer; use ${APIS}`],
    ['an HTTP API streams', 'httpApi', () => ({ streaming: true }), `'streaming' is not supported by an HTTP API; use ${STREAMING}`],
    ['a load balancer streams', 'loadBalancer', () => ({ streaming: true }), `'streaming' is not supported by a load balancer; use ${STREAMING}`],
    ['an HTTP API has a web ACL', 'httpApi', () => ({ webAclArn: 'arn' }), `'webAclArn' is not supported by an HTTP API; use ${WITH_WAF}`],
    ['a function URL has a web ACL', 'functionUrl', () => ({ webAclArn: 'arn' }), `'webAclArn' is not supported by a function URL; use ${WITH_WAF}`],
    ['a function URL has a domain', 'functionUrl', stack => ({ domain: stack.domain }), `'domain' is not supported by a function URL; use ${WITH_DOMAIN}`],
    ['CloudFront validates client certificates', 'cloudFront', stack => ({ domain: { ...stack.domain, mutualTls: { bucket: {} as never, key: 'k' } } }), `'mutualTls' is not supported by a function URL behind CloudFront; use ${SEVERAL}`],
    ['a load balancer has one Availability Zone', 'loadBalancer', stack => balancer(stack, { vpc: { availabilityZones: ['us-east-1a'], publicSubnetIds: ['subnet-1'], privateSubnetIds: ['subnet-3'] } }), "'vpc' must have at least 2 Availability Zones for a load balancer, got 1; add one, or use Entrance.httpApi()"],
    ['a load balancer has no public subnets', 'loadBalancer', stack => balancer(stack, { vpc: { publicSubnetIds: undefined } }), "'vpc' must have public subnets for a load balancer that is not internal, got Payments/Imported without; set 'internal' to true, or use a VPC with public subnets (a PrivateNetwork has them with 'natGateways')"],
    ['an internal load balancer is in a VPC with an unknown CIDR block', 'loadBalancer', stack => balancer(stack, { internal: true }), "'vpc' must know its CIDR block for an internal load balancer, got an imported VPC without; set 'vpcCidrBlock' in Vpc.fromVpcAttributes"],
    ['a health check has a path without a slash', 'loadBalancer', stack => balancer(stack, { healthCheckPath: 'health' }), "'healthCheckPath' must start with a slash, got 'health'; write it as /health"],
    ['a raised quota is below the default quota', 'restApi', () => ({ entrance: Entrance.restApi({ raisedTimeoutQuota: Duration.millis(28_999) }) }), "'raisedTimeoutQuota' must be at least 29, got 28.999; every account has that quota"],
    ['a domain name is a URL', 'httpApi', stack => ({ domain: { ...stack.domain, domainName: 'https://api.example.com/' } }), "'domainName' must be a name such as api.example.com, got 'https://api.example.com/'; remove the scheme, the port and the path"],
    ['a domain name has capitals', 'httpApi', stack => ({ domain: { ...stack.domain, domainName: 'API.example.com' } }), "'domainName' must be in lower case, got 'API.example.com'; write it as api.example.com"],
    ['a domain name has a label with a hyphen at its end', 'httpApi', stack => ({ domain: { ...stack.domain, domainName: 'api-.example.com' } }), "'domainName' must have at most 253 characters, in labels of at most 63 letters, digits and hyphens, got 'api-.example.com'; remove other characters and hyphens at the ends"],
    ['a domain name has an underscore', 'httpApi', stack => ({ domain: { ...stack.domain, domainName: 'my_api.example.com' } }), "'domainName' must have at most 253 characters, in labels of at most 63 letters, digits and hyphens, got 'my_api.example.com'; remove other characters and hyphens at the ends"],
    ['a label of a domain name has 64 characters', 'httpApi', stack => ({ domain: { ...stack.domain, domainName: `${'a'.repeat(64)}.example.com` } }), `'domainName' must have at most 253 characters, in labels of at most 63 letters, digits and hyphens, got '${'a'.repeat(64)}.example.com'; remove other characters and hyphens at the ends`],
    ['a domain name is not in its hosted zone', 'httpApi', stack => ({ domain: { ...stack.domain, hostedZone: zone(stack, 'ample.com') } }), "'domainName' must be in its 'hostedZone' ample.com, got 'api.example.com'; use the hosted zone of the domain"],
    ['a certificate is in another Region', 'httpApi', stack => certificate(stack, 'arn:aws:acm:eu-west-1:111122223333:certificate/api'), "'certificate' of 'domain' must be in the Region of the entrance, us-east-1, got one in eu-west-1; request a certificate in us-east-1"],
    ['a load balancer has no domain', 'loadBalancer', () => ({ domain: undefined }), `'domain' must be set for a load balancer, got none; its certificate is required for TLS 1.2, or use ${APIS}`],
    ['CloudFront has no domain', 'cloudFront', () => ({ domain: undefined }), `'domain' must be set for a function URL behind CloudFront, got none; its certificate is required for TLS 1.2, or use ${APIS}`],
    ['a private REST API has a domain', 'restApi', stack => ({ domain: stack.domain, entrance: Entrance.restApi({ vpcEndpoints: [{} as ec2.IVpcEndpoint] }) }), "'domain' is not supported by a private REST API; use Entrance.loadBalancer({ vpc, internal: true })"],
    ['a function URL has no route', 'functionUrl', () => ({ routes: [] }), `'routes' must contain the function of the function URL, got none; add a route, or use ${SEVERAL}`],
    ['the rate is 0', 'httpApi', () => ({ throttle: { rateLimit: 0 } }), "'rateLimit' must be at least 1, got 0; it is a number of requests a second"],
    ['the burst is 0', 'httpApi', () => ({ throttle: { rateLimit: 1, burstLimit: 0 } }), "'burstLimit' must be at least 1, got 0; it is a number of concurrent requests"],
  ])('%s', (_, kind, props, message) => {
    expect(errorOf(() => build(kind, props))).toBe(`${message} (at Payments/Api)`);
  });

  test.each<[string, NonNullable<HttpEntranceProps['cors']>, string]>([
    ['no origin is allowed', {}, "'allowOrigins' of 'cors' must list at least one origin, got none; add origins such as https://app.example.com"],
    ['an origin ends in a slash', { allowOrigins: [ORIGIN, 'https://b.example.com/'] }, "'allowOrigins' of 'cors' must contain only scheme, host and port, got 'https://b.example.com/'; write it as https://app.example.com, without a slash or path"],
    ['an origin has no scheme', { allowOrigins: ['a.example.com'] }, "'allowOrigins' of 'cors' must contain only scheme, host and port, got 'a.example.com'; write it as https://app.example.com, without a slash or path"],
    ['credentials are allowed for every origin', { allowOrigins: ['*'], allowCredentials: true }, "'allowOrigins' of 'cors' must not be '*' with 'allowCredentials', got both; browsers reject the combination, so list the origins"],
    ['credentials are allowed with every header', { allowOrigins: [ORIGIN], allowCredentials: true, allowHeaders: ['*'] }, "'allowHeaders' of 'cors' must not be '*' with 'allowCredentials', got both; browsers then read '*' as a header name, so list the headers"],
    ['credentials are allowed with every exposed header', { allowOrigins: [ORIGIN], allowCredentials: true, exposeHeaders: ['*'] }, "'exposeHeaders' of 'cors' must not be '*' with 'allowCredentials', got both; browsers then read '*' as a header name, so list the headers"],
    ['a preflight response is cached for a fraction of a second', { allowOrigins: [ORIGIN], maxAge: Duration.millis(500) }, "'maxAge' must be a whole number of seconds, got 500 milliseconds; round it"],
    ['a preflight response is cached for more than a day', { allowOrigins: [ORIGIN], maxAge: Duration.seconds(86_401) }, "'maxAge' must be between 0 seconds and 1 day, got 1 day 1 second; browsers cache a preflight response for at most a day"],
    ['an origin has a wildcard in its host', { allowOrigins: ['https://*.example.com'] }, "'allowOrigins' of 'cors' must not contain '*' beside other characters, because origins are compared as text, got 'https://*.example.com'; list each origin"],
    ['an origin has a wildcard as its port', { allowOrigins: ['http://localhost:*'] }, "'allowOrigins' of 'cors' must not contain '*' beside other characters, because origins are compared as text, got 'http://localhost:*'; list each origin"],
    ['an origin has capitals', { allowOrigins: ['https://App.example.com'] }, "'allowOrigins' of 'cors' must be in lower case, as browsers send origins, got 'https://App.example.com'; write it as https://app.example.com"],
    ['an origin has the default port', { allowOrigins: ['https://a.example.com:443'] }, "'allowOrigins' of 'cors' must not contain the default port, which browsers omit, got 'https://a.example.com:443'; write it as https://a.example.com"],
    ['an origin has an international name', { allowOrigins: ['https://bücher.example.com'] }, "'allowOrigins' of 'cors' must contain only a host name of letters, digits, dots and hyphens, and a port, got 'https://bücher.example.com'; write an international name in its ASCII form (xn--…)"],
    ['an origin has a query', { allowOrigins: ['https://a.example.com?x'] }, "'allowOrigins' of 'cors' must contain only a host name of letters, digits, dots and hyphens, and a port, got 'https://a.example.com?x'; write an international name in its ASCII form (xn--…)"],
  ])('%s', (_, cors, message) => {
    for (const kind of ['httpApi', 'restApi', 'functionUrl', 'cloudFront']) expect(errorOf(() => build(kind, () => ({ cors })))).toBe(`${message} (at Payments/Api)`);
  });
});
