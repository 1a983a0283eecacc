import { type CfnResource, Duration, Names, type Stack } from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as nodejs from 'aws-cdk-lib/aws-lambda-nodejs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { lostIn, stepFrom, synthesise, type Template } from './step';
import { CanaryAlias, ProductionFunction } from '../../src';
import { plainFunction, REQUIRED } from '../support/plain-function';

const X86 = { architecture: lambda.Architecture.X86_64 };

/** The callers of a function: an API, a schedule, a topic and a queue. */
class Callers {
  public readonly api: apigwv2.HttpApi;
  public readonly queue: sqs.Queue;

  constructor(private readonly stack: Stack) {
    this.api = new apigwv2.HttpApi(stack, 'Api');
    this.queue = new sqs.Queue(stack, 'Orders', { visibilityTimeout: Duration.minutes(1) });
  }

  public call(fn: lambda.IFunction): void {
    this.api.addRoutes({ path: '/payments', methods: [apigwv2.HttpMethod.POST], integration: new integrations.HttpLambdaIntegration('Pay', fn) });
    new events.Rule(this.stack, 'Nightly', { schedule: events.Schedule.cron({ minute: '0', hour: '2' }), targets: [new targets.LambdaFunction(fn)] });
    new sns.Topic(this.stack, 'Topic').addSubscription(new subscriptions.LambdaSubscription(fn));
    fn.addEventSource(new sources.SqsEventSource(this.queue));
  }
}

function production(stack: Stack, props: Partial<lambda.FunctionProps> = {}): ProductionFunction {
  return new ProductionFunction(stack, 'Pay', { ...REQUIRED, ...X86, ...props });
}

/** The three deployments of docs/guides/adopting.md, "A function". */
function handOver(stack: Stack, stage: 'prepared' | 'moved' | 'done'): void {
  const callers = new Callers(stack);
  const pay = production(stack);
  callers.call(stage === 'prepared' ? pay.definition : pay);
  if (stage === 'done') return;
  pay.addPermission('HandOverApi', { principal: new iam.ServicePrincipal('apigateway.amazonaws.com'), sourceArn: callers.api.arnForExecuteApi() });
}

describe.each([['no feature flag', {}], ['log groups of CDK', { '@aws-cdk/aws-lambda:useCdkManagedLogGroup': true }]])('a function, with %s', (_name, context) => {
  let plain: Template, prepared: Template, moved: Template, done: Template;
  beforeAll(() => {
    plain = synthesise(stack => { new Callers(stack).call(plainFunction(stack, 'Pay')); }, context);
    [prepared, moved, done] = (['prepared', 'moved', 'done'] as const).map(stage => synthesise(stack => handOver(stack, stage), context));
  });

  test('the first deployment creates the alias, and no caller uses it', () => {
    const step = stepFrom(plain, prepared);
    expect(lostIn(step)).toEqual([]);
    expect(step.replaced).toEqual([]);
    expect(step.removed).toEqual([]);
    expect(step.retained).toEqual('@aws-cdk/aws-lambda:useCdkManagedLogGroup' in context ? [expect.stringMatching(/^AWS::Logs::LogGroup PayLogGroup/)] : []);
    expect(step.changed).toEqual([
      expect.stringMatching(/^AWS::IAM::Role PayServiceRole\w+: ManagedPolicyArns, Policies$/),
      expect.stringMatching(/^AWS::Lambda::Function Pay\w+: Architectures, Environment, LoggingConfig, MemorySize, RecursiveLoop, RuntimeManagementConfig, Timeout, TracingConfig$/),
    ]);
    expect(step.added).toEqual([
      'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Alarm', 'AWS::CodeDeploy::Application', 'AWS::CodeDeploy::DeploymentGroup',
      'AWS::IAM::Role', 'AWS::Lambda::Alias', 'AWS::Lambda::EventInvokeConfig', 'AWS::Lambda::Permission', 'AWS::Lambda::Version', 'AWS::Logs::LogGroup',
      'AWS::SQS::Queue', 'AWS::SQS::QueuePolicy',
    ]);
  });

  test('the second moves the callers; only permissions and the subscription are replaced, and the API already has a permission on the alias', () => {
    const step = stepFrom(prepared, moved);
    expect(lostIn(step)).toEqual([]);
    // A subscription can't change its endpoint: the new one is made before the old one goes.
    expect([...step.replaced, ...step.removed].filter(line => !line.startsWith('AWS::Lambda::Permission'))).toEqual([
      expect.stringMatching(/^AWS::SNS::Subscription Pay\w+: Endpoint$/),
    ]);
    expect(step.changed.map(line => line.replace(/ \w+:/, ':'))).toEqual([
      'AWS::ApiGatewayV2::Integration: IntegrationUri', 'AWS::Events::Rule: Targets', 'AWS::Lambda::EventSourceMapping: FunctionName',
    ]);
    const early = Object.values<any>(prepared.Resources).find(r => r.Type === 'AWS::Lambda::Permission' && JSON.stringify(r.Properties.FunctionName).includes('PayLive'));
    expect(early.Properties.Principal).toBe('apigateway.amazonaws.com');
  });

  test('the third removes the temporary permission', () => {
    expect(stepFrom(moved, done)).toEqual({ added: [], changed: [], replaced: [], retained: [], removed: [expect.stringMatching(/^AWS::Lambda::Permission PayHandOverApi/)] });
  });

  test('in the end, no caller invokes $LATEST', () => {
    const fn = Object.keys(done.Resources).find(id => done.Resources[id].Type === 'AWS::Lambda::Function' && id.startsWith('Pay'))!;
    const callersOf = (t: Template) => Object.values<any>(t.Resources)
      .filter(r => /Integration$|Rule$|EventSourceMapping$|Subscription$|Lambda::Permission$/.test(r.Type) && JSON.stringify(r.Properties).includes(`"${fn}"`));
    expect(callersOf(done)).toEqual([]);
    expect(callersOf(plain).length).toBeGreaterThanOrEqual(6);
  });
});

