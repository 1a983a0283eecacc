// Builds dist/js/cdk-production-lambda-testing@<version>.tgz from testing/. A folder as the argument: the files of the package are
// written there and not packed.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { COMMON, ROOT, version, writePackage } from './write-package.mjs';

const SOURCE = path.join(ROOT, 'testing');
const { '//': _generated, ...manifest } = JSON.parse(fs.readFileSync(path.join(SOURCE, 'package.json'), 'utf8'));

await writePackage(manifest.name, 'testing', to => {
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
  return { ...COMMON, ...manifest, peerDependencies: { ...manifest.peerDependencies, 'cdk-production-lambda': version } };
});
