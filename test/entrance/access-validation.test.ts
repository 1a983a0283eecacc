import { App, aws_cognito as cognito, aws_lambda as lambda, Duration, Lazy } from 'aws-cdk-lib';
import { ENTRANCES, JWT, OPEN, Payments, errorOf } from './app';
import { Access } from '../../src';

const APIS = 'Entrance.httpApi() or Entrance.restApi()';
const SEVERAL = 'Entrance.httpApi(), Entrance.restApi() or Entrance.loadBalancer()';
const WITH_IAM = 'Entrance.functionUrl(), Entrance.httpApi() or Entrance.restApi()';
const REASON = "'reason' of Access.unauthenticated must not be empty, got an empty text; state what protects the route instead of authentication";

function build(kind: string, access: Access, stack: Payments, route: Access | undefined = undefined): void {
  stack.entrance({ ...ENTRANCES[kind](stack), access, routes: [{ path: '/payments', function: stack.pay, access: route }] });
}

function pool(stack: Payments, clients: number): Access {
  const userPool = new cognito.UserPool(stack, 'Pool');
  return Access.userPool(userPool, Array.from({ length: clients }, (_, n) => userPool.addClient(`App${n}`)));
}

function authorizer(stack: Payments, seconds: number): lambda.IFunction {
  return stack.function('Authorizer', { timeout: Duration.seconds(seconds) });
}

describe('accepts', () => {
  test.each<[string, string, (stack: Payments) => Access]>([
    ['50 audiences', 'httpApi', () => Access.jwt({ ...JWT, audience: Array.from({ length: 50 }, (_, n) => `${n}`) })],
    ['an issuer and audiences that are tokens', 'httpApi', () => Access.jwt({ issuer: Lazy.string({ produce: () => 'https://a' }), audience: Lazy.list({ produce: () => ['a'] }) })],
    ['an authorizer of 10 s whose results are cached for an hour', 'httpApi', stack => Access.lambdaAuthorizer(authorizer(stack, 10), { resultsCacheTtl: Duration.seconds(3_600) })],
    ['an authorizer without identity sources if caching is disabled', 'httpApi', stack => Access.lambdaAuthorizer(stack.pay, { headers: [], resultsCacheTtl: Duration.seconds(0) })],
  ])('%s', (_, kind, access) => {
    const stack = new Payments();
    build(kind, access(stack), stack);
    expect(() => stack.template()).not.toThrow();
  });
});

