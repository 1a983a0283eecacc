// Runs the contract tests of src/private/cdk-internals.ts against the lowest and the newest supported aws-cdk-lib.
// Usage: node scripts/cdk-contracts.mjs [version …]; without arguments, the lowest of the peer range and the newest of its major version.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const TEST = 'test/private/cdk-internals.test.ts';
const { jest, peerDependencies } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

const lowest = version => version.replace(/^\^/, '');
const LOWEST = { cdk: lowest(peerDependencies['aws-cdk-lib']), constructs: lowest(peerDependencies.constructs) };
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-contracts-'));
try {
  const versions = process.argv.length > 2 ? process.argv.slice(2) : [LOWEST.cdk, `^${LOWEST.cdk}`];
  const results = versions.map(run);
  process.exitCode = results.every(Boolean) ? 0 : 1;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

/** Whether the contracts hold with one version, which is installed beside the repository and not in it. */
function run(version) {
  const modules = install(version);
  const installed = JSON.parse(fs.readFileSync(path.join(modules, 'aws-cdk-lib', 'package.json'), 'utf8')).version;
  console.log(`=== aws-cdk-lib ${installed}`);
  const { globalSetup, globalTeardown, ...settings } = jest; // they are for the whole suite
  const config = {
    ...settings,
    rootDir: ROOT,
    moduleNameMapper: {
      '^(aws-cdk-lib|constructs)$': path.join(modules, '$1'),
      '^aws-cdk-lib/(.*)$': path.join(modules, 'aws-cdk-lib', '$1'),
    },
  };
  const { status } = spawnSync(process.execPath, [
    path.join(ROOT, 'node_modules/jest/bin/jest.js'), '--config', JSON.stringify(config), '--ci', '--silent', '--runTestsByPath', TEST,
  ], { cwd: ROOT, stdio: 'inherit', env: { ...process.env, EXPECTED_CDK_VERSION: installed } });
  return status === 0;
}

function install(version) {
  const target = path.join(folder, version.replace(/\W/g, '_'));
  fs.mkdirSync(target);
  fs.writeFileSync(path.join(target, 'package.json'), '{ "private": true }');
  const constructs = version === LOWEST.cdk ? LOWEST.constructs : `^${LOWEST.constructs}`;
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error', `aws-cdk-lib@${version}`, `constructs@${constructs}`],
    { cwd: target, stdio: ['ignore', 'ignore', 'inherit'] });
  return path.join(target, 'node_modules');
}
