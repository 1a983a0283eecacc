// Bundles the handlers of packages.mjs and runs source and bundle on the Node.js version of Lambda: the answers must be equal, or
// synthesis must name the package in a warning or an error. Then applies the fix that the message names, and runs the bundle again.
// Requires a compiled library. node conformance/packages/run.mjs [--write] [package …]: --write writes the table of docs/guides/bundling.md.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { KINDS } from './packages.mjs';

process.env.CDK_VALIDATION = 'false';
const HERE = import.meta.dirname;
const ROOT = path.join(HERE, '..', '..');
const GUIDE = path.join(ROOT, 'docs', 'guides', 'bundling.md');
const TABLE = /(?<=<!-- packages -->\n)[^]*?(?=\n<!-- \/packages -->)/;
const require = createRequire(path.join(ROOT, 'package.json'));
const { App, Stack } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const { Minify, NodejsCode } = require(ROOT);

const { values: { write }, positionals } = parseArgs({ options: { write: { type: 'boolean', default: false } }, allowPositionals: true });
const NODE = createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/bin/node`);
const ARCHITECTURE = process.arch === 'arm64' ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64;
const WORK = path.join(HERE, '.work');
const RUN = "import(process.argv[1]).then(async one => { console.log('\\n' + JSON.stringify({ answer: await (one.handler ?? one.default.handler)({}, {}) })); process.exit(); },"
  + "error => { console.log('\\n' + JSON.stringify({ error: String(error?.message ?? error) })); process.exit(); })";

/** How the handler is written. */
const FORMS = [
  { name: 'import', file: 'index.mjs', source: text => text },
  { name: 'require', file: 'index.cjs', source: required },
];
/** The options that a message names, each with the packages between quotes after it. */
const FIXES = [
  { said: /'mainFields' to \['main', 'module'\]/, key: 'mainFields', text: "`mainFields: ['main', 'module']`", options: { mainFields: ['main', 'module'] } },
  { said: /Minify\.FULL/, key: 'minify', text: '`Minify.FULL`', options: { minify: Minify.FULL } },
  { said: /'nodeModules' \((('[^']+'(, )?)+)\)|add (('[^']+'(, )?)+) to 'nodeModules'/, key: 'nodeModules', options: { architecture: ARCHITECTURE } },
  { said: /by a computed name, which the bundle does not contain: '([^']+)'/, key: 'nodeModules', driver: 'pg', options: { architecture: ARCHITECTURE } }, // all of them use PostgreSQL
  { said: /No loader is configured for "\.node"/, key: 'nodeModules', own: true, options: { architecture: ARCHITECTURE } },
  { said: /Could not resolve/, key: 'optionalModules', options: {} },
];

fs.rmSync(WORK, { recursive: true, force: true });
const packages = Object.entries(KINDS).flatMap(([kind, handlers]) => Object.entries(handlers).map(([name, text]) => ({ kind, name, text })));
const results = [];
for (const one of packages.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  const forms = [];
  for (const form of FORMS) forms.push({ form: form.name, ...await tried(one, form) });
  results.push({ ...one, ...summary(one, forms) });
  console.log(`${results.at(-1).verdict.padEnd(8)} ${one.name}${results.at(-1).why.map(text => `\n         ${text}`).join('')}`);
}
report();

/** A handler with `require` instead of `import`. */
function required(text) {
  return text.replace(/^import '([^']+)';/gm, "require('$1');")
    .replace(/import ([\w$]+), \{([^}]*)\} from '([^']+)'/g, "const $1 = require('$3'), {$2} = $1")
    .replace(/import \* as ([\w$]+) from '([^']+)'/g, "const $1 = require('$2')")
    .replace(/import \{([^}]*)\} from '([^']+)'/g, (_, names, from) => `const {${names.replaceAll(' as ', ': ')}} = require('${from}')`)
    .replace(/import '([^']+)'/g, "require('$1')")
    .replace(/import ([\w$]+) from '([^']+)'/g, "const $1 = require('$2')")
    .replace(/export const handler =/, 'exports.handler =').replace(/export const/g, 'const');
}

async function tried({ name, text }, { name: form, file, source }) {
  const folder = path.join(WORK, form.replace(/\W+/g, '-'), name.replace(/\W+/g, '-'));
  fs.mkdirSync(folder, { recursive: true });
  const entry = path.join(folder, file);
  fs.writeFileSync(entry, source(text));
  const expected = await answerOf(entry);
  const bundled = await bundle(entry, {}, expected);
  const fixes = [];
  let last = bundled;
  while (last.messages.length > 0 && fixes.length < 3) {
    const fix = fixOf(last.messages, name);
    if (fix === undefined) break;
    fixes.push(fix);
    last = await bundle(entry, merged(fixes), expected);
  }
  return { expected, bundled, fixes, ...fixes.length > 0 ? { fixed: last } : {} };
}

/** The option that a message names. */
function fixOf(messages, name) {
  const said = messages.join('\n');
  const fix = FIXES.find(one => one.said.test(said));
  if (fix === undefined) return undefined;
  const [, first = '', , , second = ''] = fix.said.exec(said);
  if (fix.key === 'optionalModules') return { ...fix, values: [...new Set([...said.matchAll(/Could not resolve "([^"]+)"/g)].map(([, one]) => one))] };
  if (fix.key !== 'nodeModules') return fix;
  if (fix.driver) return { ...fix, values: [first, fix.driver] };
  return { ...fix, values: fix.own ? [name.split(' ')[0]] : [...(first || second).matchAll(/'([^']+)'/g)].map(([, one]) => one) };
}

function merged(fixes) {
  const lists = ['nodeModules', 'optionalModules'].map(key => [key, [...new Set(fixes.filter(one => one.key === key).flatMap(({ values }) => values))]]);
  return { ...Object.assign({}, ...fixes.map(({ options }) => options)), ...Object.fromEntries(lists.filter(([, values]) => values.length > 0)) };
}

/** The messages of synthesis about a handler, and whether its bundle answers as its source does. */
async function bundle(entry, options, expected) {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'packages-'));
  try {
    const stack = new Stack(new App({ outdir }), 'Stack');
    const fn = new lambda.Function(stack, 'Fn', {
      runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', architecture: options.architecture ?? lambda.Architecture.ARM_64, code: NodejsCode.fromEntry(entry, { ...options, cacheDirectory: path.join(WORK, 'cache') }),
    });
    const messages = fn.node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data)).filter(text => !/bundleSize|duplicatePackages/.test(text));
    const [asset] = fs.readdirSync(outdir).filter(name => name.startsWith('asset.'));
    const file = ['index.js', 'index.mjs'].map(name => path.join(outdir, asset, name)).find(name => fs.existsSync(name));
    const got = await answerOf(file);
    return { messages, got, isSame: got.error === undefined && JSON.stringify(got) === JSON.stringify(expected) };
  } catch (error) {
    return { messages: [error.message], isRejected: true, isSame: false };
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

/** What a handler answers in a process of its own, with the variables of Lambda. */
async function answerOf(file) {
  const env = { PATH: process.env.PATH, TZ: ':UTC', AWS_REGION: 'eu-central-1', LAMBDA_TASK_ROOT: path.dirname(file), AWS_LAMBDA_FUNCTION_NAME: 'pay', JEST_WORKER_ID: '' };
  const { stdout } = await promisify(execFile)(NODE, ['--input-type=module', '-e', RUN, file], { cwd: path.dirname(file), env, timeout: 60_000 })
    .catch(error => ({ stdout: `${error.stdout ?? ''}\n${JSON.stringify({ error: (error.stderr || error.message).trim().split('\n').find(line => /^\w*(Error|Exception)\b/.test(line)) ?? error.message })}` }));
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** A package works, is rejected or warned of by its name, or fails without a word. */
function summary({ name }, forms) {
  const own = name.split(' ')[0];
  const why = [];
  const verdicts = forms.filter(({ expected }) => expected.error === undefined).map(({ form, expected, bundled, fixes, fixed }) => {
    if (bundled.isSame && bundled.messages.length === 0) return 'works';
    why.push(`${form}: ${bundled.isSame ? 'same result' : JSON.stringify(bundled.got ?? {}).slice(0, 200)}; source: ${JSON.stringify(expected).slice(0, 200)}`, ...bundled.messages.map(text => text.slice(0, 600)));
    if (fixed) why.push(`with ${fixes.map(textOf).join(' and ')}: ${fixed.isSame ? 'works' : JSON.stringify(fixed.got ?? fixed.messages).slice(0, 400)}`);
    if (bundled.isSame) return 'noticed';
    if (!bundled.messages.some(text => text.includes(own))) return 'FAILS';
    if (!fixed?.isSame) return 'UNFIXED';
    return bundled.isRejected ? 'rejected' : 'warned';
  });
  if (verdicts.length === 0) return { verdict: 'not run', why: forms.map(({ form, expected, bundled }) => `${form}: ${expected.error}\n${bundled.messages}`), fixes: [] };
  const verdict = ['FAILS', 'UNFIXED', 'rejected', 'warned', 'noticed', 'works'].find(one => verdicts.includes(one));
  return { verdict, why, fixes: [...new Set(forms.filter(({ bundled, fixed }) => fixed?.isSame && !bundled.isSame).flatMap(({ fixes }) => fixes.map(textOf)))] };
}

function textOf({ key, text, values }) {
  return text ?? `\`${key}\`: ${values.map(one => `\`${one}\``).join(', ')}`;
}

/** The lines of the guide, one for each package. */
function report() {
  const said = {
    works: 'works', noticed: 'works, with a warning', warned: 'warning', rejected: 'error', 'not run': 'warning; needs a compiler, which was not tested',
  };
  const rows = Object.keys(KINDS).flatMap(kind => {
    const all = results.filter(one => one.kind === kind && one.verdict !== 'works');
    const works = results.filter(one => one.kind === kind && one.verdict === 'works').map(({ name }) => `\`${name}\``);
    const link = ({ name }) => name.includes(' ') ? `\`${name.split(' ')[0]}\` ${name.split(' ').slice(1).join(' ')}` : `\`${name}\``;
    return [...works.length > 0 ? [`| ${kind} | ${works.join(', ')} | work | |`] : [], ...all.map(one => `| ${kind} | ${link(one)} | ${said[one.verdict] ?? one.verdict} | ${one.fixes.join('; ')} |`)];
  });
  const table = ['| kind | packages | at synthesis | works with |', '| --- | --- | --- | --- |', ...rows].join('\n');
  const counts = [...new Set(results.map(({ verdict }) => verdict))].map(verdict => `${results.filter(one => one.verdict === verdict).length} ${verdict}`).join(', ');
  console.log(`${results.length} packages: ${counts}`);
  process.exitCode = results.some(({ verdict }) => verdict === 'FAILS' || verdict === 'UNFIXED') ? 1 : 0;
  if (positionals.length > 0) return;
  const guide = fs.readFileSync(GUIDE, 'utf8');
  if (write) fs.writeFileSync(GUIDE, guide.replace(TABLE, () => table));
  else if (TABLE.exec(guide)?.[0] !== table) {
    console.log(`${table}\n\nthe table of ${path.relative(ROOT, GUIDE)} is not that of this run: write it with --write`);
    process.exitCode = 1;
  }
}
