// Builds dist/js/cdk-production-lambda-check@<version>.tgz: the command in one file, without aws-cdk-lib.
// A folder as the argument: the files of the package are written there and not packed.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.join(import.meta.dirname, '..');
const { version, license, repository, author, engines } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const NAME = 'cdk-production-lambda-check';

/** The launcher of the library, bundled: `report` is evaluated only if it runs. */
const COMMANDS = `const [command, ...rest] = process.argv.slice(2);
process.exitCode = command === 'report'
  ? require('./src/report/command/main').main(rest)
  : require('./src/checks/cli/main').main(process.argv.slice(2));
`;

const [target] = process.argv.slice(2);
const folder = target ?? fs.mkdtempSync(path.join(os.tmpdir(), 'check-'));
write(folder);
if (target === undefined) {
  const packages = path.join(ROOT, 'dist', 'js');
  fs.mkdirSync(packages, { recursive: true });
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', packages], { cwd: folder, encoding: 'utf8' }));
  fs.renameSync(path.join(packages, filename), path.join(packages, `${NAME}@${version}.tgz`));
  fs.rmSync(folder, { recursive: true });
}

function write(to) {
  fs.mkdirSync(to, { recursive: true });
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
  fs.copyFileSync(path.join(ROOT, 'LICENSE'), path.join(to, 'LICENSE'));
  fs.copyFileSync(path.join(ROOT, 'check', 'README.md'), path.join(to, 'README.md'));
  fs.writeFileSync(path.join(to, 'package.json'), `${JSON.stringify({
    name: NAME, version, description: 'Checks CloudFormation, SAM and CDK templates of AWS Lambda applications before they are deployed.',
    keywords: ['aws', 'lambda', 'cloudformation', 'sam', 'cdk', 'lint'], author, license, repository, engines,
    bin: { 'cdk-production-lambda': 'index.js' },
  }, undefined, 2)}\n`);
}
