// Synthesises one function per handler of a folder, bundled by one of the contenders.
const fs = require('node:fs');
const path = require('node:path');
const { App, Stack } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');

const { kind, folder, sdk, outdir } = JSON.parse(process.argv[2]);
const SDK = ['@aws-sdk/*', '@smithy/*'];
const runtime = lambda.Runtime.NODEJS_24_X;
const files = fs.readdirSync(folder).filter(name => name.endsWith('.ts')).sort();

const bundlers = {
  /** The cost of a synthesis that bundles nothing: the same number of functions, each with an asset of one line. */
  unbundled() {
    return (stack, name) => new lambda.Function(stack, name, { runtime, handler: 'index.handler', code: lambda.Code.fromAsset(path.join(folder, 'plain', name)) });
  },
  ours() {
    const { NodejsBundle, AwsSdk } = require('cdk-production-lambda');
    const bundle = NodejsBundle.fromDirectory(folder, { awsSdk: sdk ? AwsSdk.BUNDLED : AwsSdk.RUNTIME });
    return (stack, name) => new lambda.Function(stack, name, { runtime, handler: 'index.handler', code: bundle.code(name) });
  },
  instrumented() {
    const { Instrumentation, NodejsBundle } = require('cdk-production-lambda');
    const bundle = NodejsBundle.fromDirectory(folder, { instrumentation: Instrumentation.observed() });
    const environment = { POWERTOOLS_METRICS_NAMESPACE: 'bench' };
    return (stack, name) => new lambda.Function(stack, name, { runtime, handler: 'index.handler', code: bundle.code(name), environment });
  },
  nodejsFunction() {
    const { NodejsFunction } = require('aws-cdk-lib/aws-lambda-nodejs');
    return (stack, name) => new NodejsFunction(stack, name, { runtime, entry: path.join(folder, `${name}.ts`), bundling: { bundleAwsSDK: sdk } });
  },
  cdkEsbuild() {
    const { TypeScriptCode } = require('@mrgrain/cdk-esbuild');
    return (stack, name) => new lambda.Function(stack, name, {
      runtime,
      handler: `${name}.handler`,
      code: new TypeScriptCode(path.join(folder, `${name}.ts`), { buildOptions: sdk ? {} : { external: SDK } }),
    });
  },
};

const add = bundlers[kind]();
const app = new App({ outdir });
const stack = new Stack(app, 'Stack');
for (const file of files) add(stack, path.basename(file, '.ts'));
app.synth();
const assets = fs.readdirSync(outdir).filter(name => name.startsWith('asset.')).map(name => path.join(outdir, name));
const bytes = assets.flatMap(asset => fs.readdirSync(asset).map(name => fs.statSync(path.join(asset, name)).size)).reduce((sum, size) => sum + size, 0);
console.log(JSON.stringify({ functions: files.length, assets: assets.length, bytes }));
