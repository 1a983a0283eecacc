import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as constructs from 'constructs';
import * as ts from 'typescript';
import * as library from '../../src';

const ROOT = join(__dirname, '..', '..');

/** One TypeScript example of the documentation. */
export interface Example {
  /** File and running number. */
  readonly name: string;
  readonly code: string;
}

/**
 * Every TypeScript block of README.md and of the guides: whole programs, with their imports and their own App.
 * The Japanese pages have the same blocks, which test/docs/translations.test.ts compares.
 */
export function markdownExamples(): Example[] {
  const guides = readdirSync(join(ROOT, 'docs', 'guides')).filter(file => /^[\w-]+\.md$/.test(file)).sort();
  return ['README.md', ...guides.map(file => `docs/guides/${file}`)].flatMap(tsBlocks);
}

/** Every `@example` of a doc comment: statements in the constructor of the stack of rosetta/default.ts-fixture. */
function docCommentExamples(): Example[] {
  return sources(join(ROOT, 'src')).flatMap(docExamples);
}

/** Every example that can run: installing native packages (`nodeModules`) needs a package registry. */
export function documentedExamples(): Example[] {
  return [...markdownExamples(), ...docCommentExamples()].filter(example => !example.code.includes('nodeModules:'));
}

/**
 * Runs an example in an empty directory in which the assets that it names exist, and returns its first App.
 *
 * A program runs as it is. Other examples run as strict Rosetta compiles them: in the constructor of a stack, after the
 * imports of rosetta/default.ts-fixture.
 */
export function runExample(example: Example, props: cdk.AppProps): cdk.App {
  const apps: cdk.App[] = [];
  run(example, class extends cdk.App {
    constructor(own?: cdk.AppProps) {
      super({ ...own, ...props });
      apps.push(this);
    }
  });
  if (!apps[0]) throw new Error('the example creates no App');
  return apps[0];
}

/** Runs an example once for each environment, with a stage of one app as its App, and returns that app. */
export function runExampleInStages(example: Example, environments: readonly cdk.Environment[], props: cdk.AppProps): cdk.App {
  const app = new cdk.App(props);
  environments.forEach((env, index) => run(example, class extends cdk.Stage {
    constructor(own?: cdk.AppProps) {
      super(app, `Stage${index}N${app.node.children.length}`, { env });
      for (const [key, value] of Object.entries(own?.context ?? {})) this.node.setContext(key, value);
    }
  }));
  return app;
}

/** @param App the class that the example instantiates as App */
function run(example: Example, App: unknown): void {
  const directory = mkdtempSync(join(tmpdir(), 'example-'));
  const cwd = process.cwd();
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    writeFileSync(join(directory, 'package-lock.json'), '{}');
    const extension = example.code.includes('PythonBundle') ? 'py' : 'ts';
    for (const [, name] of example.code.matchAll(/\.code\('([^']+)'\)/g)) makeAsset(join(directory, 'handlers', `${name}.${extension}`));
    for (const [, path] of example.code.matchAll(/(?:fromAsset|fromEntry|fromFile|PythonCode\.fromDirectory)\('([^']+)'/g)) {
      makeAsset(join(directory, path));
      for (const [, name] of example.code.matchAll(/'([\w.]+)::\w+'/g)) makeAsset(join(directory, path, `${name.replaceAll('.', '/')}.class`));
    }
    process.chdir(directory);
    evaluate(example.code, App);
  } finally {
    process.chdir(cwd);
    rmSync(directory, { recursive: true, force: true });
  }
}

function evaluate(code: string, App: unknown): void {
  const fixture = readFileSync(join(ROOT, 'rosetta', 'default.ts-fixture'), 'utf8');
  const isProgram = /^import /m.test(code);
  const program = isProgram ? code : `${fixture.replace('/// here', () => withDeclared(code))}\nnew ExampleStack(new App(), 'Example');`;
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  const { outputText } = ts.transpileModule(program, { compilerOptions });
  const modules: Record<string, unknown> = {
    'aws-cdk-lib': new Proxy(cdk, { get: (target, key) => key === 'App' ? App : Reflect.get(target, key) }),
    'constructs': constructs,
    'cdk-production-lambda': library,
  };
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  new Function('require', 'exports', outputText)((name: string) => modules[name] ?? require(name), {});
}

/** Creates what a doc comment declares: a doc comment shows the call and not the whole program. */
function withDeclared(code: string): string {
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
    if (!make[type]) throw new Error(`add ${type} to what doc comments may declare`);
    return `const ${name} = ${make[type]};`;
  });
}

function makeAsset(path: string): void {
  const isFile = /\.\w+$/.test(path);
  mkdirSync(isFile ? dirname(path) : path, { recursive: true });
  const javaScript = 'export const handler = async () => ({ statusCode: 200 });\n';
  const python = 'def handler(event, context):\n    return {"statusCode": 200}\n';
  if (!isFile) {
    writeFileSync(join(path, 'index.js'), 'exports.handler = async () => ({ statusCode: 200 });\n');
    writeFileSync(join(path, 'app.py'), python);
    writeFileSync(join(path, 'bootstrap'), '#!/bin/sh\n', { mode: 0o755 });
  } else if (path.endsWith('.json')) {
    writeFileSync(path, '{"openapi":"3.1.0","paths":{"/payments":{"post":{"operationId":"takePayment"}}}}');
  } else {
    writeFileSync(path, path.endsWith('.py') ? python : javaScript);
  }
}

function tsBlocks(file: string): Example[] {
  return [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^```ts(?: nofixture)?\n([\s\S]*?)^```/gm)]
    .map((match, i) => ({ name: `${file} #${i + 1}`, code: match[1] }));
}

function sources(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(f => f.endsWith('.ts')).map(f => join(directory, f)).sort();
}

function docExamples(file: string): Example[] {
  const name = relative(ROOT, file);
  return [...readFileSync(file, 'utf8').matchAll(/^( *)\* @example\n((?:\1\*.*\n)+?)(?=\1\*(?: @|\/))/gm)]
    .map((match, i) => ({ name: `${name} #${i + 1}`, code: match[2].replace(/^ *\* ?/gm, '') }));
}
