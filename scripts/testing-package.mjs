// Builds dist/js/cdk-production-lambda-testing@<version>.tgz from testing/. A folder as the argument: the files of the package are
// written there and not packed.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..');
const SOURCE = path.join(ROOT, 'testing');
const { version, license, repository, author } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const own = JSON.parse(fs.readFileSync(path.join(SOURCE, 'package.json'), 'utf8'));

const [target] = process.argv.slice(2);
const folder = target ?? fs.mkdtempSync(path.join(os.tmpdir(), 'testing-'));
write(folder);
if (target === undefined) {
  const packages = path.join(ROOT, 'dist', 'js');
  fs.mkdirSync(packages, { recursive: true });
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', packages], { cwd: folder, encoding: 'utf8' }));
  fs.renameSync(path.join(packages, filename), path.join(packages, `${own.name}@${version}.tgz`));
  fs.rmSync(folder, { recursive: true });
}

function write(to) {
  const lib = path.join(to, 'lib');
  fs.mkdirSync(lib, { recursive: true });
  const { compilerOptions: { target: es, module } } = JSON.parse(fs.readFileSync(path.join(ROOT, 'tsconfig.json'), 'utf8'));
  const options = ['--outDir', lib, '--rootDir', path.join(SOURCE, 'src'), '--target', es, '--module', module, '--declaration', '--strict', '--esModuleInterop',
    '--skipLibCheck', '--ignoreConfig', '--types', 'node,aws-lambda,pg'];
  const entries = ['index', 'rehearse'].map(name => path.join(SOURCE, 'src', `${name}.ts`));
  execFileSync(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), ...entries, ...options], { cwd: SOURCE, stdio: 'inherit' });
  for (const file of ['functions/rapid-client-shim.cjs', 'engines/dynalite-worker.cjs', 'cloud/mini_stack.py']) {
    fs.copyFileSync(path.join(SOURCE, 'src', file), path.join(lib, file));
  }
  // Lambda's own client: one file without dependencies. As a dependency it would compile a native client that is not used.
  const client = path.join(lib, 'functions', 'runtime-client');
  fs.mkdirSync(client);
  for (const file of ['index.mjs', 'LICENSE', 'NOTICE', 'THIRD-PARTY-LICENSES']) fs.copyFileSync(path.join(ROOT, 'node_modules/aws-lambda-ric', file), path.join(client, file));
  fs.copyFileSync(path.join(ROOT, 'LICENSE'), path.join(to, 'LICENSE'));
  fs.copyFileSync(path.join(SOURCE, 'README.md'), path.join(to, 'README.md'));
  const { '//': _note, ...kept } = own;
  const peerDependencies = { ...kept.peerDependencies, 'cdk-production-lambda': version };
  fs.writeFileSync(path.join(to, 'package.json'), `${JSON.stringify({ version, license, repository, author, ...kept, peerDependencies }, undefined, 2)}\n`);
}
