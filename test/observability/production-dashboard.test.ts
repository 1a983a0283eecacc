import { Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { FailureQueue, ProductionDashboard, type ProductionDashboardProps, ProductionFunction } from '../../src';
import { newStack, plainFunction, REQUIRED } from '../support/plain-function';

let stack: Stack;
beforeEach(() => {
  stack = newStack();
});

/** The widgets, with references as a text. */
function widgets(props: ProductionDashboardProps): any[] {
  const dashboard = new ProductionDashboard(stack, 'Dashboard', props);
  const id = stack.getLogicalId(dashboard.node.defaultChild as cloudwatch.CfnDashboard);
  const body = Template.fromStack(stack).toJSON().Resources[id].Properties.DashboardBody;
  const parts: unknown[] = body['Fn::Join']?.[1] ?? [body];
  return JSON.parse(parts.map(part => typeof part === 'string' ? part : `<${Object.values(part as object).flat().join('.').replace(/[0-9A-F]{8}/, '')}>`).join('')).widgets;
}

const titled = (found: any[], title: string) => found.find(w => w.properties.title === title).properties;

describe('a function', () => {
  const found = () => {
    const pay = new ProductionFunction(stack, 'Pay', { ...REQUIRED, timeout: Duration.seconds(20), reservedConcurrentExecutions: 50 });
    return widgets({ functions: [pay.live] });
  };

  test('has a heading and five graphs', () => {
    expect(found().map(w => w.properties.title ?? w.properties.markdown)).toEqual([
      '## Stack/Pay/Live', 'Traffic', 'Errors and requests by version', 'Latency and timeout', 'Cold starts', 'Concurrency and limits',
    ]);
  });

  test('has the same heading with every CDK, because its background is set', () => {
    expect(found()[0].properties).toEqual({ markdown: '## Stack/Pay/Live', background: 'transparent' });
  });

  test('shows the traffic through the alias', () => {
    expect(titled(found(), 'Traffic').metrics).toEqual([
      ['AWS/Lambda', 'Invocations', 'FunctionName', '<Pay>', 'Resource', '<Pay>:live', expect.objectContaining({ label: 'requests', stat: 'Sum', period: 60 })],
      ['AWS/Lambda', 'Throttles', 'FunctionName', '<Pay>', 'Resource', '<Pay>:live', expect.objectContaining({ label: 'throttled', yAxis: 'right' })],
    ]);
  });

  test('shows the errors of each version, also of later ones', () => {
    const [[errors], [requests]] = titled(found(), 'Errors and requests by version').metrics;
    expect(errors).toMatchObject({
      expression: 'SEARCH(\'{AWS/Lambda,ExecutedVersion,FunctionName,Resource} MetricName="Errors" FunctionName="<Pay>" Resource="<Pay>:live"\', \'Sum\', 60)',
      label: "errors of ${PROP('Dim.ExecutedVersion')}",
    });
    expect(requests.expression).toContain('MetricName="Invocations"');
  });

  test('shows the latency and the timeout', () => {
    const { metrics, annotations } = titled(found(), 'Latency and timeout');
    expect(metrics.map((m: any) => m.at(-1).label ?? m.at(-1).stat)).toEqual(['p50', 'p90', 'p99']);
    expect(annotations.horizontal).toEqual([expect.objectContaining({ value: 20_000, label: 'timeout' })]);
  });

  test('reads the cold starts from its own JSON log', () => {
    const { query } = titled(found(), 'Cold starts');
    expect(query).toBe("SOURCE '<PayLogs>' | filter type = \"platform.report\"\n"
      + '| fields coalesce(record.metrics.initDurationMs, record.metrics.restoreDurationMs) as startMs\n'
      + '| stats count(startMs) as coldStarts, pct(startMs, 95) as p95StartMs by bin(5m)');
  });

  test('shows the concurrency with the reserved and the provisioned one', () => {
    const { metrics, annotations } = titled(found(), 'Concurrency and limits');
    expect(metrics.map((m: any) => m[1])).toEqual([
      'ConcurrentExecutions', 'ProvisionedConcurrentExecutions', 'ProvisionedConcurrencyUtilization', 'ProvisionedConcurrencySpilloverInvocations',
    ]);
    expect(annotations.horizontal).toEqual([expect.objectContaining({ value: 50, label: 'reserved' })]);
  });
});

test('an override after the dashboard changes the annotations', () => {
  const pay = new ProductionFunction(stack, 'Pay', REQUIRED);
  new ProductionDashboard(stack, 'Before', { functions: [pay] });
  const resource = pay.definition.node.defaultChild as lambda.CfnFunction;
  resource.addPropertyOverride('Timeout', 60);
  resource.addPropertyOverride('ReservedConcurrentExecutions', 7);
  const [body] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard')).map(d => JSON.stringify(d.Properties.DashboardBody));
  expect(body).toContain('60000');
  expect(body).toMatch(/value\\+":7,/);
  expect(body).not.toContain('10000');
});

test('reads the log group that Lambda creates for a function without one', () => {
  const alias = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: plainFunction(stack, 'Pay').currentVersion });
  expect(titled(widgets({ functions: [alias] }), 'Cold starts').query).toContain("SOURCE '/aws/lambda/<Pay>'");
  Template.fromStack(stack).resourceCountIs('Custom::LogRetention', 0);
});