test('a NodejsFunction is adopted the same way, with another bundle of its code', () => {
  const before = synthesise(stack => { new nodejs.NodejsFunction(stack, 'Pay', { entry: __filename, depsLockFilePath: 'package-lock.json', runtime: lambda.Runtime.NODEJS_24_X }); });
  const after = synthesise(stack => production(stack));
  const step = stepFrom(before, after);
  expect(lostIn(step)).toEqual([]);
  expect([step.replaced, step.removed]).toEqual([[], []]);
  expect(step.changed.find(line => line.startsWith('AWS::Lambda::Function'))).toContain(': Architectures, Code, Environment, ');
});

describe('an existing alias and deployment group', () => {
  function canaried(stack: Stack): void {
    const fn = plainFunction(stack, 'Pay');
    const alias = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion });
    new codedeploy.LambdaDeploymentGroup(stack, 'Canary', { alias, deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES });
    new Callers(stack).call(alias);
  }

  let before: Template;
  beforeAll(() => { before = synthesise(canaried); });
  const idOf = (template: Template, type: string) => Object.keys(template.Resources).find(id => template.Resources[id].Type === type)!;

  test('CanaryAlias in their place is the same alias; the deployment group without alarms is removed', () => {
    const step = stepFrom(before, synthesise(stack => {
      const alias = new CanaryAlias(stack, 'Live', { function: plainFunction(stack, 'Pay') });
      new Callers(stack).call(alias);
    }));
    expect(lostIn(step)).toEqual([]);
    expect(step.replaced).toEqual([]);
    expect(step.removed.map(line => line.split(' ')[0])).toEqual(['AWS::CodeDeploy::Application', 'AWS::CodeDeploy::DeploymentGroup', 'AWS::IAM::Role']);
    // Policies of CloudFormation alone: the traffic goes by the new group, the version stays when the next one comes.
    expect(step.changed).toEqual([expect.stringMatching(/^AWS::Lambda::Alias Live\w+: $/), expect.stringMatching(/^AWS::Lambda::Version Pay\w+: $/)]);
    expect(step.added).toEqual(['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Alarm', 'AWS::CodeDeploy::Application', 'AWS::CodeDeploy::DeploymentGroup', 'AWS::IAM::Role']);
  });

  test('ProductionFunction adopts alias, mapping and subscription by their logical ids', () => {
    const keep = (construct: IConstruct, logicalId: string) => (construct.node.defaultChild as CfnResource).overrideLogicalId(logicalId);
    const after = synthesise(stack => {
      const pay = production(stack);
      const callers = new Callers(stack);
      callers.call(pay);
      keep(pay.live, idOf(before, 'AWS::Lambda::Alias'));
      keep(pay.node.findChild('Topic'), idOf(before, 'AWS::SNS::Subscription'));
      keep(pay.node.findChild(`SqsEventSource:${Names.nodeUniqueId(callers.queue.node)}`), idOf(before, 'AWS::Lambda::EventSourceMapping'));
    });
    const step = stepFrom(before, after);

    expect(lostIn(step)).toEqual([]);
    expect(step.replaced.filter(line => !line.startsWith('AWS::Lambda::Permission'))).toEqual([]);
    expect(step.removed.map(line => line.split(' ')[0]).filter(type => type !== 'AWS::Lambda::Permission')).toEqual([
      'AWS::CodeDeploy::Application', 'AWS::CodeDeploy::DeploymentGroup', 'AWS::IAM::Role', 'AWS::Lambda::Version',
    ]);
    const alias = after.Resources[idOf(after, 'AWS::Lambda::Alias')];
    expect(alias.UpdatePolicy.CodeDeployLambdaAliasUpdate.ApplicationName).toEqual({ Ref: expect.stringMatching(/^ProductionLambdaRelease/) });
    expect(alias.Properties.Name).toBe('live');
  });

  test('without the logical ids, alias and mapping would be created a second time, which Lambda rejects, and the subscription removed', () => {
    const after = synthesise(stack => new Callers(stack).call(production(stack)));
    expect(stepFrom(before, after).added).toContain('AWS::Lambda::Alias');
    expect(lostIn(stepFrom(before, after)).map(line => line.split(' ')[0])).toEqual(['AWS::Lambda::Alias', 'AWS::Lambda::EventSourceMapping', 'AWS::SNS::Subscription']);
  });

  test('an alias with another name remains beside the new one until its last caller has moved', () => {
    const named = synthesise(stack => { new lambda.Alias(stack, 'Prod', { aliasName: 'prod', version: plainFunction(stack, 'Pay').currentVersion }); });
    const both = synthesise(stack => { new lambda.Alias(stack, 'Prod', { aliasName: 'prod', version: production(stack).version }); });
    const step = stepFrom(named, both);
    expect(lostIn(step)).toEqual([]);
    expect(step.added).toContain('AWS::Lambda::Alias');
    expect(step.changed).toContainEqual(expect.stringMatching(/^AWS::Lambda::Alias Prod\w+: FunctionVersion$/));
  });
});
