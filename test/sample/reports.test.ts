import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { createApp } from '../../sample/app';
import { expectNoFindings } from '../../testing/src/template';

interface Resource {
  readonly Type: string;
  readonly Properties: any;
  readonly DependsOn?: string[];
}

/** Synthesis installs no packages: a function is not bundled for a stack that is not listed. */
const UNBUILT = { 'aws:cdk:bundling-stacks': [] };

function resourcesOf(context: Record<string, unknown>): Record<string, Resource> {
  return createApp({ context: { ...UNBUILT, ...context } }).synth().getStackByName('Payments').template.Resources;
}
const plain = resourcesOf({});
const resources = resourcesOf({ reports: 'true' });
const added = Object.entries(resources).filter(([id]) => !(id in plain));
const only = (type: string) => added.filter(([, { Type }]) => Type === type);

test('the other functions are the same with and without the reports', () => {
  const changed = Object.keys(plain).filter(id => JSON.stringify(plain[id]) !== JSON.stringify(resources[id]));
  // The proxy may authenticate one more user, the smoke tests may invoke one more function, and the dashboard shows it.
  expect(changed.map(id => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
    'Dashboard', 'LedgerProxyRoleDefaultPolicy', 'ProductionLambdaPreTrafficTestFunction', 'ProductionLambdaPreTrafficTestRole',
  ]);
});

test('the function is in Python, and connects to the readers with a login of its own', () => {
  const [[, { Properties }]] = only('AWS::Lambda::Function');
  expect(Properties).toMatchObject({ Runtime: 'python3.14', Architectures: ['arm64'], Handler: 'app.handler' });
  const [[endpoint, { Properties: { TargetRole } }]] = only('AWS::RDS::DBProxyEndpoint');
  expect(TargetRole).toBe('READ_ONLY');
  expect(Properties.Environment.Variables).toMatchObject({ PGUSER: 'report', PGHOST: { 'Fn::GetAtt': [endpoint, 'Endpoint'] } });
  expect(Properties.Environment.Variables).not.toHaveProperty('PGSSLMODE');
});

test('it may log in as its user, send failed events to the queue, and write logs and traces', () => {
  const [[, { Properties: { Role } }]] = only('AWS::Lambda::Function');
  const roleId = Role['Fn::GetAtt'][0];
  const policies = only('AWS::IAM::Policy').map(([, each]) => each.Properties).filter(({ Roles }) => Roles[0].Ref === roleId);
  const statements = [...resources[roleId].Properties.Policies ?? [], ...policies].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  const actions = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => [Action].flat());
  expect(actions.filter(action => !/^(logs|xray|ec2):/.test(action))).toEqual(['sqs:SendMessage', 'rds-db:connect']);
});

test('its login reads one table, which the migration has created, and its alias waits for both', () => {
  const [[user, { Properties, DependsOn }]] = only('Custom::DatabaseUser');
  expect(Properties.grant.filter((statement: string) => statement.includes('ON TABLE'))).toEqual([expect.stringContaining('GRANT SELECT ON TABLE "public"."payments" TO "report"')]);
  expect(Properties.grant.join()).not.toMatch(/INSERT|UPDATE|DELETE|ALL TABLES|DEFAULT PRIVILEGES/);
  expect(DependsOn).toContainEqual(expect.stringMatching(/^LedgerMigration/));
  const [[, fn]] = only('AWS::Lambda::Function');
  expect(fn.DependsOn).toContain(user);
});

test('a schedule invokes it every night with the time of the schedule', () => {
  const [[, { Properties }]] = only('AWS::Scheduler::Schedule');
  expect(Properties).toMatchObject({ ScheduleExpression: 'cron(0 2 * * ? *)', ScheduleExpressionTimezone: 'Etc/UTC' });
  expect(JSON.parse(Properties.Target.Input)).toEqual({ scheduledTime: '<aws.scheduler.scheduled-time>' });
});

test('cdk-nag and the checks of the library find nothing', () => {
  const app = createApp({ context: { ...UNBUILT, reports: 'true' } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  expect(() => app.synth()).not.toThrow();
  expectNoFindings(app);
});
