import { App, Duration, aws_cloudwatch as cloudwatch, aws_iam as iam, aws_lambda as lambda, aws_logs as logs, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ENTRANCES, GET, OPEN, Payments, POST } from './app';
import { Access, Entrance, HttpEntrance, type HttpEntranceProps } from '../../src';

/** Entrances with IAM, for what only they can do. */
const WITH_IAM = ['httpApi', 'restApi', 'functionUrl'];

function build(kind: string, props: Partial<HttpEntranceProps> = {}, fn = {}): { stack: Payments; api: HttpEntrance } {
  const stack = new Payments(new App(), fn);
  const access = kind === 'loadBalancer' || kind === 'cloudFront' ? Access.publicBecause(OPEN) : Access.iam();
  return { stack, api: stack.entrance({ access, ...ENTRANCES[kind](stack), ...props }) };
}

test('is an HTTP API unless told otherwise', () => {
  const stack = new Payments();
  expect(stack.entrance().httpApi).toBeDefined();
  stack.template().resourceCountIs('AWS::ApiGatewayV2::Api', 1);
});

describe.each(Object.keys(ENTRANCES))('the same app behind %s', kind => {
  test('reaches the live alias and never $LATEST', () => {
    const { stack } = build(kind);
    const text = JSON.stringify(stack.template().toJSON().Resources);
    expect(text).not.toContain('$LATEST');
    for (const permission of Object.values<any>(stack.template().findResources('AWS::Lambda::Permission'))) {
      expect(JSON.stringify(permission.Properties.FunctionName)).toMatch(/PayLive|ApiUrl/);
    }
  });

  test('keeps the number of permissions when routes are added', () => {
    const { stack, api } = build(kind);
    for (const id of ['a', 'b', 'c']) api.addRoute({ method: GET, path: `/${id}`, handler: stack.pay });
    // Lambda wants two for whatever comes through a function URL; IAM callers are granted on their own role.
    const expected = { functionUrl: 0, cloudFront: 2 }[kind] ?? 1;
    stack.template().resourceCountIs('AWS::Lambda::Permission', expected);
  });

  test('has alarms on 5xx and latency that stay silent below ten requests a minute', () => {
    const { stack, api } = build(kind);
    const alarms = Object.values<any>(stack.template().findResources('AWS::CloudWatch::Alarm', {
      Properties: { AlarmDescription: Match.stringLikeRegexp('Payments/Api') },
    }));
    expect(alarms).toHaveLength(kind.endsWith('Api') ? 4 : 3);
    for (const { Properties } of alarms) {
      expect(Properties.TreatMissingData).toBe('notBreaching');
      expect(Properties.Metrics.find((metric: any) => metric.Expression).Expression).toMatch(/^IF\(requests >= 10, /);
    }
    expect(stack.resolve(api.errorRateAlarm.alarmArn)).toBeDefined();
    expect(stack.resolve(api.latencyAlarm.alarmArn)).toBeDefined();
    expect(stack.resolve(api.slowestAlarm.alarmArn)).toBeDefined();
    expect(api.integrationLatencyAlarm !== undefined).toBe(kind.endsWith('Api'));
  });

  test('has a url', () => {
    const { stack, api } = build(kind);
    const url = JSON.stringify(stack.resolve(api.url));
    expect(url).toContain(kind === 'loadBalancer' || kind === 'cloudFront' ? 'https://api.example.com/' : 'Api');
  });

  test('counts requests, errors and latency under its own names', () => {
    const { api } = build(kind);
    const names = (metric: cloudwatch.IMetric) => metric instanceof cloudwatch.MathExpression
      ? Object.values(metric.usingMetrics).map(m => (m as cloudwatch.Metric).metricName) : [(metric as cloudwatch.Metric).metricName];
    const expected: Record<string, string[]> = {
      httpApi: ['Count', '5xx', '4xx', 'Latency'],
      restApi: ['Count', '5XXError', '4XXError', 'Latency'],
      functionUrl: ['UrlRequestCount', 'Url5xxCount', 'Url4xxCount', 'UrlRequestLatency'],
      cloudFront: ['UrlRequestCount', 'Url5xxCount', 'Url4xxCount', 'UrlRequestLatency'],
      loadBalancer: ['RequestCount', 'HTTPCode_Target_5XX_Count', 'HTTPCode_ELB_5XX_Count', 'HTTPCode_Target_4XX_Count', 'HTTPCode_ELB_4XX_Count', 'TargetResponseTime'],
    };
    expect([api.metricRequests(), api.metricServerErrors(), api.metricClientErrors(), api.metricLatency()].flatMap(names)).toEqual(expected[kind]);
    expect(api.metric('Anything', { statistic: 'Maximum' })).toMatchObject({ metricName: 'Anything', statistic: 'Maximum' });
  });

  test('keeps the access log for a month, or as long as asked', () => {
    if (kind === 'functionUrl') return expect(Object.keys(build(kind).stack.template().findResources('AWS::S3::Bucket'))).toHaveLength(0);
    const [type, days] = kind.endsWith('Api') ? ['AWS::Logs::LogGroup', (n: number) => ({ RetentionInDays: n })] as const
      : ['AWS::S3::Bucket', (n: number) => ({ LifecycleConfiguration: { Rules: [{ ExpirationInDays: n, Status: 'Enabled' }] } })] as const;
    build(kind).stack.template().hasResource(type, { Properties: days(30), DeletionPolicy: 'Retain' });
    build(kind, { logRetention: logs.RetentionDays.ONE_WEEK }).stack.template().hasResourceProperties(type, days(7));
    if (type === 'AWS::S3::Bucket') {
      const bucket = Object.values<any>(build(kind, { logRetention: logs.RetentionDays.INFINITE }).stack.template().findResources(type))[0];
      expect(bucket.Properties.LifecycleConfiguration).toBeUndefined();
    }
  });
});

test('fires its alarms at the thresholds asked for', () => {
  const { stack } = build('httpApi', {
    alarms: {
      errorRateThreshold: 1,
      minimumRequests: 50,
      latencyThreshold: seconds(1),
      slowestThreshold: seconds(3),
      integrationLatencyThreshold: seconds(0.5),
    },
  });
  for (const [name, Threshold, EvaluationPeriods] of [['5xx', 1, 3], ['p90 of Latency', 1_000, 5], ['p99 of Latency', 3_000, 5], ['p90 of IntegrationLatency', 500, 5]] as const) {
    stack.template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold,
      EvaluationPeriods,
      ComparisonOperator: 'GreaterThanThreshold',
      Metrics: Match.arrayWith([Match.objectLike({ Expression: Match.stringLikeRegexp('requests >= 50'), Label: Match.stringLikeRegexp(name) })]),
    });
  }
});