describe('fails when', () => {
  test.each<[string, string, (stack: Payments) => Access, string]>([
    ['a REST API validates JWTs', 'restApi', () => Access.jwt(JWT), "'access' by JWT is not supported by a REST API; use Entrance.httpApi() or Entrance.loadBalancer()"],
    ['a function URL validates JWTs', 'functionUrl', () => Access.jwt(JWT), "'access' by JWT is not supported by a function URL; use Entrance.httpApi() or Entrance.loadBalancer()"],
    ['a function URL has a user pool', 'functionUrl', stack => pool(stack, 1), `'access' by user pool is not supported by a function URL; use ${SEVERAL}`],
    ['a function URL has an authorizer', 'functionUrl', stack => Access.lambdaAuthorizer(stack.pay), `'access' by Lambda authorizer is not supported by a function URL; use ${APIS}`],
    ['a load balancer has an authorizer', 'loadBalancer', stack => Access.lambdaAuthorizer(stack.pay), `'access' by Lambda authorizer is not supported by a load balancer; use ${APIS}`],
    ['a load balancer has access by IAM', 'loadBalancer', () => Access.iam(), `'access' by IAM is not supported by a load balancer; use ${WITH_IAM}`],
    ['CloudFront has access by IAM', 'cloudFront', () => Access.iam(), `'access' by IAM is not supported by a function URL behind CloudFront; use ${WITH_IAM}`],
    ['the reason is empty', 'functionUrl', () => Access.unauthenticated({ reason: '' }), REASON],
    ['the issuer is not an https URL', 'httpApi', () => Access.jwt({ ...JWT, issuer: 'login.example.com' }), "'issuer' of Access.jwt must be an https URL, got 'login.example.com'; copy it from the configuration of the issuer"],
    ['the URL of the keys is not an https URL', 'httpApi', () => Access.jwt({ ...JWT, jwksEndpoint: 'http://a' }), "'jwksEndpoint' of Access.jwt must be an https URL, got 'http://a'; copy it from the configuration of the issuer"],
    ['an audience is empty', 'httpApi', () => Access.jwt({ ...JWT, audience: [''] }), "'audience' of Access.jwt must contain only audiences without white space, got ''; write each as it is in the 'aud' claim of the tokens"],
    ['an audience has white space', 'httpApi', () => Access.jwt({ ...JWT, audience: ['payments', ' '] }), "'audience' of Access.jwt must contain only audiences without white space, got ' '; write each as it is in the 'aud' claim of the tokens"],
    ['an audience of a load balancer is empty', 'loadBalancer', () => Access.jwt({ ...JWT, audience: [''] }), "'audience' of Access.jwt must contain only audiences without white space, got ''; write each as it is in the 'aud' claim of the tokens"],
    ['the issuer is a discovery URL', 'httpApi', () => Access.jwt({ ...JWT, issuer: `${JWT.issuer}/.well-known/openid-configuration` }), `'issuer' of Access.jwt must be the 'iss' claim of the tokens, got '${JWT.issuer}/.well-known/openid-configuration', a discovery URL; remove '/.well-known/…'`],
    ['the issuer is the URL of the keys', 'loadBalancer', () => Access.jwt({ ...JWT, issuer: `${JWT.issuer}/.well-known/jwks.json` }), `'issuer' of Access.jwt must be the 'iss' claim of the tokens, got '${JWT.issuer}/.well-known/jwks.json', a discovery URL; remove '/.well-known/…'`],
    ['the issuer has a query', 'httpApi', () => Access.jwt({ ...JWT, issuer: 'https://a.example.com/?p=b2c' }), "'issuer' of Access.jwt must be the 'iss' claim of the tokens, got 'https://a.example.com/?p=b2c', a URL with a query or fragment; copy the issuer from a token"],
    ['the issuer has a placeholder', 'httpApi', () => Access.jwt({ ...JWT, issuer: 'https://login.microsoftonline.com/{tenant}/v2.0' }), "'issuer' of Access.jwt must be the 'iss' claim of the tokens, got 'https://login.microsoftonline.com/{tenant}/v2.0', a template; fill in its placeholders"],
    ['the issuer is an endpoint for every tenant', 'httpApi', () => Access.jwt({ ...JWT, issuer: 'https://login.microsoftonline.com/common/v2.0' }), "'issuer' of Access.jwt must be the 'iss' claim of the tokens, got 'https://login.microsoftonline.com/common/v2.0', an endpoint for several tenants; use the URL with the id of your tenant"],
    ['the issuer is the domain of sign-in pages', 'httpApi', () => Access.jwt({ ...JWT, issuer: 'https://shop.auth.us-east-1.amazoncognito.com' }), "'issuer' of Access.jwt must be the 'iss' claim of the tokens, got 'https://shop.auth.us-east-1.amazoncognito.com', the domain of the sign-in pages; use Access.userPool, or https://cognito-idp.<region>.amazonaws.com/<user pool id>"],
    ['there is no audience', 'httpApi', () => Access.jwt({ ...JWT, audience: [] }), "'audience' must be between 1 and 50, got 0; list the audiences of the tokens, at most 50 for an HTTP API"],
    ['there are 51 audiences', 'httpApi', () => Access.jwt({ ...JWT, audience: Array(51).fill('a') }), "'audience' must be between 1 and 50, got 51; list the audiences of the tokens, at most 50 for an HTTP API"],
    ['a load balancer has two audiences', 'loadBalancer', () => Access.jwt({ ...JWT, audience: ['a', 'b'] }), "'audience' must be between 1 and 1, got 2; list the audiences of the tokens, at most 1 for a load balancer"],
    ['a user pool has no client', 'httpApi', stack => pool(stack, 0), "'clients' must be between 1 and 50, got 0; list the app clients of the callers, at most 50 for an HTTP API"],
    ['a load balancer has two clients', 'loadBalancer', stack => pool(stack, 2), "'clients' must be between 1 and 1, got 2; list the app clients of the callers, at most 1 for a load balancer"],
    ['an authorizer has a timeout of 11 seconds', 'httpApi', stack => Access.lambdaAuthorizer(authorizer(stack, 11)), "'timeout' of the authorizer Payments/Authorizer must be at most 10 seconds, got 11 seconds; API Gateway stops waiting after 10 seconds"],
    ['results are cached for more than an hour', 'httpApi', stack => Access.lambdaAuthorizer(stack.pay, { resultsCacheTtl: Duration.seconds(3_601) }), "'resultsCacheTtl' must be between 0 seconds and 1 hour, got 1 hour 1 second; lower it"],
    ['results are cached for a fraction of a second', 'httpApi', stack => Access.lambdaAuthorizer(stack.pay, { resultsCacheTtl: Duration.millis(1_500) }), "'resultsCacheTtl' must be a whole number of seconds, got 1.5 seconds; round it"],
    ['results are cached without an identity source', 'httpApi', stack => Access.lambdaAuthorizer(stack.pay, { headers: [] }), "'resultsCacheTtl' must be 0 without 'headers' and 'queryStrings', got 5 minutes; add an identity source, or disable caching"],
    ['results are cached for a time that is a token, without an identity source', 'restApi', stack => Access.lambdaAuthorizer(stack.pay, { headers: [], resultsCacheTtl: Duration.seconds(Lazy.number({ produce: () => 1 })) }), "'resultsCacheTtl' must be 0 without 'headers' and 'queryStrings', got a token; add an identity source, or disable caching"],
    ['an identity source is a header that API Gateway cannot read', 'httpApi', stack => Access.lambdaAuthorizer(stack.pay, { headers: ['X Tenant'] }), "'headers' of Access.lambdaAuthorizer may contain only letters, digits and . _ $ -, got 'X Tenant'; API Gateway cannot read other names"],
    ['an identity source is a query string that API Gateway cannot read', 'restApi', stack => Access.lambdaAuthorizer(stack.pay, { queryStrings: ['a[b]'] }), "'queryStrings' of Access.lambdaAuthorizer may contain only letters, digits and . _ $ -, got 'a[b]'; API Gateway cannot read other names"],
  ])('%s', (_, kind, access, message) => {
    const stack = new Payments();
    expect(errorOf(() => build(kind, access(stack), stack))).toBe(`${message} (at Payments/Api)`);
  });

  test.each(['', ' '])('the reason of a route is %j', reason => {
    const stack = new Payments();
    expect(errorOf(() => build('restApi', Access.unauthenticated({ reason: OPEN }), stack, Access.unauthenticated({ reason })))).toBe(`${REASON} (at Payments/Api)`);
  });
});