test('accepts a ProductionFunction as an alias', () => {
  const found = widgets({ functions: [new ProductionFunction(stack, 'Pay', REQUIRED)] });
  expect(titled(found, 'Traffic').metrics[0].slice(0, 4)).toEqual(['AWS/Lambda', 'Invocations', 'FunctionName', '<Pay>']);
  expect(titled(found, 'Latency and timeout').annotations.horizontal).toEqual([expect.objectContaining({ value: 10_000 })]);
});

test('shows the number and age of the messages of queues', () => {
  const [messages, age] = widgets({ functions: [], queues: [FailureQueue.getOrCreate(stack)] });
  expect(messages.properties.title).toBe('Stack/ProductionLambda/FailureQueue: messages');
  expect(messages.properties.metrics.map((m: any) => m[1])).toEqual(['ApproximateNumberOfMessagesVisible', 'ApproximateNumberOfMessagesNotVisible']);
  expect(age.properties.metrics.map((m: any) => m[1])).toEqual(['ApproximateAgeOfOldestMessage']);
});

test('shows the connections and load of databases and proxies', () => {
  const database = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Db', { clusterIdentifier: 'payments' });
  const proxy = rds.DatabaseProxy.fromDatabaseProxyAttributes(stack, 'Proxy', { dbProxyName: 'payments-proxy', dbProxyArn: 'arn', endpoint: 'e', securityGroups: [] });
  const found = widgets({ functions: [], databases: [database], proxies: [proxy] });
  expect(found.flatMap(w => w.properties.metrics.map((m: any) => `${m[1]} ${m[2]}=${m[3]}`.replace(/=\.$/, '=')))).toEqual([
    'DatabaseConnections DBClusterIdentifier=payments',
    'CPUUtilization DBClusterIdentifier=payments',
    'ServerlessDatabaseCapacity DBClusterIdentifier=payments',
    'ClientConnections ProxyName=payments-proxy',
    'DatabaseConnections ProxyName=payments-proxy',
    'DatabaseConnectionsCurrentlySessionPinned ProxyName=payments-proxy',
    'MaxDatabaseConnectionsAllowed ProxyName=payments-proxy',
    'DatabaseConnectionsBorrowLatency ProxyName=payments-proxy',
  ]);
});

test('shows the state of alarms at the top', () => {
  const pay = new ProductionFunction(stack, 'Pay', REQUIRED);
  const [first] = widgets({ functions: [pay], alarmStatus: [pay.live.errorRateAlarm] });
  expect(first).toMatchObject({ type: 'alarm', y: 0, properties: { title: 'Alarms', alarms: [expect.stringContaining('ErrorRateAlarm')] } });
});

test('has a generated name by default', () => {
  new ProductionDashboard(stack, 'Dashboard', { functions: [] });
  new ProductionDashboard(stack, 'Named', { functions: [], dashboardName: 'payments' });
  expect(Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard')).map(d => d.Properties.DashboardName)).toEqual([undefined, 'payments']);
});
