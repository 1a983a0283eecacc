// Resources, template bytes and findings (cdk-nag's, and the CDK's own validation if CDK_VALIDATION is on) of a stack with N functions.
const fs = require('node:fs');
const path = require('node:path');
const { App, Stack, Validations } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const { AwsSolutionsChecks, ServerlessChecks } = require('cdk-nag');

const { kind, count } = JSON.parse(process.argv[2]);
const props = { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => 1;') };

const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
const stack = new Stack(app, 'Stack');
const add = {
  ours: () => {
    const { ProductionFunction } = require('cdk-production-lambda');
    return id => new ProductionFunction(stack, id, props);
  },
  same: () => {
    const { plainL2, sharedByStack } = require('./plain-l2.cjs');
    const shared = sharedByStack(stack);
    return id => plainL2(stack, id, props, shared);
  },
  function: () => id => new lambda.Function(stack, id, props),
  solutions: () => {
    const { ApiGatewayToLambda } = require('@aws-solutions-constructs/aws-apigateway-lambda');
    const { AuthorizationType } = require('aws-cdk-lib/aws-apigateway');
    return id => new ApiGatewayToLambda(stack, id, {
      lambdaFunctionProps: props, apiGatewayProps: { defaultMethodOptions: { authorizationType: AuthorizationType.IAM } },
    });
  },
}[kind]();
for (let i = 0; i < count; i++) add(`Fn${i}`);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));

let directory = app.outdir;
try {
  directory = app.synth().directory;
} catch (error) {
  if (!/[Vv]alidation/.test(String(error))) throw error; // the report contains the findings
}
process.exitCode = 0;
const template = JSON.parse(fs.readFileSync(path.join(directory, 'Stack.template.json'), 'utf8'));
const report = path.join(directory, 'validation-report.json');
const { pluginReports = [] } = fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')) : {};
const findings = pluginReports.flatMap(({ violations = [] }) => violations).filter(({ severity }) => severity !== 'info');
console.log(JSON.stringify({
  resources: Object.keys(template.Resources).length,
  bytes: JSON.stringify(template).length,
  findings: findings.reduce((sum, { violatingConstructs = [], violatingResources = [] }) => sum + Math.max(violatingConstructs.length, violatingResources.length), 0),
}));
