import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { withDefaults, propsOf } from './app';
import { ProductionDefaults } from '../../src';
import { plainFunction } from '../support/plain-function';
import { expectNoCycle } from '../support/template-graph';

test('a Lambda@Edge function is not changed', () => {
  const app = new App();
  ProductionDefaults.applyTo(app);
  const stack = new Stack(app, 'Stack', { env: { region: 'eu-west-1', account: '111122223333' } });
  new cloudfront.experimental.EdgeFunction(stack, 'Edge', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('1') });
  const home = new Stack(app, 'Home', { env: { region: 'us-east-1' } });
  new cloudfront.experimental.EdgeFunction(home, 'Edge', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('1') });
  const edges = app.synth().stacks.flatMap(s => Object.values<any>(s.template.Resources)).filter(r => r.Type === 'AWS::Lambda::Function');
  const atEdge = edges.filter(r => r.Properties.Runtime === 'nodejs22.x' && r.Properties.Code.ZipFile === '1');
  expect(atEdge).toHaveLength(2);
  for (const { Properties } of atEdge) expect(Object.keys(Properties).sort()).toEqual(['Code', 'Handler', 'Role', 'Runtime']);
});

test('a function whose version a distribution uses is not changed', () => {
  const at = (role: (s: Stack) => iam.IRole | undefined) => withDefaults(s => {
    const fn = plainFunction(s, 'Edge', { role: role(s), environment: {} });
    const [origin, headers] = [new origins.HttpOrigin('example.com'), plainFunction(s, 'Headers', { timeout: Duration.seconds(5), memorySize: 128 })];
    const eventType = cloudfront.LambdaEdgeEventType.VIEWER_REQUEST;
    const behavior = (edge: lambda.Function) => ({ origin, edgeLambdas: [{ functionVersion: edge.currentVersion, eventType }] });
    new cloudfront.Distribution(s, 'Site', { defaultBehavior: behavior(fn), additionalBehaviors: { '/api/*': behavior(headers) } });
  }, {}, { '@aws-cdk/aws-lambda:recognizeVersionProps': true });
  const own = at(() => undefined);
  expect(Object.keys(propsOf(own, 'Lambda::Function', 'Edge')).sort()).toEqual(['Code', 'Handler', 'Role', 'Runtime']);
  expect(propsOf(own, 'Lambda::Function', 'Headers')).toMatchObject({ MemorySize: 128, Timeout: 5 });
  expect(Object.keys(propsOf(own, 'Lambda::Function', 'Headers')).sort()).toEqual(['Code', 'Handler', 'MemorySize', 'Role', 'Runtime', 'Timeout']);
  Template.fromStack(own).resourceCountIs('AWS::Logs::LogGroup', 0);
  expect(ProductionDefaults.explain(own).filter(({ path }) => path === 'Stack/Edge' || path === 'Stack/Headers')).toEqual([]);
  expectNoCycle(own);
  // A role that was passed as a prop has a statement with the ARN of the log group.
  Template.fromStack(at(s => new iam.Role(s, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }))).resourceCountIs('AWS::Logs::LogGroup', 1);
});

test.each([['eu-central-1'], ['us-east-1']])('a function whose version a distribution of another stack in %s uses is not changed, nor is its role', region => {
  const app = new App();
  ProductionDefaults.applyTo(app, { architecture: lambda.Architecture.ARM_64 });
  const at = (id: string, regionOfStack: string) => new Stack(app, id, { env: { account: '111122223333', region: regionOfStack }, crossRegionReferences: true });
  const [edge, web] = [at('Edge', 'us-east-1'), at('Web', region)];
  const fn = plainFunction(edge, 'Auth');
  new cloudfront.Distribution(web, 'Site', {
    defaultBehavior: { origin: new origins.HttpOrigin('example.com'), edgeLambdas: [{ functionVersion: fn.currentVersion, eventType: cloudfront.LambdaEdgeEventType.VIEWER_REQUEST }] },
  });
  const { template } = app.synth().getStackByName('Edge');
  const [auth] = Object.entries<any>(template.Resources).filter(([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith('Auth'));
  expect(Object.keys(auth[1].Properties).sort()).toEqual(['Code', 'Handler', 'Role', 'Runtime']);
  expect(Object.keys(template.Resources).filter(id => /^AuthServiceRoleDefaultPolicy/.test(id))).toEqual([]);
  expect(ProductionDefaults.explain(app).filter(({ path }) => path === 'Edge/Auth')).toEqual([]);
});

test('a function whose role Lambda@Edge may assume is not changed, if its distribution is in another app', () => {
  const stack = withDefaults(s => plainFunction(s, 'Auth', {
    role: new iam.Role(s, 'Role', { assumedBy: new iam.CompositePrincipal(new iam.ServicePrincipal('lambda.amazonaws.com'), new iam.ServicePrincipal('edgelambda.amazonaws.com')) }),
  }));
  expect(Object.keys(propsOf(stack, 'Lambda::Function', 'Auth')).sort()).toEqual(['Code', 'Handler', 'Role', 'Runtime']);
});

test('a scope with defaults sees the distribution of a stack without them', () => {
  const app = new App();
  const [edge, web] = ['Edge', 'Web'].map(id => new Stack(app, id, { env: { account: '111122223333', region: 'us-east-1' } }));
  ProductionDefaults.applyTo(edge);
  const fn = plainFunction(edge, 'Auth');
  const plainOne = plainFunction(web, 'Plain');
  new cloudfront.Distribution(web, 'Site', {
    defaultBehavior: { origin: new origins.HttpOrigin('example.com'), edgeLambdas: [{ functionVersion: fn.currentVersion, eventType: cloudfront.LambdaEdgeEventType.VIEWER_REQUEST }] },
  });
  expect(Object.keys(propsOf(edge, 'Lambda::Function', 'Auth')).sort()).toEqual(['Code', 'Handler', 'Role', 'Runtime']);
  expect(propsOf(web, 'Lambda::Function', 'Plain')).not.toHaveProperty('TracingConfig');
  expect(plainOne.role).toBeDefined();
});
