// Synthesises one function behind N routes of an HTTP API, and prints its permissions and the length of its policy.
const { App, Stack } = require('aws-cdk-lib');
const apigatewayv2 = require('aws-cdk-lib/aws-apigatewayv2');
const lambda = require('aws-cdk-lib/aws-lambda');

const { kind, count } = JSON.parse(process.argv[2]);
const stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region: 'eu-central-1' } });
const handler = new lambda.Function(stack, 'Fn', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => 1;') });
const paths = Array.from({ length: count }, (_, i) => `/payments/${i}`);

const builders = {
  ours() {
    const { Access, HttpEntrance } = require('cdk-production-lambda');
    new HttpEntrance(stack, 'Api', { access: Access.iam(), routes: paths.map(path => ({ method: apigatewayv2.HttpMethod.GET, path, function: handler })) });
  },
  plain() {
    const { HttpLambdaIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');
    const api = new apigatewayv2.HttpApi(stack, 'Api');
    const integration = new HttpLambdaIntegration('Pay', handler);
    for (const path of paths) api.addRoutes({ path, methods: [apigatewayv2.HttpMethod.GET], integration });
  },
};
builders[kind]();
const { template } = stack.node.root.synth().stacks[0];
const resources = Object.entries(template.Resources);
const permissions = resources.filter(([, { Type }]) => Type === 'AWS::Lambda::Permission');
// A statement as Lambda stores it. CloudFormation generates its id; names and account ids have typical lengths.
const text = value => typeof value === 'string' ? value : value.Ref !== undefined ? 'a1b2c3d4e5' : value['Fn::Join'] !== undefined ? value['Fn::Join'][1].map(text).join('') : 'arn:aws:lambda:eu-central-1:123456789012:function:Stack-Fn9270CBC0-AbCdEfGhIjKl';
const statements = permissions.map(([id, { Properties }]) => ({
  Sid: `Stack-${id}-AbCdEfGhIjKl`,
  Effect: 'Allow',
  Principal: { Service: Properties.Principal },
  Action: Properties.Action,
  Resource: text(Properties.FunctionName),
  Condition: { ArnLike: { 'AWS:SourceArn': text(Properties.SourceArn) } },
}));
const policy = JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
console.log(JSON.stringify({ routes: resources.filter(([, { Type }]) => Type === 'AWS::ApiGatewayV2::Route').length, permissions: permissions.length, bytes: policy.length }));
