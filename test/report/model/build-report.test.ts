import { check } from '../../../src/checks/engine/check';
import { input } from '../../../src/checks/engine/load';
import { DEFAULT_TRAFFIC } from '../../../src/report/cost/traffic';
import { buildReport } from '../../../src/report/model/build-report';
import type { FunctionData } from '../../../src/report/model/report-data';
import { markdownPage } from '../../../src/report/page/markdown-page';
import { textPage } from '../../../src/report/page/text-page';
import { reportLines, reportOf, TODAY } from '../../support/report-lines';

const role = (statements: object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: {}, Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: statements } }] },
});
const fn = (properties: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Runtime: 'nodejs24.x', Handler: 'i.h', Code: { ZipFile: 'x' }, Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Timeout: 10, MemorySize: 512, ...properties },
});
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

const APP = {
  Role: role([
    { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: arn('Table') },
    { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    { Effect: 'Allow', Action: ['logs:PutLogEvents'], Resource: '*' },
  ]),
  Fn: fn({ ReservedConcurrentExecutions: 5, Environment: { Variables: { TABLE: { Ref: 'Table' } } } }),
  Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
  Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] }, Name: 'live' } },
  Table: { Type: 'AWS::DynamoDB::Table', Properties: { KeySchema: [], AttributeDefinitions: [] } },
  Dead: { Type: 'AWS::SQS::Queue', Properties: {} },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60, RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 3 } } },
  Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: arn('Queue'), FunctionName: { Ref: 'Live' }, BatchSize: 5 } },
  Rule: { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression: 'rate(1 hour)', Targets: [{ Id: 'T', Arn: arn('Fn') }] } },
  Nat: { Type: 'AWS::EC2::NatGateway', Properties: {} },
};

function only(resources: object): FunctionData {
  const { functions } = reportOf(resources);
  expect(functions).toHaveLength(1);
  return functions[0];
}

test('shows what calls a function past its alias', () => {
  const { map, functions: [data] } = reportOf(APP);
  const past = map.edges.filter(({ bypassesAlias }) => bypassesAlias);
  const [rule, mapping] = ['Rule', 'Queue'].map(id => map.nodes.find(({ logicalId }) => logicalId === id)!.id);
  expect(past).toMatchObject([{ from: rule, to: data.id, kind: 'event' }]);
  expect(map.edges).toContainEqual(expect.objectContaining({ from: mapping, to: map.nodes.find(({ kind }) => kind === 'alias')!.id, label: 'batch of 5' }));
  expect(data.callers.filter(({ bypassesAlias }) => bypassesAlias)).toEqual([{ text: 'rule Rule, asynchronous, rate(1 hour)', bypassesAlias: true }]);
});

test('shows the retries of a queue and of asynchronous events', () => {
  const { failures } = only(APP);
  expect(failures[0]).toMatchObject({ text: 'Asynchronous events are lost after 2 retries or 6 h: there is no on-failure destination.', attempts: [{ atSeconds: 0 }, { atSeconds: 70 }, { atSeconds: 200 }] });
  expect(failures[1]).toMatchObject({
    text: 'Messages of Queue are received again after 1 min, and go to Dead after 3 receives.',
    destination: 'Dead',
    endSeconds: 180,
    attempts: [{ atSeconds: 0 }, { atSeconds: 60 }, { atSeconds: 120 }],
  });
});

test('says in words what the role may do, and leaves out the logs', () => {
  expect(only(APP).grants).toEqual([{ access: 'all actions', on: '*', isWide: true }, { access: 'read, write', on: 'Table', isWide: false }]);
});

test('names environment variables without their values', () => {
  const data = only({ ...APP, Fn: fn({ Environment: { Variables: { PASSWORD: 'hunter2-secret' } } }) });
  expect(data.environment).toEqual(['PASSWORD']);
  expect(JSON.stringify(data)).not.toContain('hunter2');
});

test('the timeouts begin with the caller', () => {
  const data = only({
    Role: role([]),
    Fn: fn(),
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'a', ProtocolType: 'HTTP' } },
    Integration: { Type: 'AWS::ApiGatewayV2::Integration', Properties: { ApiId: { Ref: 'Api' }, IntegrationType: 'AWS_PROXY', IntegrationUri: arn('Fn'), TimeoutInMillis: 20_000 } },
    Route: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId: { Ref: 'Api' }, RouteKey: 'GET /', AuthorizationType: 'JWT', Target: { 'Fn::Sub': 'integrations/${Integration}' } } },
  });
  expect(data.timeouts).toEqual([{ label: 'Api waits', seconds: 20 }, { label: 'function timeout', seconds: 10 }]);
  expect(data.callers).toEqual([{ text: 'API Api, access JWT', bypassesAlias: false }]);
});

