import { findings, sam, synthesise } from './findings';
import { HELPER_APPS } from './helpers';
import { ODD_APPS } from './odd';
import { SAM_SERVICES } from './sam';
import { SERVICE_APPS } from './services';
import { SOLUTIONS_APPS } from './solutions';

/** Every finding is reviewed; docs/checks-corpus.md lists earlier false findings. */
const SERVICES: Record<string, string[]> = {
  'order workflow of Step Functions': [
    'LP-F138 warning App/Placed',
  ],
  'workflow that waits for a callback, with a queue worker that sends it': [
    'LP-F137 warning App/Flow',
  ],
  'AppSync with a resolver and an authorizer': [
    'LP-F73 warning App/Auth/Api-appsync',
  ],
  'pipe from a queue to a function with an enrichment': [],
  'devices with IoT': [],
  'user pool with triggers': [],
  'user pool with a slow trigger': [
    'LP-F92 warning App/Message',
  ],
  'Firehose with a function that transforms records': [],
  'HTTP API with 221 routes and a permission for each': [
    'LP-F88 error App/Fn',
    'LP-H29 warning App/Fn',
  ],
  'WebSocket chat': [
    'LP-H13 warning App/Stage',
  ],
  'public WebSocket': [
    'LP-H09 error App/Api',
    'LP-H13 warning App/Stage',
  ],
  'web site with Lambda@Edge': [
    'LP-F12 warning App/Headers',
    'LP-F12 warning App/Rewrite',
  ],
  'function that Lambda@Edge does not support': [
    'LP-F93 error App/Rewrite',
    'LP-F93 error App/Rewrite',
    'LP-F93 error App/Rewrite',
  ],
  'containers behind a load balancer, with a worker function': [],
  'managed Kafka': [
    'LP-F133 warning App/Consume/KafkaEventSource:AppConsume35DD801Borders',
  ],
  'schedules, log subscriptions and mail': [
    'LP-F138 warning App/Hourly',
  ],
  'mail that a function accepts or rejects': [],
  'REST API that responds before the function ends': [],
  'secret with a rotation function': [
    'LP-F73 warning App/Rotate/InvokeN0--a2GKfZP0JmDqDE--Vhhu6+A0TUv3NyNbk4YM+FKNc=',
  ],
  'image analysis and text messages': [],
};

const HELPERS: Record<string, string[]> = {
  'provider framework with a handler that waits': [],
  'provider framework from the tutorial': [
    'LP-F14 warning App/Provider/framework-onEvent/LogRetention',
  ],
  'AwsCustomResource': [],
  'site with BucketDeployment, and buckets and repositories that CDK empties': [],
  'trigger after deployment': [],
  'restricted default security group, global table, secret with a hosted rotation': ['LP-D40 warning App/Global'],
  'singleton function behind a rule': [
    'LP-F04 warning App/SingletonLambda8a4f7a3e7a704bd19d6b2f8f6f8b9c11',
    'LP-F09 warning App/SingletonLambda8a4f7a3e7a704bd19d6b2f8f6f8b9c11',
    'LP-F12 warning App/SingletonLambda8a4f7a3e7a704bd19d6b2f8f6f8b9c11',
    'LP-F13 warning App/SingletonLambda8a4f7a3e7a704bd19d6b2f8f6f8b9c11',
    'LP-F138 warning App/Nightly',
    'LP-F23 warning App/SingletonLambda8a4f7a3e7a704bd19d6b2f8f6f8b9c11',
    'LP-F86 warning App/SingletonLambda8a4f7a3e7a704bd19d6b2f8f6f8b9c11',
  ],
  'NodejsFunction with log retention': [
    'LP-F01 warning App/Handler',
    'LP-F04 warning App/Handler',
    'LP-F09 warning App/Handler',
    'LP-F12 warning App/Handler',
    'LP-F14 warning App/Handler/LogRetention',
    'LP-F86 warning App/Handler',
  ],
  'CDK pipeline with a function in its stage': [],
  'pipeline that invokes a function': [],
};

