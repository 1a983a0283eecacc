import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import { NodejsCode } from '../../src/bundling';
import { EsbuildProcess } from '../../src/bundling/esbuild-process';
import { BundledFunction, settled, TestProject } from '../support/bundled-project';

const realBuild = EsbuildProcess.prototype.build;
const build = jest.spyOn(EsbuildProcess.prototype, 'build');
afterAll(() => TestProject.removeAll());

const project = (): TestProject => new TestProject({ 'pay.ts': 'export const handler = async () => "a";' });
const bundle = (from: TestProject): BundledFunction => new BundledFunction(NodejsCode.fromEntry(from.path('pay.ts')));

test.each([
  ['ENOSPC', 'no space left on device, write'],
  ['EDQUOT', 'disk quota exceeded, write'],
  ['EROFS', 'read-only file system, mkdir'],
])('fails with the fix when the disk reports %s', (code, text) => {
  build.mockImplementationOnce(() => {
    throw Object.assign(new Error(`${code}: ${text}`), { code });
  });
  expect(() => bundle(project())).toThrow(
    `the disk must have space for the bundles, got '${code}: ${text}'; free disk space, or set 'cacheDirectory' and the output folder of the app to another disk (at Stack/Fn)`);
});

test('a result that cannot be stored is no error', async () => {
  const made = project();
  await settled();
  fs.mkdirSync(made.path('node_modules/.cache/cdk-production-lambda/requests'), { recursive: true });
  build.mockImplementationOnce(function (this: EsbuildProcess, ...args) {
    const metafile = realBuild.apply(this, args);
    fs.rmSync(made.path('node_modules/.cache/cdk-production-lambda/requests'), { recursive: true });
    return metafile;
  });
  expect(bundle(made).run()).toBe('a');
});

test('several processes can share a cache at the same time', async () => {
  const made = new TestProject({ 'handlers/b.ts': 'export const handler = async () => "b";', 'handlers/c.ts': 'export const handler = async () => "c";' });
  const script = made.path('synth.cjs');
  esbuild.buildSync({
    stdin: {
      contents: `import { App, Stack } from 'aws-cdk-lib'; import * as lambda from 'aws-cdk-lib/aws-lambda'; import { NodejsBundle } from '${path.resolve('src/bundling')}';
        import * as fs from 'node:fs'; import * as path from 'node:path';
        const app = new App(); const stack = new Stack(app, 'Stack'); const bundle = NodejsBundle.fromDirectory('${made.path('handlers')}');
        for (const name of bundle.names) new lambda.Function(stack, name, { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: bundle.code(name) });
        const out = app.synth().directory;
        console.log(fs.readdirSync(out).filter(f => f.startsWith('asset.')).sort().map(f => f + fs.readFileSync(path.join(out, f, 'index.js'), 'utf8')).join());`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    platform: 'node',
    external: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', 'esbuild'],
    outfile: script,
    logLevel: 'error',
  });
  const synth = (): Promise<{ stdout: string }> => promisify(execFile)(process.execPath, [script], { env: { ...process.env, NODE_PATH: path.resolve('node_modules') } });
  const outs = (await Promise.all(Array.from({ length: 4 }, synth))).map(({ stdout }) => stdout);
  expect(new Set(outs).size).toBe(1);
  expect(outs[0].match(/asset\./g)).toHaveLength(2);
  const cache = made.path('node_modules/.cache/cdk-production-lambda');
  expect(fs.readdirSync(path.join(cache, 'handlers'))).toHaveLength(2);
  expect(fs.readdirSync(path.join(cache, 'building'))).toEqual([]);
});

test('cached files that were not used for a month are removed', async () => {
  const made = project();
  await settled();
  bundle(made);
  const cache = made.path('node_modules/.cache/cdk-production-lambda');
  const long = new Date(Date.now() - 31 * 86_400_000);
  for (const folder of ['handlers', 'requests', 'building', 'modules']) {
    made.write({ [`node_modules/.cache/cdk-production-lambda/${folder}/old/x`]: '', [`node_modules/.cache/cdk-production-lambda/${folder}/new/x`]: '' });
    fs.utimesSync(path.join(cache, folder, 'old'), long, long);
  }
  made.write({ 'pay.ts': 'export const handler = 1;' });
  await settled();
  bundle(made);
  for (const folder of ['handlers', 'requests', 'building', 'modules']) {
    expect(fs.readdirSync(path.join(cache, folder))).not.toContain('old');
    expect(fs.readdirSync(path.join(cache, folder))).toContain('new');
  }
});