test('adds up what a load balancer and its functions answer with 5xx, and reads its seconds as milliseconds', () => {
  const { stack } = build('loadBalancer');
  const expressions = JSON.stringify(stack.template().findResources('AWS::CloudWatch::Alarm'));
  expect(expressions).toContain('IF(requests >= 10, 100 * (FILL(errors0, 0) + FILL(errors1, 0)) / requests, 0)');
  expect(expressions).toContain('IF(requests >= 10, 1000 * latency, 0)');
});

describe('grantInvoke', () => {
  test.each(WITH_IAM)('lets a role call %s and nothing else', kind => {
    const { stack, api } = build(kind);
    const role = new iam.Role(stack, 'Caller', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    expect(api.grantInvoke(role).success).toBe(true);
    const policy = Object.values<any>(stack.template().findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: Match.stringLikeRegexp('Caller') }] } }))[0];
    const statements = policy.Properties.PolicyDocument.Statement;
    expect(statements.map((s: any) => s.Action)).toEqual(kind === 'functionUrl' ? ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'] : ['execute-api:Invoke']);
    if (kind !== 'functionUrl') expect(JSON.stringify(statements[0].Resource)).toMatch(kind === 'httpApi' ? /\/\$default\/\*\/\*/ : /DeploymentStagelive/);
    else expect(statements[1].Condition).toEqual({ Bool: { 'lambda:InvokedViaFunctionUrl': true } });
  });

  test.each(WITH_IAM)('works for an imported role and a user behind %s', kind => {
    const { stack, api } = build(kind);
    expect(api.grantInvoke(iam.Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111122223333:role/imported')).success).toBe(true);
    expect(api.grantInvoke(new iam.User(stack, 'User')).success).toBe(true);
    stack.template().resourceCountIs('AWS::IAM::Policy', 2);
  });

  test('has nowhere to write a grant for a service behind an API', () => {
    expect(build('httpApi').api.grantInvoke(new iam.ServicePrincipal('events.amazonaws.com')).success).toBe(false);
  });
});

test('one function stands behind several entrances, with one permission for each', () => {
  const stack = new Payments();
  const routes = [{ method: POST, path: '/payments', handler: stack.pay }];
  for (const [id, entrance] of [['Public', Entrance.httpApi()], ['Partners', Entrance.restApi()]] as const) {
    new HttpEntrance(stack, id, { entrance, access: Access.iam(), routes });
  }
  stack.template().resourceCountIs('AWS::Lambda::Permission', 2);
});

