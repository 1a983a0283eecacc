import { Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as library from '../src';

/** The constructs as a caller without types uses them: in JavaScript a required prop can be missing or have its former name. */
const {
  Access, CanaryAlias, DataApiDatabase, FunctionAlarms, GitHubDeployRole, HttpEntrance, ProductionChecks, ProductionDashboard,
  ProductionFunction, ProvisionedConcurrency, ProxiedDatabase, QueueConsumer, StreamConsumer,
} = library as unknown as Record<string, any>;

const engine = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 });
const code = lambda.Code.fromInline('exports.handler = async () => 1');
const runtime = lambda.Runtime.NODEJS_24_X;
const fn = (stack: Stack) => new ProductionFunction(stack, 'Fn', { runtime, handler: 'index.handler', code });
const route = (props: object) => (stack: Stack) => new HttpEntrance(stack, 'X', { access: Access.iam(), routes: [props] });

test.each<[string, (stack: Stack) => unknown, string]>([
  ['ProductionFunction', stack => new ProductionFunction(stack, 'X', { handler: 'index.handler', code }), "'runtime' must be set, got only 'handler', 'code'"],
  ['ProductionFunction', stack => new ProductionFunction(stack, 'X', { runtime, code }), "'handler' must be set, got only 'runtime', 'code'"],
  ['ProductionFunction', stack => new ProductionFunction(stack, 'X', { runtime, handler: 'index.handler' }), "'code' must be set, got only 'runtime', 'handler'"],
  ['ProductionFunction', stack => new ProductionFunction(stack, 'X'), "'runtime' must be set, got no props"],
  ['HttpEntrance', stack => new HttpEntrance(stack, 'X'), "'access' must be set, got no props"],
  ['HttpEntrance', stack => new HttpEntrance(stack, 'X', { access: Access.iam() }), "'routes' must be set, got only 'access'"],
  ['HttpEntrance', route({ path: '/', handler: 1 }), "'function' must be set, got only 'path', 'handler'"],
  ['HttpEntrance', route({ function: 1 }), "'path' must be set, got only 'function'"],
  ['EntranceDomain', stack => new HttpEntrance(stack, 'X', { access: Access.iam(), routes: [], domain: { name: 'a' } }), "'domainName' must be set, got only 'name'"],
  ['Access.jwt', () => Access.jwt({ audience: ['a'] }), "'issuer' must be set, got only 'audience'"],
  ['Access.unauthenticated', () => Access.unauthenticated(), "'reason' must be set, got no props"],
  ['CanaryAlias', stack => new CanaryAlias(stack, 'X', {}), "'function' must be set, got no props"],
  ['ProvisionedConcurrency', stack => new ProvisionedConcurrency(stack, 'X', { min: 1 }), "'alias' must be set, got only 'min'"],
  ['ProvisionedConcurrency', stack => new ProvisionedConcurrency(stack, 'X', { alias: fn(stack).live, min: 1 }), "'max' must be set, got only 'alias', 'min'"],
  ['ProxiedDatabase', stack => new ProxiedDatabase(stack, 'X', { engine }), "'vpc' must be set, got only 'engine'"],
  ['DataApiDatabase', stack => new DataApiDatabase(stack, 'X', { vpc: new ec2.Vpc(stack, 'Vpc') }), "'engine' must be set, got only 'vpc'"],
  ['connect', stack => database(stack).connect(fn(stack)), "'user' must be set, got no props"],
  ['addUser', stack => database(stack).addUser('pay'), "'privileges' must be set, got no props"],
  ['QueueConsumer', stack => new QueueConsumer(stack, 'X', { handler: 1 }), "'function' must be set, got only 'handler'"],
  ['StreamConsumer', stack => new StreamConsumer(stack, 'X', { function: fn(stack) }), "'source' must be set, got only 'function'"],
  ['FunctionAlarms', stack => new FunctionAlarms(stack, 'X', { alias: fn(stack) }), "'function' must be set, got only 'alias'"],
  ['ProductionDashboard', stack => new ProductionDashboard(stack, 'X'), "'functions' must be set, got no props"],
  ['GitHubDeployRole', stack => new GitHubDeployRole(stack, 'X', {}), "'subjects' must be set, got no props"],
  ['ProductionChecks', stack => Validations.of(stack).addPlugins(new ProductionChecks({ exemptions: [{ rule: 'LP-F09' }] })), "'reason' must not be empty, got nothing"],
])('%s without a required prop: %#', (_, create, message) => {
  expect(() => create(new Stack())).toThrow(message);
});

test('an imported database needs a user too', () => {
  const stack = new Stack();
  const imported = (ProxiedDatabase as typeof library.ProxiedDatabase).fromProxiedDatabaseAttributes(stack, 'X', {
    engine,
    proxyEndpoint: 'proxy.example.com',
    proxyArn: 'arn:aws:rds:eu-central-1:111111111111:db-proxy:prx-1',
    proxyName: 'proxy',
    securityGroups: [],
  });
  expect(() => (imported as any).connect(fn(stack))).toThrow("'user' must be set, got no props");
});

function database(stack: Stack): any {
  return new ProxiedDatabase(stack, 'X', { engine, vpc: new ec2.Vpc(stack, 'Vpc') });
}
