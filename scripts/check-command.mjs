// Builds dist/js/cdk-production-lambda-check@<version>.tgz: the command in one file, without aws-cdk-lib.
// A folder as the argument: the files of the package are written there and not packed.
import fs from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { COMMON, engines, ROOT, writePackage } from './write-package.mjs';

const NAME = 'cdk-production-lambda-check';

/** The launcher of the library, bundled. */
const COMMANDS = "process.exitCode = require('./src/report/command/commands').runCommand(process.argv.slice(2));\n";

await writePackage(NAME, 'check', to => {
  const { metafile } = buildSync({
    absWorkingDir: ROOT, stdin: { contents: COMMANDS, resolveDir: ROOT, loader: 'ts' },
    outfile: path.join(to, 'index.js'), bundle: true, platform: 'node', target: 'node20', minify: true, keepNames: true,
    banner: { js: '#!/usr/bin/env node' }, legalComments: 'none', metafile: true, logLevel: 'warning',
  });
  const inputs = Object.keys(metafile.inputs);
  const heavy = inputs.filter(name => /aws-cdk-lib|\/constructs\//.test(name));
  if (heavy.length > 0) throw new Error(`the command must not load aws-cdk-lib, got ${heavy[0]}`);
  const bundled = [...new Set(inputs.map(name => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1]).filter(Boolean))].sort();
  const licences = bundled.map(name => `${name}\n\n${fs.readFileSync(path.join(ROOT, 'node_modules', name, 'LICENSE'), 'utf8')}`);
  fs.writeFileSync(path.join(to, 'THIRD-PARTY-LICENSES'), licences.join(`\n${'-'.repeat(72)}\n\n`));
  return {
    name: NAME, description: 'Checks CloudFormation, SAM and CDK templates of AWS Lambda applications before they are deployed.',
    keywords: ['aws', 'lambda', 'cloudformation', 'sam', 'cdk', 'lint'], ...COMMON, engines, bin: { 'cdk-production-lambda': 'index.js' },
  };
});