test('simulates a release with its alarms, and says why it cannot', () => {
  const group = (alarms: object[]) => ({
    Type: 'AWS::CodeDeploy::DeploymentGroup',
    Properties: {
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent10Minutes',
      AlarmConfiguration: { Enabled: true, Alarms: alarms },
      AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_STOP_ON_ALARM'] },
    },
  });
  const live = { ...APP.Live, UpdatePolicy: { CodeDeployLambdaAliasUpdate: { ApplicationName: 'a', DeploymentGroupName: { Ref: 'Group' } } } };
  const dimensions = [
    { Name: 'FunctionName', Value: { Ref: 'Fn' } }, { Name: 'Resource', Value: { 'Fn::Sub': '${Fn}:live' } },
    { Name: 'ExecutedVersion', Value: { 'Fn::GetAtt': ['Version', 'Version'] } },
  ];
  const alarm = {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: dimensions,
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    },
  };
  const { release } = only({ ...APP, Live: live, Alarm: alarm, Group: group([{ Name: { Ref: 'Alarm' } }]) });
  expect(release).toMatchObject({ text: 'alias live, 10 % for 10 min, rolls back on alarm', shiftMinutes: 10, steps: [{ minute: 0, percent: 10 }, { minute: 10, percent: 100 }] });
  expect(release!.outcomes[0].totalFailure.rolledBackPercent).toBeGreaterThan(99);
  expect(only({ ...APP, Live: live, Group: group([]) }).release).toMatchObject({ outcomes: [], notSimulated: expect.stringContaining('no alarm') });
  expect(only(APP).release).toMatchObject({ text: 'alias live, all traffic immediately, without CodeDeploy' });
});

test('the standing cost is the sum of its groups, and each group the sum of its lines', () => {
  const { cost } = reportOf(APP);
  expect(cost.standing.map(({ label }) => label)).toEqual(['Network']);
  expect(cost.standing[0].amount.max).toBeCloseTo(730 * 0.045, 9);
  expect(cost.standingTotal.max).toBeCloseTo(cost.standing.reduce((total, { amount }) => total + amount.max, 0), 9);
});

test('checklists say what is held, what is not, and what a template does not contain', () => {
  const [production, , hub] = reportOf(APP).checklists;
  const state = (id: string) => [...production.items, ...hub.items].find(item => item.id === id)?.state;
  expect(state('Security 1')).toBe('not-held');
  expect(state('Compute 2')).toBe('held');
  expect(state('Reliability 1')).toBe('not-visible');
  expect(state('Security 6')).toBe('not-applicable');
  expect(state('Lambda.7')).toBe('not-held');
});

test('a stack near its limit has advice about splitting it', () => {
  const many = Object.fromEntries(Array.from({ length: 45 }, (_, i) => [
    [`Fn${i}`, fn()],
    ...Array.from({ length: 7 }, (__, j) => [`Topic${i}of${j}`, { Type: 'AWS::SNS::Topic', Properties: {} }]),
  ]).flat());
  const advice = (resources: object) => reportOf(resources).budgets.find(({ kind }) => kind === 'resources')!.advice;
  expect(advice({ ...APP, ...many })).toMatch(/^With 8.04 resources for each function, the stack has room for 62 functions; it has 46\. Split the stack/);
  expect(advice(APP)).toBeUndefined();
});

test('an acknowledged finding keeps its reason and marks no node', () => {
  const exempt = { Metadata: { 'cdk-production-lambda': { exempt: { 'LP-F72': 'the bucket list is public' } } } };
  const report = reportOf({ ...APP, Role: { ...APP.Role, ...exempt } });
  expect(report.findings.find(({ rule }) => rule === 'LP-F72')).toMatchObject({ acknowledged: 'the bucket list is public' });
});

test('the same input has the same data', () => {
  expect(reportOf(APP)).toEqual(reportOf(APP));
});

test('unknown values make no numbers up', () => {
  const unknown = { 'Fn::ImportValue': 'elsewhere' };
  const report = reportOf({
    Role: role([]),
    Fn: fn({ Timeout: unknown, MemorySize: unknown, ReservedConcurrentExecutions: unknown, Runtime: unknown }),
    Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: unknown, FunctionName: { Ref: 'Fn' }, BatchSize: unknown } },
  });
  expect(report.functions[0]).toMatchObject({ timeouts: [], reservedConcurrency: undefined });
  expect(JSON.stringify(report)).not.toContain('NaN');
  expect(reportLines(report).join('\n')).not.toMatch(/NaN|undefined s|Infinity/);
});

