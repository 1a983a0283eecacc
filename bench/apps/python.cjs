// Synthesises one Python function with Powertools, boto3 and pydantic, packaged by one of the contenders.
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { App, Stack } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');

const { kind, folder, outdir, cache, tools } = JSON.parse(process.argv[2]);
process.env.PATH = `${tools}${path.delimiter}${process.env.PATH}`;

const code = {
  /** The cost of a synthesis that installs nothing: the sources alone. */
  unbundled: () => lambda.Code.fromAsset(path.join(folder, 'plain')),
  ours: () => require('cdk-production-lambda').PythonCode.fromDirectory(path.join(folder, 'pay'), { cacheDirectory: cache }),
  /** The commands that PythonFunction of aws-lambda-python-alpha runs in its image, run by pip on this machine. */
  pip: () => lambda.Code.fromAsset(path.join(folder, 'pay'), {
    assetHashType: 'output',
    bundling: {
      image: lambda.Runtime.PYTHON_3_14.bundlingImage,
      local: {
        tryBundle(output) {
          fs.cpSync(path.join(folder, 'pay'), output, { recursive: true });
          const platform = ['manylinux2014_aarch64', 'manylinux_2_17_aarch64', 'manylinux_2_28_aarch64'].flatMap(tag => ['--platform', tag]);
          execFileSync('python3', ['-m', 'pip', 'install', '--quiet', '-r', path.join(output, 'requirements.txt'), '-t', output, '--only-binary', ':all:',
            ...platform, '--python-version', '3.14', '--implementation', 'cp'], { stdio: ['ignore', 'pipe', 'pipe'] });
          return true;
        },
      },
    },
  }),
}[kind]();

const app = new App({ outdir });
new lambda.Function(new Stack(app, 'Stack'), 'Pay', {
  runtime: lambda.Runtime.PYTHON_3_14, architecture: lambda.Architecture.ARM_64, handler: 'app.handler', code,
});
app.synth();
const assets = fs.readdirSync(outdir).filter(name => name.startsWith('asset.'));
console.log(JSON.stringify({ asset: assets.sort().at(0) }));
