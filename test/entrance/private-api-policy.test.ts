import { runSimulation } from '@cloud-copilot/iam-simulate';
import { aws_ec2 as ec2, aws_iam as iam } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { GET, OPEN, Payments, POST, ANY } from './app';
import { Access, Entrance, type EntranceRoute, type HttpEntrance, type HttpEntranceProps } from '../../src';

const ACCOUNT = '111122223333';
const OTHER = '999999999999';
const open = Access.unauthenticated({ reason: OPEN });
const API = `arn:aws:execute-api:us-east-1:${ACCOUNT}:api1`;

type Route = Pick<EntranceRoute, 'path' | 'method' | 'access'>;

function build(routes: Route[], props: Partial<HttpEntranceProps> = {}): { stack: Payments; api: HttpEntrance } {
  const stack = new Payments();
  const vpcEndpoints = [stack.vpc().addInterfaceEndpoint('Endpoint', { service: ec2.InterfaceVpcEndpointAwsService.APIGATEWAY })];
  const api = stack.entrance({
    entrance: Entrance.restApi({ vpcEndpoints }), access: Access.iam(), routes: routes.map(route => ({ ...route, function: stack.pay })), ...props,
  });
  return { stack, api };
}

function policyOf(stack: Payments): any {
  return Object.values<any>(stack.template().findResources('AWS::ApiGateway::RestApi'))[0].Properties.Policy;
}

const IDENTITY = [{ name: 'own', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }] } }];

/** The result of IAM for a caller, by the resource policy as it is synthesised. */
async function call(stack: Payments, principal: string, path: string, { endpoint = 'vpce-1', own = false } = {}): Promise<string | undefined> {
  const text = JSON.stringify(policyOf(stack)).replaceAll('"execute-api:/', `"${API}/`).replace(/\{"Ref":"Vpc[^"]*"\}/g, '"vpce-1"').replace(/\{"Fn::Join":\["",\["arn:",\{"Ref":"AWS::Partition"\},"([^"]*)"\]\]\}/g, '"arn:aws$1"');
  const { overallResult } = await runSimulation({
    request: { principal, action: 'execute-api:Invoke', resource: { resource: `${API}/live${path}`, accountId: ACCOUNT }, contextVariables: { 'aws:SourceVpce': endpoint } },
    identityPolicies: own ? IDENTITY : [],
    resourcePolicy: JSON.parse(text),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  } as never, {} as never) as { overallResult?: string };
  return overallResult;
}

const ROLE = `arn:aws:iam::${ACCOUNT}:role/anything`;
const FOREIGN = `arn:aws:iam::${OTHER}:role/theirs`;

describe('with access by IAM', () => {
  const { stack } = build([{ path: '/payments/{id}', method: GET }]);

  test('the policy only denies requests that do not come through the endpoint', () => {
    expect(policyOf(stack).Statement).toEqual([{
      Effect: 'Deny', Principal: { AWS: '*' }, Action: 'execute-api:Invoke', Resource: 'execute-api:/*', Condition: { StringNotEquals: { 'aws:SourceVpce': [expect.anything()] } },
    }]);
  });

  test.each([
    ['a role of the account without a permission', ROLE, {}, 'ImplicitlyDenied'],
    ['a role of another account with a permission of its own', FOREIGN, { own: true }, 'ImplicitlyDenied'],
    ['a role of the account with a permission', ROLE, { own: true }, 'Allowed'],
    ['a role of the account with a permission, through another endpoint', ROLE, { own: true, endpoint: 'vpce-2' }, 'ExplicitlyDenied'],
  ])('%s', async (_, principal, options, result) => {
    expect(await call(stack, principal, '/GET/payments/1', options)).toBe(result);
  });
});

