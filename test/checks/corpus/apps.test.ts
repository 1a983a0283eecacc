import { APPS, SAM_APPS } from './apps';
import { findings, sam, synthesise } from './findings';

/**
 * Every finding in every app of the corpus, each reviewed: every finding is correct, and the careful apps have none. A rule
 * that reports a new finding here has to be reviewed before the finding is pinned.
 */
const EXPECTED: Record<string, string[]> = {
  'hello world': [
    'LP-F01 warning App/Hello',
    'LP-F04 warning App/Hello',
    'LP-F09 warning App/Hello',
    'LP-F12 warning App/Hello',
    'LP-F13 warning App/Hello',
    'LP-F86 warning App/Hello',
  ],
  'careful function': [],
  'queue worker from the tutorial': [
    'LP-F04 warning App/Worker',
    'LP-F09 warning App/Worker',
    'LP-F12 warning App/Worker',
    'LP-F13 warning App/Worker',
    'LP-F32 warning App/Queue',
    'LP-F34 error App/Queue',
    'LP-F38 warning App/Worker/SqsEventSource:AppQueue2705AC57',
    'LP-F86 warning App/Worker',
  ],
  'careful queue worker': [],
  'queue worker behind an alias with a short visibility timeout': [
    'LP-F31 error App/Queue',
  ],
  'public HTTP API': [
    'LP-F01 warning App/Pets',
    'LP-F04 warning App/Pets',
    'LP-F09 warning App/Pets',
    'LP-F12 warning App/Pets',
    'LP-F13 warning App/Pets',
    'LP-F86 warning App/Pets',
    'LP-H09 error App/Api',
    'LP-H11 warning App/Api/DefaultStage',
    'LP-H13 warning App/Api/DefaultStage',
  ],
  'HTTP API with a user pool style authorizer, log and throttle': [],
  'REST API with LambdaRestApi': [
    'LP-F03 warning App/Monolith',
    'LP-F04 warning App/Monolith',
    'LP-F09 warning App/Monolith',
    'LP-F12 warning App/Monolith',
    'LP-F13 warning App/Monolith',
    'LP-F86 warning App/Monolith',
    'LP-H09 error App/Api',
    'LP-H11 warning App/Api/DeploymentStage.prod',
    'LP-H13 warning App/Api/DeploymentStage.prod',
    'LP-H19 warning App/Api',
    'LP-H21 warning App/Api',
  ],
  'REST API with IAM, regional': [],
  'thumbnails from S3': [
    'LP-F09 warning App/Thumbnail',
    'LP-F12 warning App/Thumbnail',
    'LP-F13 warning App/Thumbnail',
    'LP-F22 warning App/Images/Notifications',
    'LP-F23 error App/Thumbnail',
    'LP-F86 warning App/Thumbnail',
  ],
  'fan-out with SNS and a destination': [],
  'nightly job': [
    'LP-F04 warning App/Job',
    'LP-F09 warning App/Job',
    'LP-F12 warning App/Job',
    'LP-F13 warning App/Job',
    'LP-F138 warning App/Nightly',
    'LP-F23 warning App/Job',
    'LP-F86 warning App/Job',
  ],
  'asynchronous configuration on the function while the alias is invoked': [
    'LP-F138 warning App/Rule',
    'LP-F23 error App/Live',
    'LP-F24 error App/Pay/EventInvokeConfig',
  ],
  'canary from the CDK documentation': [
    'LP-P12 warning App/Errors',
  ],
  'canary with the alias in its alarm and all callers on the alias': [],
  'canary that the queue bypasses': [
    'LP-P04 warning App/Pay/CurrentVersion',
    'LP-P08 error App/Canary',
    'LP-P19 error App/Pay/SqsEventSource:AppQueue2705AC57',
  ],
  'table with a stream': [
    'LP-D40 warning App/Orders',
    'LP-F01 warning App/Project',
    'LP-F04 warning App/Project',
    'LP-F09 warning App/Project',
    'LP-F12 warning App/Project',
    'LP-F13 warning App/Project',
    'LP-F38 warning App/Project/DynamoDBEventSource:AppOrders32E40670',
    'LP-F44 error App/Project/DynamoDBEventSource:AppOrders32E40670',
    'LP-F46 warning App/Project/DynamoDBEventSource:AppOrders32E40670',
    'LP-F48 warning App/Project/DynamoDBEventSource:AppOrders32E40670',
    'LP-F86 warning App/Project',
  ],
  'careful Kinesis consumer': [],
  'function URL for a webhook': [
    'LP-F01 warning App/Hook',
    'LP-F04 warning App/Hook',
    'LP-F09 warning App/Hook',
    'LP-F12 warning App/Hook',
    'LP-F13 warning App/Hook',
    'LP-F86 warning App/Hook',
    'LP-H22 error App/Hook/FunctionUrl',
    'LP-H23 warning App/Hook',
  ],
  'load balancer': [
    'LP-H27 warning App/Page/Invoke2UTWxhlfyqbT5FTn--5jvgbLgj+FfJwzswGk55DU1H--Y=',
  ],
  'Aurora without a proxy': [
    'LP-D06 warning App/Query',
    'LP-D20 warning App/Query',
    'LP-D24 warning App/Db',
    'LP-D25 warning App/Db',
    'LP-D27 warning App/Db/Secret',
    'LP-D28 warning App/Db',
    'LP-F91 error App/QueryRole',
  ],
  'Aurora behind a proxy with IAM': [],
  'provisioned concurrency with scaling': [],
  'SnapStart and more provisioned than reserved concurrency': [
    'LP-C01 error App/Live',
    'LP-C05 info App/Pay',
    'LP-C14 info App/Live',
    'LP-F19 error App/Live',
  ],
  'GitHub deploy role': [
    'LP-P23 error App/Deploy',
    'LP-P25 error App/Deploy',
    'LP-P26 info App/Deploy',
  ],
  'alarm with an action, log retention by custom resource, bucket with autoDeleteObjects': [
    'LP-F14 warning App/Retention',
  ],
  'files in /tmp and secrets by ARN': [
    'LP-F16 warning App/Convert',
  ],
  'sam hello world': [
    'LP-F04 warning HelloWorldFunction',
    'LP-F07 warning HelloWorldFunction',
    'LP-F13 warning HelloWorldFunction',
    'LP-F86 warning HelloWorldFunction',
    'LP-H09 error ServerlessRestApi',
    'LP-H11 warning ServerlessRestApiStage',
    'LP-H13 warning ServerlessRestApiStage',
    'LP-H19 warning ServerlessRestApi',
  ],
  'sam queue worker with everything': [],
  'sam canary without alarms, scheduled': [
    'LP-F02 error Report',
    'LP-F12 warning Report',
    'LP-F13 warning Report',
    'LP-F138 warning ReportNightly',
    'LP-F23 warning ReportAliaslive',
    'LP-F86 warning Report',
    'LP-P08 error ReportDeploymentGroup',
    'LP-P42 warning Report',
  ],
};

test.each(Object.entries(APPS))('%s', (name, build) => {
  expect(findings(synthesise(build))).toEqual(EXPECTED[name]);
});

test.each(Object.entries(SAM_APPS))('%s', (name, text) => {
  expect(findings(sam(text))).toEqual(EXPECTED[name]);
});

test('at least twenty apps are judged, and at least a third of them are clean', () => {
  const names = [...Object.keys(APPS), ...Object.keys(SAM_APPS)];
  expect(names.length).toBeGreaterThanOrEqual(20);
  expect(names.filter(name => EXPECTED[name].length === 0).length * 3).toBeGreaterThanOrEqual(names.length);
});
