import { NEEDS } from './platform';
import { createApp } from '../../sample/app';

interface Resource {
  readonly Type: string;
  readonly Properties: any;
  readonly DependsOn?: string[];
}

const template = createApp().synth().getStackByName('Payments').template as { Resources: Record<string, Resource>; Outputs: Record<string, unknown> };
const ofType = (type: string) => Object.entries(template.Resources).filter(([, r]) => r.Type === type);
/** The function that runs a handler, by the id that the stack gave it. */
function functionOf(handler: string): [string, Resource] {
  const id = { migrate: 'LedgerMigrate' }[handler] ?? handler[0].toUpperCase() + handler.slice(1);
  return ofType('AWS::Lambda::Function').find(([logicalId]) => new RegExp(`^${id}[0-9A-F]{8}$`).test(logicalId))!;
}
/** The actions that a function's role allows. */
function allowed(handler: string): string[] {
  const roleId = functionOf(handler)[1].Properties.Role['Fn::GetAtt'][0];
  const attached = ofType('AWS::IAM::Policy').filter(([, { Properties }]) => Properties.Roles.some((role: any) => role.Ref === roleId)).map(([, r]) => r.Properties);
  return [...template.Resources[roleId].Properties.Policies, ...attached].flatMap(policy => policy.PolicyDocument.Statement).filter((s: any) => s.Effect === 'Allow').flatMap((s: any) => [s.Action].flat()) as string[];
}
/** All that must be there before a resource, at any distance. */
function before(logicalId: string, seen = new Set<string>()): Set<string> {
  for (const next of template.Resources[logicalId].DependsOn ?? []) {
    if (seen.has(next)) continue;
    seen.add(next);
    before(next, seen);
  }
  return seen;
}

test.each(Object.entries(NEEDS))('%s finds in its environment what it needs', (handler, variables) => {
  const { Variables } = functionOf(handler)[1].Properties.Environment;
  expect(variables.filter(name => Variables[name] === undefined)).toEqual([]);
});

test.each(['pay', 'settle', 'reconcile', 'migrate'])('%s has a login of its own, and its connection is encrypted', handler => {
  const { Variables } = functionOf(handler)[1].Properties.Environment;
  expect(Variables.PGUSER).toBe(handler);
  expect(Variables).not.toHaveProperty('PGSSLMODE');
  expect(allowed(handler)).toContain('rds-db:connect');
});

test('a payment is looked at as stuck after the longest run of its function and of its charge, and given up after clients have stopped to repeat', () => {
  const { STUCK_AFTER_SECONDS, ABANDON_AFTER_SECONDS } = functionOf('reconcile')[1].Properties.Environment.Variables;
  const { Timeout, Environment } = functionOf('pay')[1].Properties;
  expect(Number(STUCK_AFTER_SECONDS)).toBeGreaterThan(Timeout + Number(Environment.Variables.CHARGE_UNDER_WAY_SECONDS));
  expect(Number(ABANDON_AFTER_SECONDS)).toBeGreaterThan(3_600);
});

test('the webhook, open to everybody, is outside of the VPC and may do nothing but queue and read its secret', () => {
  expect(functionOf('webhook')[1].Properties).not.toHaveProperty('VpcConfig');
  expect(allowed('webhook').filter(action => !/^(logs|xray):/.test(action)).sort()).toEqual([
    'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage', 'sqs:SendMessage',
  ]);
});

test('merchants need a token with the right scope, the provider needs none', () => {
  const routes = ofType('AWS::ApiGatewayV2::Route').map(([, { Properties: p }]) => [p.RouteKey, p.AuthorizationType, p.AuthorizationScopes]);
  expect(routes).toEqual([
    ['POST /payments', 'JWT', ['payments/pay']], ['GET /payments/{id}', 'JWT', ['payments/look']], ['POST /webhooks/provider', 'NONE', undefined],
  ]);
});

test('the schema is brought up after the logins are there, and before a new version meets it', () => {
  const [[migration]] = ofType('Custom::Trigger');
  const users = Object.keys(template.Resources).filter(id => /^LedgerUser/.test(id) && template.Resources[id].Type.startsWith('Custom::'));
  expect(users.length).toBe(4);
  expect(users.filter(user => !before(migration).has(user))).toEqual([]);
  for (const handler of ['Pay', 'Settle', 'Reconcile']) {
    const [alias] = ofType('AWS::Lambda::Alias').find(([id]) => id.startsWith(`${handler}Live`))!;
    expect(before(alias)).toContain(migration);
  }
});

test('what holds money or memory outlives the stack', () => {
  const kept = Object.values(template.Resources).filter(r => (r as unknown as { DeletionPolicy?: string }).DeletionPolicy?.match(/Retain|Snapshot/)).map(r => r.Type);
  expect(kept).toEqual(expect.arrayContaining(['AWS::RDS::DBCluster', 'AWS::DynamoDB::GlobalTable', 'AWS::Cognito::UserPool']));
});

test('tells an operator where everything is', () => {
  expect(Object.keys(template.Outputs).sort()).toEqual(expect.arrayContaining(['ApiUrl', 'MerchantClientId', 'ProviderKeySecret', 'SettlementsFailed', 'TokenUrl', 'WebhookUrl']));
});
