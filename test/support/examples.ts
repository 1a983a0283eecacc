import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as constructs from 'constructs';
import * as ts from 'typescript';
import * as library from '../../src';

const ROOT = join(__dirname, '..', '..');

/** A piece of TypeScript that the documentation shows. */
export interface Example {
  /** File and running number. */
  readonly name: string;
  readonly code: string;
}

/** Every TypeScript block of the README and every `@example` of the public classes, but those that install native packages. */
export function documentedExamples(): Example[] {
  const readme = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^```ts(?: nofixture)?\n([\s\S]*?)^```/gm)]
    .map((match, i) => ({ name: `README.md #${i + 1}`, code: match[1] }));
  return [...readme, ...sources(join(ROOT, 'src')).flatMap(docExamples)].filter(example => !example.code.includes('nodeModules:'));
}

/**
 * Runs an example as strict Rosetta compiles it: inside a stack's constructor, after the imports of
 * rosetta/default.ts-fixture, in an empty directory in which the files it names as assets are made.
 * A whole program (with imports and an App of its own) runs as it is; its first App is returned.
 */
export function runExample(example: Example, props: cdk.AppProps): cdk.App {
  const directory = mkdtempSync(join(tmpdir(), 'example-'));
  const cwd = process.cwd();
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    writeFileSync(join(directory, 'package-lock.json'), '{}');
    for (const [, name] of example.code.matchAll(/\.code\('([^']+)'\)/g)) makeAsset(join(directory, 'handlers', `${name}.ts`));
    for (const [, path] of example.code.matchAll(/(?:fromAsset|fromEntry|fromOpenApi)\('([^']+)'/g)) makeAsset(join(directory, path));
    process.chdir(directory);
    return evaluate(example.code, props);
  } finally {
    process.chdir(cwd);
    rmSync(directory, { recursive: true, force: true });
  }
}

function evaluate(code: string, props: cdk.AppProps): cdk.App {
  const fixture = readFileSync(join(ROOT, 'rosetta', 'default.ts-fixture'), 'utf8');
  const isProgram = /^import /m.test(code);
  const program = isProgram ? code : `${fixture.replace('/// here', () => given(code))}\nnew ExampleStack(new App(), 'Example');`;
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  const { outputText } = ts.transpileModule(program, { compilerOptions });
  const apps: cdk.App[] = [];
  class ExampleApp extends cdk.App {
    constructor(own?: cdk.AppProps) {
      super({ ...own, ...props });
      apps.push(this);
    }
  }
  const modules: Record<string, unknown> = {
    'aws-cdk-lib': new Proxy(cdk, { get: (target, key) => key === 'App' ? ExampleApp : Reflect.get(target, key) }),
    'constructs': constructs,
    'cdk-production-lambda': library,
  };
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  new Function('require', 'exports', outputText)((name: string) => modules[name] ?? require(name), {});
  if (!apps[0]) throw new Error('the example makes no App');
  return apps[0];
}

/** What an example declares as given, made for real. */
function given(code: string): string {
  const make: Record<string, string> = {
    'lambda.Function': "new lambda.Function(this, 'Given', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => 1') })",
    'apigwv2.HttpApi': "new apigwv2.HttpApi(this, 'Given')",
    'ec2.Vpc': "new ec2.Vpc(this, 'GivenVpc')",
    'ProxiedDatabase': "new ProxiedDatabase(this, 'GivenDatabase', { engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 }), vpc: new PrivateNetwork(this, 'GivenNetwork') })",
    'rds.DatabaseCluster': "new DataApiDatabase(this, 'GivenCluster', { engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 }), vpc: new PrivateNetwork(this, 'GivenClusterNetwork') }).cluster",
    'sqs.Queue': "new sqs.Queue(this, 'GivenQueue')",
    'dynamodb.TableV2': "new dynamodb.TableV2(this, 'GivenTable', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, dynamoStream: dynamodb.StreamViewType.NEW_IMAGE })",
    'kinesis.Stream': "new kinesis.Stream(this, 'GivenStream')",
    'secretsmanager.Secret': "new secretsmanager.Secret(this, 'GivenSecret')",
    'ProductionFunction': "new ProductionFunction(this, 'GivenFunction', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => 1') })",
    'sns.Topic': "new sns.Topic(this, 'GivenTopic')",
    'App': 'new App()',
  };
  return code.replace(/^declare const (\w+): ([\w.]+);$/gm, (_, name: string, type: string) => {
    if (!make[type]) throw new Error(`add ${type} to the things that examples are given`);
    return `const ${name} = ${make[type]};`;
  });
}

function makeAsset(path: string): void {
  const isFile = /\.\w+$/.test(path);
  mkdirSync(isFile ? dirname(path) : path, { recursive: true });
  const content = path.endsWith('.json')
    ? '{"openapi":"3.1.0","paths":{"/payments":{"post":{"operationId":"takePayment"}}}}'
    : 'export const handler = async () => ({ statusCode: 200 });\n';
  writeFileSync(isFile ? path : join(path, 'index.js'), content);
}

function sources(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(f => f.endsWith('.ts')).map(f => join(directory, f)).sort();
}

function docExamples(file: string): Example[] {
  const name = relative(ROOT, file);
  return [...readFileSync(file, 'utf8').matchAll(/^( *)\* @example\n((?:\1\*.*\n)+?)(?=\1\*(?: @|\/))/gm)]
    .map((match, i) => ({ name: `${name} #${i + 1}`, code: match[2].replace(/^ *\* ?/gm, '') }));
}
