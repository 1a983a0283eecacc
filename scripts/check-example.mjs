// Synthesises the function of an example as docs/guides/other-runtimes.md shows it, and checks its deployment package.
// node scripts/check-example.mjs <folder of the built examples> <go|rust|java> [--run <program>] [--rejected <folder>]
// --run invokes a program of this machine's architecture through a Runtime API; --rejected is a package that must be rejected.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { transformSync } = createRequire(import.meta.url)('esbuild');
const { values, positionals: [folder, language] } = parseArgs({
  allowPositionals: true, options: { run: { type: 'string' }, rejected: { type: 'string' } },
});

/** The example of the guide that uses the folder of the language. */
function documented() {
  const guide = readFileSync(join(ROOT, 'docs', 'guides', 'other-runtimes.md'), 'utf8');
  const blocks = [...guide.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, code]) => code).filter(code => code.includes(`fromAsset('${language}/`));
  assert.equal(blocks.length, 1, `one example of the guide must use the folder '${language}'`);
  return blocks[0];
}

/** The ids of the rules on deployment packages that find something in the app of an example. */
function findings(code) {
  const outdir = mkdtempSync(join(folder, 'cdk.out-'));
  const modules = join(folder, 'node_modules');
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(modules);
  for (const name of ['aws-cdk-lib', 'constructs']) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  symlinkSync(ROOT, join(modules, 'cdk-production-lambda'));
  const program = join(folder, 'app.cjs');
  writeFileSync(program, transformSync(code, { loader: 'ts', format: 'cjs' }).code);
  execFileSync(process.execPath, [program], { cwd: folder, env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' }, stdio: 'inherit' });
  const { stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin', 'cdk-production-lambda'), 'check', outdir, '--format', 'json'], { encoding: 'utf8' });
  assert.match(stdout, /^[{[]/, stderr);
  return [...stdout.matchAll(/"(LP-F16[0-4])"/g)].map(([, id]) => id);
}

/** What a program of a custom runtime answers to an event. */
async function answer(program, event) {
  return new Promise((resolve, reject) => {
    let sent = false;
    const server = createServer((request, response) => {
      if (request.url.endsWith('/invocation/next')) {
        if (sent) return; // the program waits for the next event until it is ended
        sent = true;
        response.writeHead(200, {
          'Content-Type': 'application/json', 'Lambda-Runtime-Aws-Request-Id': '1', 'Lambda-Runtime-Deadline-Ms': String(Date.now() + 10_000),
          'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:eu-west-1:111122223333:function:quote',
        }).end(JSON.stringify(event));
        return;
      }
      const parts = [];
      request.on('data', part => parts.push(part)).on('end', () => {
        response.writeHead(202).end();
        end(() => resolve({ path: request.url, body: JSON.parse(Buffer.concat(parts).toString()) }));
      });
    });
    let child;
    const timer = setTimeout(() => end(() => reject(new Error(`${program} did not answer within 20 seconds`))), 20_000);
    const end = settle => {
      clearTimeout(timer);
      child.kill();
      server.closeAllConnections();
      server.close(settle);
    };
    server.listen(0, '127.0.0.1', () => {
      const env = {
        PATH: process.env.PATH, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${server.address().port}`, AWS_LAMBDA_FUNCTION_NAME: 'quote', AWS_REGION: 'eu-west-1',
        AWS_LAMBDA_FUNCTION_VERSION: '1', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128', AWS_LAMBDA_LOG_GROUP_NAME: 'logs', AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      };
      child = spawn(program, { env, stdio: ['ignore', 'inherit', 'inherit'] });
    });
  });
}

/** The methods that the guide of SnapStart shows must be methods of the class. */
function compareShown() {
  const blocks = [...readFileSync(join(ROOT, 'docs', 'guides', 'snapstart.md'), 'utf8').matchAll(/^```java\n([^]*?)^```/gm)];
  const source = readFileSync(join(ROOT, 'docs', 'examples', 'java', 'src', 'main', 'java', 'shop', 'Quote.java'), 'utf8');
  const shown = blocks.flatMap(([, block]) => block.split('\n\n')).map(part => part.trimEnd().replace(/^(?=.)/gm, '    '));
  assert.ok(shown.length > 0);
  for (const part of shown) assert.ok(source.includes(part), `docs/guides/snapstart.md must show the source of Quote.java, got:\n${part}`);
}

if (language === 'java') compareShown();
const code = documented();
assert.deepEqual(findings(code), []);
const said = [`${language}: the package passes LP-F160 to LP-F164`];
if (values.rejected !== undefined) {
  assert.deepEqual(findings(code.replace(/fromAsset\('[^']+'\)/, `fromAsset(${JSON.stringify(values.rejected)})`)), ['LP-F163']);
  said.push('a program of the other architecture is rejected');
}
if (values.run !== undefined) {
  const { path, body } = await answer(values.run, { amount: 200, percent: 3 });
  assert.deepEqual([path.split('/').at(-1), body], ['response', { fee: 6 }]);
  const failed = await answer(values.run, { amount: -1, percent: 3 });
  assert.deepEqual([failed.path.split('/').at(-1), failed.body.errorMessage], ['error', 'amount must be at least 0, got -1']);
  said.push('the program answers an event and reports an error');
}
console.log(said.join('; '));
