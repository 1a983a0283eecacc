import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { TestProject } from './bundled-project';
import { elf } from './elf';

/**
 * A program that takes the commands of uv and installs packages that it makes up: `native` has a native module, `nowheel` has no
 * wheel. Files that a real installation has on one machine only contain the number of this process.
 */
const FAKE_UV = `
const fs = require('fs'), path = require('path');
const args = process.argv.slice(2);
fs.appendFileSync(path.join(__dirname, 'calls'), JSON.stringify(args) + '\\n');
const option = name => args[args.indexOf(name) + 1];
if (args[0] === 'export') {
  const lock = ['uv.lock', '../uv.lock'].find(file => fs.existsSync(file));
  if (fs.readFileSync(lock, 'utf8').includes('broken')) { console.error('error: the lockfile needs to be updated'); process.exit(2); }
  const members = fs.readdirSync('..').includes('uv.lock') && fs.existsSync('../lib') ? './lib\\n' : ''; // from the root of the workspace
  fs.writeFileSync(option('--output-file'), members + 'locked==1.0.0 \\\\\\n    --hash=sha256:aa\\n');
  process.exit();
}
const target = option('--target');
const write = (name, content, mode) => {
  fs.mkdirSync(path.dirname(path.join(target, name)), { recursive: true });
  fs.writeFileSync(path.join(target, name), content, { mode });
};
const text = fs.readFileSync(option('-r'), 'utf8');
const absent = [...text.matchAll(/^\\.?\\/\\S+/gm)].map(([place]) => place).find(place => !fs.existsSync(place));
if (absent !== undefined || text.includes('-e ')) { console.error('error: Distribution not found at: ' + absent); process.exit(1); }
const names = option('-r').endsWith('.toml') ? [...text.matchAll(/"([\\w-]+)[^"]*"/g)].map(([, name]) => [name, '2.0']) : [...text.matchAll(/^([A-Za-z][\\w-]*)(?:==([\\d.]+))?/gm)].map(([, name, version = '2.0']) => [name, version]);
for (const [name, version] of names) {
  if (name === 'nowheel') {
    console.error('error: No solution found when resolving dependencies\\n  cause: Because nowheel==' + version + ' has no usable wheels\\n\\nhint: Wheels are required for \`nowheel\` because building from source is disabled');
    process.exit(1);
  }
  if (name === 'unknown') { console.error('error: Because unknown was not found in the package registry'); process.exit(1); }
  const info = name + '-' + version + '.dist-info';
  write(name + '/__init__.py', 'VERSION = "' + version + '"\\n', 0o600);
  write(name + '/__pycache__/__init__.pyc', String(process.pid));
  write(name + '/tests/test_it.py', 'x = 1');
  if (name === 'needs') write(name + '/runner.py', 'from needs.tests import test_it');
  if (name === 'native') write('native/_core.cpython-314-aarch64-linux-gnu.so', Buffer.from('${elf('arm64').toString('base64')}', 'base64'));
  write(info + '/METADATA', 'Name: ' + name);
  write(info + '/INSTALLER', 'pid ' + process.pid);
  write(info + '/RECORD', ['../../bin/' + name + ',sha256=' + process.pid + ',1', name + '/__init__.py,sha256=a,1', info + '/RECORD,,'].sort(() => Math.random() - 0.5).join('\\n'));
  write('bin/' + name, '#!' + process.pid, 0o755);
}
write('.lock', '');
`;

/** The folder of an app with Python handlers, and an installer that needs no network. */
export class PythonProject extends TestProject {
  private readonly before = { path: process.env.PATH, cwd: process.cwd() };

  constructor(files: Record<string, string | Buffer>) {
    super();
    this.write(files);
    this.write({ 'tools/uv.js': FAKE_UV, 'tools/uv': `#!/bin/sh\n[ "$1" = --version ] && echo 'uv 9.9.9' && exit\nexec '${process.execPath}' '${this.path('tools/uv.js')}' "$@"\n` });
    fs.chmodSync(this.path('tools/uv'), 0o755);
    process.env.PATH = `${this.path('tools')}${path.delimiter}/bin${path.delimiter}/usr/bin`;
    process.chdir(this.root);
  }

  /** The options that the installer was started with. */
  calls(): string[][] {
    const log = this.path('tools/calls');
    return fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim().split('\n').map(line => JSON.parse(line)) : [];
  }

  restore(): void {
    process.env.PATH = this.before.path;
    process.chdir(this.before.cwd);
  }
}

/** A function in its own stack, with its staged package. */
export class PythonFunction {
  readonly stack: Stack;
  readonly function: lambda.Function;
  readonly folder: string;
  readonly assetKey: string;

  constructor(code: lambda.Code, props: Partial<lambda.FunctionProps> = {}) {
    const app = new App({ context: { 'aws:cdk:enable-asset-metadata': true } });
    this.stack = new Stack(app, 'Stack');
    this.function = new lambda.Function(this.stack, 'Fn', {
      runtime: lambda.Runtime.PYTHON_3_14, handler: 'app.handler', architecture: lambda.Architecture.ARM_64, ...props, code,
    });
    const resource = this.function.node.defaultChild as lambda.CfnFunction;
    this.assetKey = this.stack.resolve((resource.code as lambda.CfnFunction.CodeProperty).s3Key);
    this.folder = path.join(app.outdir, `asset.${this.assetKey.replace('.zip', '')}`);
  }

  files(): string[] {
    return fs.readdirSync(this.folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
      .map(entry => path.relative(this.folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/')).sort();
  }

  text(name: string): string {
    return fs.readFileSync(path.join(this.folder, name), 'utf8');
  }
}
