import { App, CfnResource, Duration, aws_apigatewayv2 as apigwv2, aws_cloudwatch as cloudwatch, aws_iam as iam, aws_kms as kms, aws_lambda as lambda, aws_logs as logs, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ANY, ENTRANCES, GET, OPEN, Payments, POST } from './app';
import { Access, Entrance, HttpEntrance, type HttpEntranceProps } from '../../src';
import { warningsOf } from '../support/warnings';

/** The entrances that support access by IAM. */
const WITH_IAM = ['httpApi', 'restApi', 'functionUrl'];

function build(kind: string, props: Partial<HttpEntranceProps> = {}, fn = {}): { stack: Payments; api: HttpEntrance } {
  const stack = new Payments(new App(), fn);
  const access = kind === 'loadBalancer' || kind === 'cloudFront' ? Access.unauthenticated({ reason: OPEN }) : Access.iam();
  return { stack, api: stack.entrance({ access, ...ENTRANCES[kind](stack), ...props }) };
}

test('is an HTTP API by default', () => {
  const stack = new Payments();
  expect(stack.entrance().httpApi).toBeDefined();
  stack.template().resourceCountIs('AWS::ApiGatewayV2::Api', 1);
});

describe.each(Object.keys(ENTRANCES))('the same app with %s', kind => {
  test('invokes the live alias and never $LATEST', () => {
    const { stack } = build(kind);
    const text = JSON.stringify(stack.template().toJSON().Resources);
    expect(text).not.toContain('$LATEST');
    for (const permission of Object.values<any>(stack.template().findResources('AWS::Lambda::Permission'))) {
      expect(JSON.stringify(permission.Properties.FunctionName)).toMatch(/PayLive|ApiUrl/);
    }
  });

  test('adds no permissions when routes are added', () => {
    const { stack, api } = build(kind);
    for (const id of ['a', 'b', 'c']) api.addRoute({ method: GET, path: `/${id}`, function: stack.pay });
    // Lambda requires two for a function URL of CloudFront. Callers of a function URL with access by IAM have the grant in their own role.
    const expected = { functionUrl: 0, cloudFront: 2 }[kind] ?? 1;
    stack.template().resourceCountIs('AWS::Lambda::Permission', expected);
  });

  test('has alarms on 5xx and latency that do not fire below ten requests a minute', () => {
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
    expect(stack.resolve(api.tailLatencyAlarm.alarmArn)).toBeDefined();
    expect(api.integrationLatencyAlarm !== undefined).toBe(kind.endsWith('Api'));
  });

  test('has a url', () => {
    const { stack, api } = build(kind);
    const url = JSON.stringify(stack.resolve(api.url));
    expect(url).toContain(kind === 'loadBalancer' || kind === 'cloudFront' ? 'https://api.example.com/' : 'Api');
  });

  test('has metrics of requests, errors and latency by the names of its service', () => {
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

  test('retains the access log for a month, or for the given time', () => {
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

describe('addRoute', () => {
  test.each([
    ['httpApi', ['AWS::ApiGatewayV2::Route']],
    ['restApi', ['AWS::ApiGateway::Method']],
    ['loadBalancer', ['AWS::ElasticLoadBalancingV2::ListenerRule']],
    ['functionUrl', []],
    ['cloudFront', []],
  ])('returns the resources that it adds to %s', (kind, types) => {
    const { stack, api } = build(kind);
    const added = api.addRoute({ method: GET, path: '/payments', function: stack.pay });
    const resources = added.map(construct => CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild as CfnResource);
    expect(resources.map(resource => resource.cfnResourceType)).toEqual(types);
  });

  test('returns a route for each method if an HTTP API with CORS gets a route for ANY', () => {
    const { stack, api } = build('httpApi', { cors: { allowOrigins: ['https://shop.example.com'] } });
    const added = api.addRoute({ method: ANY, path: '/payments/{id}', function: stack.pay });
    expect(added.map(route => (route as apigwv2.CfnRoute).routeKey.split(' ')[0])).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT']);
  });
});

describe('logEncryptionKey', () => {
  test.each(['httpApi', 'restApi'])('encrypts the access log of %s, and allows CloudWatch Logs to use the key', kind => {
    const stack = new Payments();
    const key = new kms.Key(stack, 'Key');
    stack.entrance({ access: Access.iam(), ...ENTRANCES[kind](stack), logEncryptionKey: key });
    stack.template().hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: stack.resolve(key.keyArn), RetentionInDays: 30 });
    stack.template().hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({
          Principal: { Service: { 'Fn::Join': ['', ['logs.us-east-1.', { Ref: 'AWS::URLSuffix' }]] } },
          Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
          Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': Match.objectLike({ 'Fn::Join': Match.anyValue() }) } },
        })]),
      },
    });
    expect(warningsOf(stack).join()).not.toContain('importedLogKey');
  });

  test('warns that the policy of an imported key must allow CloudWatch Logs', () => {
    const stack = new Payments();
    stack.entrance({ logEncryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/1') });
    expect(warningsOf(stack).join()).toContain(
      "the policy of an imported 'logEncryptionKey' cannot be changed by this stack; it must allow logs.<region>.amazonaws.com to encrypt and decrypt, "
      + 'or the log group cannot be created [ack: Annotation::cdk-production-lambda:HttpEntrance.importedLogKey]');
  });

  test.each([
    ['functionUrl', 'a function URL'], ['cloudFront', 'a function URL behind CloudFront'], ['loadBalancer', 'a load balancer'],
  ])('fails with %s', (kind, title) => {
    const stack = new Payments();
    const key = new kms.Key(stack, 'Key');
    expect(() => stack.entrance({ access: Access.unauthenticated({ reason: OPEN }), ...ENTRANCES[kind](stack), logEncryptionKey: key }))
      .toThrow(new Error(`'logEncryptionKey' of an access log is not supported by ${title}; use Entrance.httpApi() or Entrance.restApi() (at Payments/Api)`));
  });
});

test('alarms have the given thresholds', () => {
  const { stack } = build('httpApi', {
    alarms: {
      errorRateThreshold: 1,
      minimumRequests: 50,
      latencyThreshold: seconds(1),
      tailLatencyThreshold: seconds(3),
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

test('alarms of a load balancer add its own 5xx and the 5xx of functions, and convert seconds to milliseconds', () => {
  const { stack } = build('loadBalancer');
  const expressions = JSON.stringify(stack.template().findResources('AWS::CloudWatch::Alarm'));
  expect(expressions).toContain('IF(requests >= 10, 100 * (FILL(errors0, 0) + FILL(errors1, 0)) / requests, 0)');
  expect(expressions).toContain('IF(requests >= 10, 1000 * latency, 0)');
});

describe('grantInvoke', () => {
  test.each(WITH_IAM)('allows a role to call %s and nothing else', kind => {
    const { stack, api } = build(kind);
    const role = new iam.Role(stack, 'Caller', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    expect(api.grantInvoke(role).success).toBe(true);
    const policy = Object.values<any>(stack.template().findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: Match.stringLikeRegexp('Caller') }] } }))[0];
    const statements = policy.Properties.PolicyDocument.Statement;
    expect(statements.map((s: any) => s.Action)).toEqual(kind === 'functionUrl' ? ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'] : ['execute-api:Invoke']);
    if (kind !== 'functionUrl') expect(JSON.stringify(statements[0].Resource)).toMatch(kind === 'httpApi' ? /\/\$default\/\*\/\*/ : /DeploymentStagelive/);
    else expect(statements[1].Condition).toEqual({ Bool: { 'lambda:InvokedViaFunctionUrl': true } });
  });

  test.each(WITH_IAM)('works for an imported role and a user with %s', kind => {
    const { stack, api } = build(kind);
    expect(api.grantInvoke(iam.Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111122223333:role/imported')).success).toBe(true);
    expect(api.grantInvoke(new iam.User(stack, 'User')).success).toBe(true);
    stack.template().resourceCountIs('AWS::IAM::Policy', 2);
  });

  test('cannot grant to a service principal with an API', () => {
    expect(build('httpApi').api.grantInvoke(new iam.ServicePrincipal('events.amazonaws.com')).success).toBe(false);
  });
});

test('one function has one permission for each of its entrances', () => {
  const stack = new Payments();
  const routes = [{ method: POST, path: '/payments', function: stack.pay }];
  for (const [id, entrance] of [['Public', Entrance.httpApi()], ['Partners', Entrance.restApi()]] as const) {
    new HttpEntrance(stack, id, { entrance, access: Access.iam(), routes });
  }
  stack.template().resourceCountIs('AWS::Lambda::Permission', 2);
});

test('an entrance with several functions has one permission and one integration for each', () => {
  const stack = new Payments();
  const read = stack.function('Read');
  stack.entrance({
    routes: [
      { method: POST, path: '/payments', function: stack.pay }, { method: GET, path: '/payments', function: read }, { method: GET, path: '/payments/{id}', function: read },
    ],
  });
  stack.template().resourceCountIs('AWS::Lambda::Permission', 2);
  stack.template().resourceCountIs('AWS::ApiGatewayV2::Integration', 2);
});

test('accepts plain functions, aliases and imported functions', () => {
  const stack = new Payments();
  const plain = new lambda.Function(stack, 'Plain', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('x') });
  const alias = plain.addAlias('blue');
  const imported = lambda.Function.fromFunctionAttributes(stack, 'Imported', { functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:f', sameEnvironment: true });
  stack.entrance({ routes: [plain, alias, imported].map((fn, index) => ({ method: GET, path: `/${index}`, function: fn })) });
  stack.template().resourceCountIs('AWS::Lambda::Permission', 3);
});

test('the permission for a function of another stack is in the stack of the entrance', () => {
  const app = new App();
  const functions = new Payments(app, {}, 'Functions');
  const front = new Stack(app, 'Front', { env: { account: '111122223333', region: 'us-east-1' } });
  new HttpEntrance(front, 'Api', { access: Access.iam(), routes: [{ method: GET, path: '/', function: functions.pay }] });
  Template.fromStack(front).resourceCountIs('AWS::Lambda::Permission', 1);
  Template.fromStack(functions).resourceCountIs('AWS::Lambda::Permission', 0);
});

describe('fails when', () => {
  test.each<[string, string, Partial<HttpEntranceProps>, string]>([
    ['an error rate is above 99.999 %', 'httpApi', { alarms: { errorRateThreshold: 100 } }, "'errorRateThreshold' must be between 0 and 99.999, got 100; it is the percentage of failed requests (at Payments/Api)"],
    ['the minimum number of requests is 0', 'httpApi', { alarms: { minimumRequests: 0 } }, "'minimumRequests' must be between 1 and 1000000, got 0; it is a number of requests a minute (at Payments/Api)"],
    ['a latency threshold is 0', 'httpApi', { alarms: { tailLatencyThreshold: seconds(0) } }, "'tailLatencyThreshold' must be at least 1 millisecond, got 0 seconds; raise it (at Payments/Api)"],
    ['a function URL has an integration latency', 'functionUrl', { alarms: { integrationLatencyThreshold: seconds(1) } }, "'integrationLatencyThreshold' is not supported by a function URL; use Entrance.httpApi() or Entrance.restApi() (at Payments/Api)"],
    ['a function URL has a retention of the access log', 'functionUrl', { logRetention: logs.RetentionDays.ONE_DAY }, "'logRetention' of an access log is not supported by a function URL; use Entrance.functionUrl({ cloudFront: true }), Entrance.httpApi(), Entrance.restApi() or Entrance.loadBalancer() (at Payments/Api)"],
  ])('%s', (_, kind, props, message) => {
    expect(() => build(kind, props)).toThrow(new Error(message));
  });

  test.each(['functionUrl', 'cloudFront', 'loadBalancer'])('metricIntegrationLatency is called with %s', kind => {
    const title = { functionUrl: 'a function URL', cloudFront: 'a function URL behind CloudFront', loadBalancer: 'a load balancer' }[kind];
    expect(() => build(kind).api.metricIntegrationLatency())
      .toThrow(new Error(`'metricIntegrationLatency' is not supported by ${title}; use Entrance.httpApi() or Entrance.restApi() (at Payments/Api)`));
    expect(build('httpApi').api.metricIntegrationLatency()).toMatchObject({ metricName: 'IntegrationLatency', statistic: 'p90' });
  });

  test.each([['loadBalancer', 'a load balancer'], ['cloudFront', 'a function URL behind CloudFront']])('grantInvoke is called with %s', (kind, title) => {
    const { stack, api } = build(kind);
    expect(() => api.grantInvoke(new iam.User(stack, 'User')))
      .toThrow(new Error(`'grantInvoke' is not supported by ${title}; use Entrance.functionUrl(), Entrance.httpApi() or Entrance.restApi() (at Payments/Api)`));
  });

  test('its props contradict each other, before any resource is created', () => {
    const stack = new Payments();
    expect(() => stack.entrance({ webAclArn: 'arn' })).toThrow();
    expect(stack.node.findChild('Api').node.children).toHaveLength(0);
  });
});

function seconds(n: number) {
  return Duration.millis(1_000 * n);
}
