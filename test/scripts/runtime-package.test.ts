import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.join(__dirname, '..', '..');
const NAME = 'cdk-production-lambda-runtime';
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'runtime-package-'));
const folder = path.join(work, 'package');
const read = (file: string) => JSON.parse(fs.readFileSync(file, 'utf8'));

beforeAll(() => {
  execFileSync(process.execPath, [path.join(ROOT, 'scripts', 'runtime-package.mjs'), folder]);
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(work, 'node_modules')); // its dependencies; it finds itself by its own name
}, 300_000);
afterAll(() => fs.rmSync(work, { recursive: true }));

/** Runs a program inside of the package, where its own name resolves as for a user. */
function run(file: string, program: string): string {
  fs.writeFileSync(path.join(folder, file), program);
  return execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH, POWERTOOLS_TRACE_ENABLED: 'false' } }).trim();
}

const entries = Object.keys(read(path.join(ROOT, 'runtime', 'package.json')).exports).filter(entry => entry !== './package.json');
const specifiers = JSON.stringify(entries.map(entry => path.posix.join(NAME, entry)));

test('each entry loads as CommonJS and as an ES module, with the same exports, and leaves nothing running', () => {
  const commonJs = run('all.cjs', `console.log(JSON.stringify(${specifiers}.map(name => Object.keys(require(name)).sort())));`);
  const esm = run('all.mjs', `const names = []; for (const name of ${specifiers}) names.push(Object.keys(await import(name)).filter(key => key !== 'default').sort());
console.log(JSON.stringify(names));`);
  expect(JSON.parse(esm)).toEqual(JSON.parse(commonJs));
  expect(JSON.parse(esm)[entries.indexOf('.')]).toEqual([
    'Deadline', 'OutOfTimeError', 'currentInvocation', 'errorAnswer', 'hasErrorAnswer', 'isObserved', 'logger', 'metrics', 'observed', 'onShutdown',
    'required', 'requiredNumber', 'runInvocation', 'tracer', 'withErrorAnswers',
  ]);
});

test('the main entry loads no client of the SDK, no driver and no further utility of Powertools', () => {
  const loaded = run('loads.cjs', `require('${NAME}').observed; console.log(Object.keys(require.cache).join('\\n'));`);
  expect(loaded).toMatch(/aws-lambda-powertools.logger/);
  expect(loaded).not.toMatch(/@aws-sdk|node_modules.(pg|mysql2)|powertools.(idempotency|batch|parameters)/);
});

test('a bundle contains only what is imported', () => {
  const bundle = (code: string) => {
    const { outputFiles } = buildSync({ stdin: { contents: code, resolveDir: folder }, bundle: true, write: false, platform: 'node', format: 'esm', minify: true });
    return outputFiles[0].text.length;
  };
  expect(bundle(`import { required } from '${NAME}'; console.log(required('A'));`)).toBeLessThan(1_000);
  expect(bundle(`import '${NAME}'; import '${NAME}/idempotency'; import '${NAME}/data-api';`)).toBeLessThan(100);
});

test('it has the version of the library, names its dependencies, and no path of this machine', () => {
  const [library, manifest] = [read(path.join(ROOT, 'package.json')), read(path.join(folder, 'package.json'))];
  expect(manifest).toMatchObject({ name: NAME, version: library.version, license: library.license, engines: library.engines, sideEffects: false });
  const sources = fs.readdirSync(path.join(ROOT, 'runtime', 'src')).map(file => fs.readFileSync(path.join(ROOT, 'runtime', 'src', file), 'utf8')).join('\n');
  const imported = [...sources.matchAll(/from '((?:@[^/']+\/)?[^./'][^/']*)/g)].map(([, name]) => name).filter(name => !name.startsWith('node:'));
  const named = { ...manifest.dependencies, ...manifest.peerDependencies, 'aws-lambda': 'by @types/aws-lambda' };
  expect([...new Set(imported)].filter(name => !(name in named))).toEqual([]);
  for (const [name, { optional }] of Object.entries<any>(manifest.peerDependenciesMeta)) {
    expect([name in manifest.peerDependencies, optional]).toEqual([true, true]);
  }
  expect(fs.readFileSync(path.join(folder, 'lib', 'index.mjs'), 'utf8')).not.toContain(ROOT);
});

test.each([['node16', 'handler.mts'], ['node16', 'handler.cts'], ['bundler', 'handler.ts']])('its types compile with moduleResolution %s in %s', (moduleResolution, file) => {
  fs.copyFileSync(path.join(ROOT, 'runtime', 'README.md'), path.join(folder, 'README.md'));
  const [, example] = /^```ts\n([\s\S]*?)^```/m.exec(fs.readFileSync(path.join(folder, 'README.md'), 'utf8'))!;
  const rest = entries.map((entry, i) => `import * as e${i} from '${path.posix.join(NAME, entry)}';\nconsole.log(e${i});\n`).join('');
  fs.writeFileSync(path.join(folder, file), `${rest}${example}`);
  const module = moduleResolution === 'node16' ? 'node16' : 'esnext';
  const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--types', 'node', '--target', 'es2022', '--lib', 'es2022,dom', '--module', module, '--moduleResolution', moduleResolution];
  const { output } = (() => {
    try {
      return { output: execFileSync(process.execPath, [tsc, ...options, file], { cwd: folder, encoding: 'utf8' }) };
    } catch (error) {
      return { output: (error as { stdout: string }).stdout };
    }
  })();
  expect(output.split('\n').filter(line => line.startsWith('lib/') || line.startsWith('handler'))).toEqual([]);
}, 300_000);
