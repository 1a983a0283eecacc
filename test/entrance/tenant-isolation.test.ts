import { aws_lambda as lambda, Token } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { ENTRANCES, GET, JWT, OPEN, Payments, errorOf } from './app';
import { Access, Entrance, HttpEntrance, type HttpEntranceProps, type RestApiEntranceOptions } from '../../src';

const tenancyConfig = lambda.TenancyConfig.PER_TENANT;
const props: Partial<HttpEntranceProps> = { access: Access.unauthenticated({ reason: OPEN }) };

function build(options: RestApiEntranceOptions = {}, stack = new Payments(undefined, { tenancyConfig })): Payments {
  stack.entrance({ ...props, entrance: Entrance.restApi(options), routes: [{ path: '/payments', method: GET, function: stack.pay }] });
  return stack;
}

const warnings = (stack: Payments): string[] => {
  stack.template();
  return stack.node.findAll().flatMap(node => node.node.metadata).filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data)).filter(text => text.includes('tenantFromCaller'));
};

test.each([
  ['httpApi', 'an HTTP API'], ['functionUrl', 'a function URL'], ['cloudFront', 'a function URL behind CloudFront'], ['loadBalancer', 'a load balancer'],
])('fails behind %s', (kind, title) => {
  const stack = new Payments(undefined, { tenancyConfig });
  expect(errorOf(() => stack.entrance({ ...props, ...ENTRANCES[kind](stack) }))).toBe(
    `'function' of POST /payments must not have tenant isolation, got 'tenancyConfig' PER_TENANT: ${title} cannot pass the tenant to Lambda; `
    + "use Entrance.restApi(), which maps 'tenantIdSource', or a function without tenant isolation (at Payments/Api)");
});

test('fails for a plain function and an alias too, and at synthesis if an override adds it', () => {
  const stack = new Payments();
  const plain = new lambda.Function(stack, 'Plain', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'i.h', code: lambda.Code.fromInline('x'), tenancyConfig });
  for (const [id, fn] of Object.entries({ Plain: plain, Alias: plain.addAlias('live') })) {
    expect(errorOf(() => new HttpEntrance(stack, `Api${id}`, { access: Access.jwt(JWT), routes: [{ path: '/', function: fn }] }))).toContain('must not have tenant isolation');
  }
  const later = new Payments();
  later.entrance();
  (later.pay.definition.node.defaultChild as lambda.CfnFunction).addPropertyOverride('TenancyConfig', { TenantIsolationMode: 'PER_TENANT' });
  expect(() => later.template()).toThrow("'function' of POST /payments must not have tenant isolation");
});

test('a REST API maps the required header of the caller, with a warning', () => {
  const stack = build();
  stack.template().hasResourceProperties('AWS::ApiGateway::Method', {
    HttpMethod: 'GET',
    RequestParameters: { 'method.request.header.X-Amz-Tenant-Id': true },
    Integration: Match.objectLike({ RequestParameters: { 'integration.request.header.X-Amz-Tenant-Id': 'method.request.header.X-Amz-Tenant-Id' } }),
  });
  expect(warnings(stack)).toEqual([expect.stringContaining("callers choose the tenant of Payments/Pay, because 'tenantIdSource' is method.request.header.X-Amz-Tenant-Id; map a value of the authorizer")]);
});

test('fails behind a REST API at synthesis if an override adds it, because the route passes no tenant', () => {
  const stack = build({}, new Payments());
  (stack.pay.definition.node.defaultChild as lambda.CfnFunction).addPropertyOverride('TenancyConfig', { TenantIsolationMode: 'PER_TENANT' });
  expect(() => stack.template()).toThrow("'tenancyConfig' of Payments/Pay must be set before its route is added, got PER_TENANT later");
});

test('a REST API maps a value of the authorizer, without a warning', () => {
  const stack = build({ tenantIdSource: 'context.authorizer.claims.custom:tenant' });
  stack.template().hasResourceProperties('AWS::ApiGateway::Method', {
    RequestParameters: Match.absent(),
    Integration: Match.objectLike({ RequestParameters: { 'integration.request.header.X-Amz-Tenant-Id': 'context.authorizer.claims.custom:tenant' } }),
  });
  expect(warnings(stack)).toEqual([]);
});

test('a function without tenant isolation receives no tenant', () => {
  build({}, new Payments()).template().hasResourceProperties('AWS::ApiGateway::Method', { RequestParameters: Match.absent(), Integration: Match.objectLike({ RequestParameters: Match.absent() }) });
});

test.each(['X-Tenant-Id', '$context.authorizer.tenant', "'constant'", 'integration.request.header.X', ''])('fails when the source is %j', source => {
  expect(errorOf(() => build({ tenantIdSource: source }))).toBe(
    `'tenantIdSource' must be a mapping expression, got '${source}'; write it as context.authorizer.tenantId or method.request.header.X-Tenant-Id (at Payments/Api)`);
});

test('the source can be a token', () => {
  expect(() => build({ tenantIdSource: Token.asString({ Ref: 'Source' }) }).template()).not.toThrow();
});