test('several functions stand behind one entrance, with one permission and one integration for each', () => {
  const stack = new Payments();
  const read = stack.function('Read');
  stack.entrance({
    routes: [
      { method: POST, path: '/payments', handler: stack.pay }, { method: GET, path: '/payments', handler: read }, { method: GET, path: '/payments/{id}', handler: read },
    ],
  });
  stack.template().resourceCountIs('AWS::Lambda::Permission', 2);
  stack.template().resourceCountIs('AWS::ApiGatewayV2::Integration', 2);
});

test('takes any function: plain, alias and imported', () => {
  const stack = new Payments();
  const plain = new lambda.Function(stack, 'Plain', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('x') });
  const alias = plain.addAlias('blue');
  const imported = lambda.Function.fromFunctionAttributes(stack, 'Imported', { functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:f', sameEnvironment: true });
  stack.entrance({ routes: [plain, alias, imported].map((handler, place) => ({ method: GET, path: `/${place}`, handler })) });
  stack.template().resourceCountIs('AWS::Lambda::Permission', 3);
});

test('the permission is beside the entrance where the function is in another stack', () => {
  const app = new App();
  const functions = new Payments(app, {}, 'Functions');
  const edge = new Stack(app, 'Edge', { env: { account: '111122223333', region: 'us-east-1' } });
  new HttpEntrance(edge, 'Api', { access: Access.iam(), routes: [{ method: GET, path: '/', handler: functions.pay }] });
  Template.fromStack(edge).resourceCountIs('AWS::Lambda::Permission', 1);
  Template.fromStack(functions).resourceCountIs('AWS::Lambda::Permission', 0);
});

describe('fails when', () => {
  test.each<[string, string, Partial<HttpEntranceProps>, string]>([
    ['an error rate is beyond a percentage', 'httpApi', { alarms: { errorRateThreshold: 100 } }, "'errorRateThreshold' must be between 0 and 99.999, got 100; it is the percentage of failed requests (at Payments/Api)"],
    ['the minimum of requests is 0', 'httpApi', { alarms: { minimumRequests: 0 } }, "'minimumRequests' must be between 1 and 1000000, got 0; it is a number of requests a minute (at Payments/Api)"],
    ['an alarm is to fire at once', 'httpApi', { alarms: { slowestThreshold: seconds(0) } }, "'slowestThreshold' must be at least 1, got 0; it is a number of milliseconds, above which the alarm fires (at Payments/Api)"],
    ['a function URL is to tell functions from the whole', 'functionUrl', { alarms: { integrationLatencyThreshold: seconds(1) } }, "'integrationLatencyThreshold' is not possible behind a function URL; use Entrance.httpApi() or Entrance.restApi() (at Payments/Api)"],
    ['a function URL is to keep an access log', 'functionUrl', { logRetention: logs.RetentionDays.ONE_DAY }, "'logRetention' of an access log is not possible behind a function URL; use Entrance.functionUrl({ cloudFront: true }), Entrance.httpApi(), Entrance.restApi() or Entrance.loadBalancer() (at Payments/Api)"],
  ])('%s', (_, kind, props, message) => {
    expect(() => build(kind, props)).toThrow(new Error(message));
  });

  test.each(['functionUrl', 'cloudFront', 'loadBalancer'])('the part of the functions in the latency of %s is asked for', kind => {
    const title = { functionUrl: 'a function URL', cloudFront: 'a function URL behind CloudFront', loadBalancer: 'a load balancer' }[kind];
    expect(() => build(kind).api.metricIntegrationLatency())
      .toThrow(new Error(`'metricIntegrationLatency' is not possible behind ${title}; use Entrance.httpApi() or Entrance.restApi() (at Payments/Api)`));
    expect(build('httpApi').api.metricIntegrationLatency()).toMatchObject({ metricName: 'IntegrationLatency', statistic: 'p90' });
  });

  test.each([['loadBalancer', 'a load balancer'], ['cloudFront', 'a function URL behind CloudFront']])('callers are to be granted behind %s', (kind, title) => {
    const { stack, api } = build(kind);
    expect(() => api.grantInvoke(new iam.User(stack, 'User')))
      .toThrow(new Error(`'grantInvoke' is not possible behind ${title}; use Entrance.functionUrl(), Entrance.httpApi() or Entrance.restApi() (at Payments/Api)`));
  });

  test('its own props contradict each other, before the first child exists', () => {
    const stack = new Payments();
    expect(() => stack.entrance({ webAclArn: 'arn' })).toThrow();
    expect(stack.node.findChild('Api').node.children).toHaveLength(0);
  });
});

function seconds(n: number) {
  return Duration.millis(1_000 * n);
}