test('an app without functions has a report too', () => {
  const report = reportOf({ Topic: { Type: 'AWS::SNS::Topic', Properties: {} } });
  expect(report).toMatchObject({ functions: [], map: { nodes: [], edges: [] }, cost: { standingTotal: { min: 0, max: 0 } } });
});

test('a release without alarms is not simulated', () => {
  const group = { DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes', AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE'] } };
  const { release } = only({
    ...APP,
    Live: { ...APP.Live, UpdatePolicy: { CodeDeployLambdaAliasUpdate: { ApplicationName: 'a', DeploymentGroupName: { Ref: 'Group' } } } },
    Group: { Type: 'AWS::CodeDeploy::DeploymentGroup', Properties: group },
  });
  expect(release).toMatchObject({ outcomes: [], notSimulated: expect.stringContaining('no alarm') });
});

test('says which stated traffic has no function', () => {
  const traffic = { ...DEFAULT_TRAFFIC, isStated: true, functions: new Map([['Fn', {}], ['Shop/Pya', {}]]) };
  expect(reportOf(APP, { traffic }).summary.notSeen).toContain('the stated traffic of Shop/Pya: no function has the path');
});

describe('templates of one name in several folders', () => {
  const stack = (properties: object) => ({ Resources: { Role: role([]), Fn: fn(properties) } });
  const templates = [
    input(stack({ ReservedConcurrentExecutions: 3 }), 'dev/template.yaml', undefined, { region: 'eu-west-1', account: '111111111111' }),
    input(stack({ TracingConfig: { Mode: 'Active' }, ReservedConcurrentExecutions: 4 }), 'prod/template.yaml', undefined, { region: 'eu-west-1', account: '222222222222' }),
  ];
  const report = buildReport({ name: 'App', templates, findings: check(templates, { today: TODAY }), today: TODAY });
  const rulesOf = ({ findings }: FunctionData) => findings.map(index => report.findings[index].rule);

  test('have the names of their folders, once each', () => {
    expect(report.stacks.map(({ name }) => name)).toEqual(['dev/template', 'prod/template']);
    expect(textPage(report).match(/^ {2}Fn \(/gm)).toHaveLength(2);
    expect(markdownPage(report)).toContain('| Fn (dev/template) |');
  });

  test('have the findings of their own functions', () => {
    const [dev, prod] = report.functions.map(rulesOf);
    expect(dev).toContain('LP-F86');
    expect(prod).not.toContain('LP-F86');
  });

  test('have a budget of concurrency for each account', () => {
    expect(report.budgets.filter(({ kind }) => kind === 'concurrency').map(({ label, used }) => [label, used])).toEqual([
      ['Concurrency of the account (111111111111, eu-west-1)', 3], ['Concurrency of the account (222222222222, eu-west-1)', 4],
    ]);
  });
});

test('an app without functions assumes no traffic', () => {
  expect(reportOf({ Queue: { Type: 'AWS::SQS::Queue', Properties: {} } }).summary.notSeen.join()).not.toContain('--traffic');
  expect(reportOf({ Role: role([]), Fn: fn() }).summary.notSeen.join()).toContain('--traffic');
});

test('services are apart on the map, whatever their names are', () => {
  const permission = (Principal: string) => ({ Type: 'AWS::Lambda::Permission', Properties: { FunctionName: { Ref: 'Fn' }, Action: 'lambda:InvokeFunction', Principal } });
  const { map } = reportOf({ Role: role([]), Fn: fn(), A: permission('日本'), B: permission('中国') });
  expect(map.nodes.filter(({ kind }) => kind === 'service').map(({ name }) => name)).toEqual(['日本', '中国']);
});

test('prices have Japanese units in a Japanese report', () => {
  const { cost } = reportOf({ Role: role([]), Fn: fn(), Nat: { Type: 'AWS::EC2::NatGateway', Properties: {} } }, { language: 'ja' });
  expect(cost.prices.filter(({ unit }) => !/[\u3040-\u30FF\u4E00-\u9FFF]/.test(unit))).toEqual([]);
  expect(cost.standing[0].lines[0].factors.map(({ label }) => label)).toContain('0.045 USD / NAT ゲートウェイ時間');
});

test('a route of SAM has its access', () => {
  const template = {
    Transform: 'AWS::Serverless-2016-10-31',
    Resources: { Fn: { Type: 'AWS::Serverless::Function', Properties: { Runtime: 'nodejs24.x', Handler: 'i.h', InlineCode: 'x', Events: { Get: { Type: 'HttpApi', Properties: { Path: '/', Method: 'get' } } } } } },
  };
  const templates = [input(template, 'template.yaml')];
  const { functions: [data] } = buildReport({ name: 'App', templates, findings: [], today: TODAY });
  expect(data.callers.map(({ text }) => text)).toEqual(['API ServerlessHttpApi, access NONE']);
});