describe('grantInvoke', () => {
  test('allows a role of the account by its own policy only', async () => {
    const { stack, api } = build([{ path: '/payments', method: POST }]);
    api.grantInvoke(new iam.Role(stack, 'Caller', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') })).assertSuccess();
    expect(policyOf(stack).Statement).toHaveLength(1);
    stack.template().hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: Match.anyValue() }] } });
  });

  test.each<[string, (stack: Payments) => iam.IGrantable, string]>([
    ['an imported role of another account', stack => iam.Role.fromRoleArn(stack, 'Theirs', FOREIGN), FOREIGN],
    ['a principal of another account', () => new iam.ArnPrincipal(FOREIGN), FOREIGN],
    ['another account', () => new iam.AccountPrincipal(OTHER), FOREIGN],
  ])('allows %s by name in the policy of the API', async (_, grantee, principal) => {
    const { stack, api } = build([{ path: '/payments', method: POST }]);
    api.grantInvoke(grantee(stack)).assertSuccess();
    expect(JSON.stringify(policyOf(stack).Statement[1].Principal)).toContain(OTHER);
    expect(await call(stack, principal, '/POST/payments', { own: true })).toBe('Allowed');
    expect(await call(stack, principal, '/POST/payments', { own: true, endpoint: 'vpce-2' })).toBe('ExplicitlyDenied');
    expect(await call(stack, 'arn:aws:iam::888888888888:role/x', '/POST/payments', { own: true })).toBe('ImplicitlyDenied');
  });
});

test('without any route by IAM, the policy allows every route', async () => {
  const { stack } = build([{ path: '/payments/{id}' }, { path: '/health' }], { access: open });
  expect(policyOf(stack).Statement[1]).toEqual({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'execute-api:Invoke', Resource: 'execute-api:/*' });
});

describe('with both', () => {
  const { stack } = build([{ path: '/payments/{id}', method: GET }, { path: '/payments', method: POST }, { path: '/webhooks/{id}', method: POST, access: open }, { path: '/', access: open }]);

  test('the policy allows the other routes by their methods and paths', () => {
    expect(policyOf(stack).Statement[1].Resource).toEqual(['execute-api:/live/POST/webhooks/*', 'execute-api:/live/*/']);
  });

  test.each([
    ['/POST/webhooks/1', 'Allowed'], ['/GET/payments/1', 'ImplicitlyDenied'], ['/POST/payments', 'ImplicitlyDenied'], ['/GET/webhooks/1', 'ImplicitlyDenied'],
  ])('%s is %s without a permission', async (path, result) => {
    expect(await call(stack, ROLE, path)).toBe(result);
  });

  test('a route that is added later is allowed by its path', async () => {
    const { stack: later, api } = build([{ path: '/payments', method: POST }]);
    api.addRoute({ path: '/health', method: GET, function: later.pay, access: open });
    expect(await call(later, ROLE, '/GET/health')).toBe('Allowed');
    expect(await call(later, ROLE, '/POST/payments')).toBe('ImplicitlyDenied');
  });

  test('preflight requests are allowed', async () => {
    const { stack: withCors } = build([{ path: '/payments', method: POST }], { cors: { allowOrigins: ['https://a.example.com'] } });
    expect(await call(withCors, ROLE, '/OPTIONS/payments')).toBe('Allowed');
    expect(await call(withCors, ROLE, '/POST/payments')).toBe('ImplicitlyDenied');
  });

  test.each<[string, Route, Route]>([
    ['a greedy path', { path: '/{proxy+}', access: open }, { path: '/admin', method: GET }],
    ['a parameter', { path: '/a/{id}', method: GET, access: open }, { path: '/a/{id}/secrets', method: GET }],
    ['the same path for every method', { path: '/a', method: ANY, access: open }, { path: '/a', method: GET }],
  ])('fails when the pattern of an open route matches a route by IAM: %s', (_, one, other) => {
    expect(() => build([one, other]).stack.template()).toThrow(/'path' of \S+ \S+ must not match \S+ \S+, whose access is by IAM: the resource policy of a private API would allow both to every AWS principal/);
  });
});

test('fails when the list of endpoints is empty', () => {
  const stack = new Payments();
  expect(() => stack.entrance({ access: Access.iam(), entrance: Entrance.restApi({ vpcEndpoints: [] }) }))
    .toThrow("'vpcEndpoints' must contain the endpoints of a private API, got none; add an interface endpoint of execute-api, or leave out the option (at Payments/Api)");
});
