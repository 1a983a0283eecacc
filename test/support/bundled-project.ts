import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';

/** Waits longer than the coarse clock of the file system, so that files that were written before are older than the build. */
export const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 40));

const ESBUILD_VERSION: string = JSON.parse(fs.readFileSync(require.resolve('esbuild/package.json'), 'utf8')).version;
const projects: TestProject[] = [];

/** The folder of an app, with a lock file. */
export class TestProject {
  static removeAll(): void {
    for (const project of projects.splice(0)) fs.rmSync(project.root, { recursive: true, force: true });
  }

  readonly root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'bundling-')));

  constructor(files: Record<string, string> = {}) {
    projects.push(this);
    this.write({ 'package-lock.json': '{"lockfileVersion":3,"packages":{}}', 'node_modules/.keep': '', ...files });
  }

  write(files: Record<string, string | Buffer>): void {
    for (const [name, content] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(this.path(name)), { recursive: true });
      fs.writeFileSync(this.path(name), content);
    }
  }

  /** A package in node_modules with one CommonJS file. */
  writePackage(name: string, source: string, manifest: Record<string, unknown> = {}): void {
    this.write({
      [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js', ...manifest }),
      [`node_modules/${name}/index.js`]: source,
    });
  }

  /** Writes another esbuild for the project, whose source has the real one as `real`. */
  writeEsbuild(exported: string, version = ESBUILD_VERSION): void {
    this.writePackage('esbuild', `const real = require(${JSON.stringify(path.resolve('node_modules/esbuild'))});\n${exported}`, { version });
  }

  path(name: string): string {
    return path.join(this.root, name);
  }
}

/** A function in its own stack, with its staged package. */
export class BundledFunction {
  readonly stack: Stack;
  readonly function: lambda.Function;
  readonly folder: string;
  readonly assetKey: string;

  constructor(code: lambda.Code, props: Partial<lambda.FunctionProps> = {}, id = 'Fn') {
    const app = new App({ context: { 'aws:cdk:enable-asset-metadata': true } });
    this.stack = new Stack(app, 'Stack');
    this.function = new lambda.Function(this.stack, id, {
      runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', architecture: lambda.Architecture.ARM_64, ...props, code,
    });
    const resource = this.function.node.defaultChild as lambda.CfnFunction;
    this.assetKey = this.stack.resolve((resource.code as lambda.CfnFunction.CodeProperty).s3Key);
    this.folder = path.join(app.assetOutdir, `asset.${this.assetKey.replace('.zip', '')}`);
  }

  files(): string[] {
    return fs.readdirSync(this.folder, { recursive: true, encoding: 'utf8' }).sort();
  }

  text(file = 'index.js'): string {
    return fs.readFileSync(path.join(this.folder, file), 'utf8');
  }

  /** Runs the handler in a new Node.js process, in a copy of the package outside of any node_modules. */
  run(event: unknown = {}, ...flags: string[]): unknown {
    const task = fs.mkdtempSync(path.join(os.tmpdir(), 'task-'));
    try {
      fs.cpSync(this.folder, task, { recursive: true });
      const file = fs.existsSync(path.join(task, 'index.mjs')) ? 'index.mjs' : 'index.js';
      const script = `import('./${file}').then(async m => console.log(JSON.stringify({ result: await (m.handler ?? m.default.handler)(${JSON.stringify(event)}) })))`;
      return JSON.parse(execFileSync(process.execPath, [...flags, '-e', script], { cwd: task, encoding: 'utf8', stdio: 'pipe' })).result;
    } finally {
      fs.rmSync(task, { recursive: true, force: true });
    }
  }

  warnings(): string[] {
    return this.function.node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data));
  }
}
