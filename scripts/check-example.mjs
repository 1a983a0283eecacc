// Synthesises the function of an example as docs/guides/other-runtimes.md shows it, and checks its deployment package.
// node scripts/check-example.mjs <folder of the built examples> <go|rust|java> [--run <program>] [--rejected <folder>]
// --run invokes a program of this machine's architecture in an execution environment of the testing kit; --rejected is a package that must be rejected.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const { transformSync } = require('esbuild');
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

/** How an execution environment with a program ends for each event. */
async function outcomes(program, events) {
  process.env.TS_NODE_PROJECT = join(ROOT, 'tsconfig.dev.json'); // not a configuration near the working directory
  require('ts-node/register/transpile-only');
  const { Environment } = require('../testing/src/functions/environment.ts');
  const environment = await Environment.start({
    functionName: 'quote', functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:quote', taskRoot: dirname(program), handler: 'bootstrap',
    memorySize: 128, runtime: { command: program, args: [] }, services: { aws: [], others: [] }, variables: () => ({}), log: line => console.log(line),
  });
  try {
    const found = [];
    for (const event of events) found.push(await environment.invoke(event, 10_000));
    return found;
  } finally {
    environment.kill('exit');
  }
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
  const [answer, failed] = await outcomes(values.run, [{ amount: 200, percent: 3 }, { amount: -1, percent: 3 }]);
  assert.deepEqual(answer, { kind: 'answer', payload: { fee: 6 } });
  assert.deepEqual([failed.kind, failed.errorMessage], ['error', 'amount must be at least 0, got -1']);
  said.push('the program answers an event and reports an error');
}
console.log(said.join('; '));
