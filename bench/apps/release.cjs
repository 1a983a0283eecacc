// The resources of a stack with one CanaryAlias for each predefined shift, and one with the defaults: what the release section simulates.
const { App, Duration, Stack } = require('aws-cdk-lib');
const { Template } = require('aws-cdk-lib/assertions');
const codedeploy = require('aws-cdk-lib/aws-codedeploy');
const lambda = require('aws-cdk-lib/aws-lambda');

const { library } = JSON.parse(process.argv[2]);
const { CanaryAlias } = require(library);
const SHIFTS = [
  'CANARY_10PERCENT_5MINUTES', 'LINEAR_10PERCENT_EVERY_1MINUTE', 'CANARY_10PERCENT_10MINUTES', 'CANARY_10PERCENT_15MINUTES',
  'LINEAR_10PERCENT_EVERY_2MINUTES', 'LINEAR_10PERCENT_EVERY_3MINUTES', 'CANARY_10PERCENT_30MINUTES', 'LINEAR_10PERCENT_EVERY_10MINUTES',
];

function resourcesOf(options) {
  const stack = new Stack(new App(), 'Stack');
  const fn = new lambda.Function(stack, 'Fn', {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => 1;'), timeout: Duration.seconds(10),
  });
  new CanaryAlias(stack, 'Live', { function: fn, ...options });
  return Template.fromStack(stack).toJSON().Resources;
}

const shifts = Object.fromEntries(SHIFTS.map(name => [name, resourcesOf({ deploymentConfig: codedeploy.LambdaDeploymentConfig[name] })]));
console.log(JSON.stringify({ defaults: resourcesOf({}), shifts }));