const SOLUTIONS: Record<string, string[]> = {
  'Solutions: API to a function': [
    'LP-F01 warning App/Api/LambdaFunction',
    'LP-F04 warning App/Api/LambdaFunction',
    'LP-F09 warning App/Api/LambdaFunction',
    'LP-F12 warning App/Api/LambdaFunction',
    'LP-F13 warning App/Api/LambdaFunction',
    'LP-F135 warning App/Api/ApiAccessLogGroup',
    'LP-H11 warning App/Api/LambdaRestApi/DeploymentStage.prod',
    'LP-H19 warning App/Api/LambdaRestApi',
  ],
  'Solutions: public API': [
    'LP-F01 warning App/Api/LambdaFunction',
    'LP-F04 warning App/Api/LambdaFunction',
    'LP-F09 warning App/Api/LambdaFunction',
    'LP-F12 warning App/Api/LambdaFunction',
    'LP-F13 warning App/Api/LambdaFunction',
    'LP-F135 warning App/Api/ApiAccessLogGroup',
    'LP-H09 error App/Api/LambdaRestApi',
    'LP-H11 warning App/Api/LambdaRestApi/DeploymentStage.prod',
    'LP-H19 warning App/Api/LambdaRestApi',
  ],
  'Solutions: API with a slow function': [
    'LP-F03 error App/Api/LambdaFunction',
    'LP-F04 warning App/Api/LambdaFunction',
    'LP-F09 warning App/Api/LambdaFunction',
    'LP-F12 warning App/Api/LambdaFunction',
    'LP-F13 warning App/Api/LambdaFunction',
    'LP-F135 warning App/Api/ApiAccessLogGroup',
    'LP-H11 warning App/Api/LambdaRestApi/DeploymentStage.prod',
    'LP-H19 warning App/Api/LambdaRestApi',
  ],
  'Solutions: queue to a function': [
    'LP-F01 warning App/Work/LambdaFunction',
    'LP-F04 warning App/Work/LambdaFunction',
    'LP-F09 warning App/Work/LambdaFunction',
    'LP-F12 warning App/Work/LambdaFunction',
    'LP-F13 warning App/Work/LambdaFunction',
    'LP-F37 warning App/Work/queue-dlq',
    'LP-F38 warning App/Work/LambdaFunction/SqsEventSource:AppWorkqueue448461A1',
  ],
  'Solutions: queue to a function with a timeout of 60 s': [
    'LP-F04 warning App/Work/LambdaFunction',
    'LP-F09 warning App/Work/LambdaFunction',
    'LP-F12 warning App/Work/LambdaFunction',
    'LP-F13 warning App/Work/LambdaFunction',
    'LP-F31 error App/Work/queue',
    'LP-F37 warning App/Work/queue-dlq',
  ],
  'Solutions core: table with a stream to a function': [
    'LP-F01 warning App/LambdaFunction',
    'LP-F04 warning App/LambdaFunction',
    'LP-F09 warning App/LambdaFunction',
    'LP-F12 warning App/LambdaFunction',
    'LP-F13 warning App/LambdaFunction',
    'LP-F38 warning App/LambdaFunction/DynamoDBEventSource:AppDynamoTableCDB2DD60',
    'LP-F47 info App/LambdaFunction/DynamoDBEventSource:AppDynamoTableCDB2DD60',
  ],
  'Solutions core: function in a VPC': [
    'LP-F01 warning App/LambdaFunction',
    'LP-F04 warning App/LambdaFunction',
    'LP-F09 warning App/LambdaFunction',
    'LP-F12 warning App/LambdaFunction',
    'LP-F13 warning App/LambdaFunction',
    'LP-F74 warning App/LambdaFunctionServiceRole',
  ],
};

const SAM: Record<string, string[]> = {
  'sam implicit API with all settings in Globals': [],
  'sam implicit HTTP API with a default JWT authorizer': [],
  'sam explicit API, public except for one method': [
    'LP-H09 error Shop',
    'LP-H21 warning Shop',
  ],
  'sam explicit API with a default user pool and a public health check': [
    'LP-H09 error Shop',
  ],
  'sam function in a VPC, with policy templates': [
    'LP-F74 warning QueryRole',
  ],
  'sam state machine, user pool trigger and device rule': [
    'LP-F130 warning Flow',
    'LP-F137 warning Flow',
    'LP-F138 warning FlowDaily',
  ],
  'sam events without a failure destination': [
    'LP-F23 error Device',
    'LP-F23 error Mail',
    'LP-F23 error Ship',
    'LP-F32 warning BufferedEQueue',
    'LP-F34 error BufferedEQueue',
    'LP-F38 warning BufferedEEventSourceMapping',
    'LP-F92 warning Slow',
  ],
  'sam brokers': [
    'LP-F133 warning KafkaE',
  ],
};

// defaults of the constructs in the corpus
beforeAll(() => (['log', 'warn'] as const).forEach(method => jest.spyOn(console, method).mockImplementation(() => undefined)));

describe.each([
  ['services', SERVICE_APPS, SERVICES], ['helpers of CDK', HELPER_APPS, HELPERS], ['Solutions Constructs', SOLUTIONS_APPS, SOLUTIONS],
])('%s', (_, apps, expected) => {
  test.each(Object.entries(apps))('%s', (name, build) => {
    expect(findings(synthesise(build))).toEqual(expected[name]);
  });
});

test.each(Object.entries(ODD_APPS))('good, in an unusual way: %s', (_, build) => {
  // the alarms of these apps are elsewhere, which is an info
  expect(findings(synthesise(build)).filter(finding => !/ info /.test(finding))).toEqual([]);
});

test.each(Object.entries(SAM_SERVICES))('%s', (name, text) => {
  expect(findings(sam(text))).toEqual(SAM[name]);
});

test('no function that CDK brings for a deployment is found fault with', () => {
  const told = Object.values(HELPERS).flat().filter(finding => /framework-|Custom::|CustomResource|AWS[0-9a-f]{32}|Notifications/.test(finding));
  // the app sets the log retention and could set a log group instead
  expect(told).toEqual(['LP-F14 warning App/Provider/framework-onEvent/LogRetention']);
});