describe('values that are tokens', () => {
  const later = (value: string) => Lazy.string({ produce: () => value });

  test.each<[string, string, () => Access, string]>([
    ['an audience is empty', 'httpApi', () => Access.jwt({ ...JWT, audience: [later('')] }), "'audience' of Access.jwt must contain only audiences without white space, got ''"],
    ['an audience of a list is white space', 'loadBalancer', () => Access.jwt({ ...JWT, audience: Lazy.list({ produce: () => [' '] }) }), "'audience' of Access.jwt must contain only audiences without white space, got ' '"],
    ['the list of audiences is empty', 'httpApi', () => Access.jwt({ ...JWT, audience: Lazy.list({ produce: () => [] }) }), "'audience' must be between 1 and 50, got 0"],
    ['the issuer is not an https URL', 'httpApi', () => Access.jwt({ ...JWT, issuer: later('http://a') }), "'issuer' of Access.jwt must be an https URL, got 'http://a'"],
    ['the issuer is a discovery URL', 'httpApi', () => Access.jwt({ ...JWT, issuer: later(`${JWT.issuer}/.well-known/x`) }), "'issuer' of Access.jwt must be the 'iss' claim of the tokens"],
  ])('fail at synthesis when %s', (_, kind, access, message) => {
    const stack = new Payments();
    build(kind, access(), stack);
    expect(() => stack.template()).toThrow(`[Payments/Api] ${message}`);
  });
});

test.each(['', ' ', 'payments:read payments:write'])('fails when a scope is %j', scope => {
  const stack = new Payments();
  expect(errorOf(() => stack.entrance({ access: Access.jwt(JWT), routes: [{ path: '/payments', function: stack.pay, scopes: [scope] }] })))
    .toMatch(/^'scopes' of .* must contain only scopes without white space, got '.*'; write each as an item of its own/);
});

describe('the timeout of an authorizer', () => {
  const PROBLEM = "'timeout' of the authorizer Payments/Authorizer must be at most 10 seconds, got 11 seconds; API Gateway stops waiting after 10 seconds";

  test('fails before any resource is created when an override raises it', () => {
    const stack = new Payments();
    const fn = stack.function('Authorizer');
    (fn.definition.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Timeout', 11);
    expect(errorOf(() => build('httpApi', Access.lambdaAuthorizer(fn), stack))).toBe(`${PROBLEM} (at Payments/Api)`);
  });

  test('fails at synthesis when an override raises it later', () => {
    const stack = new Payments(new App());
    const fn = stack.function('Authorizer');
    build('restApi', Access.lambdaAuthorizer(fn), stack);
    (fn.definition.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Timeout', 11);
    expect(() => stack.template()).toThrow(PROBLEM);
  });
});
