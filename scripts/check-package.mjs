// Compares the contents of the npm package, the wheel and the source distribution with allow-lists: a test or cache file is a
// defect, and so is a missing licence or a path of the build machine.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const NPM = {
  allowed: [/^bin\/cdk-production-lambda$/, /^\.jsii$/, /^API\.md$/, /^LICENSE$/, /^README(\.ja)?\.md$/, /^package\.json$/, /^lib\/.+\.(js|d\.ts)$/, /^node_modules\/(@dagrejs\/(dagre|graphlib)|smol-toml|yaml)\//, /^assets\/(command|database-users|smoke-test|sandbox-cleaner|prune-versions|instrumentation)\/index\.js$/],
  required: ['bin/cdk-production-lambda', 'assets/command/index.js', 'assets/database-users/index.js', 'assets/smoke-test/index.js', 'assets/sandbox-cleaner/index.js', 'assets/prune-versions/index.js', 'assets/instrumentation/index.js', '.jsii', 'LICENSE', 'README.md', 'package.json', 'lib/index.js', 'lib/index.d.ts'],
};
const COMMAND = { required: ['index.js', 'package.json', 'README.md', 'LICENSE', 'THIRD-PARTY-LICENSES'] };
const RUNTIME = {
  allowed: [/^lib\/[\w-]+\.(js|mjs|d\.ts|d\.mts)$/, /^(package\.json|README\.md|LICENSE)$/],
  required: ['package.json', 'README.md', 'LICENSE', ...['index', 'batch', 'data-api', 'idempotency', 'mysql', 'parameters', 'postgres', 'secrets']
    .flatMap(name => ['js', 'mjs', 'd.ts', 'd.mts'].map(extension => `lib/${name}.${extension}`))],
};
const TESTING = {
  allowed: [/^(package\.json|README\.md|LICENSE)$/, /^lib\/.+\.(js|d\.ts)$/, /^lib\/functions\/(rapid-client-shim\.cjs|runtime-client\/(index\.mjs|LICENSE|NOTICE|THIRD-PARTY-LICENSES))$/, /^lib\/engines\/dynalite-worker\.cjs$/, /^lib\/cloud\/mini_stack\.py$/],
  required: ['package.json', 'README.md', 'LICENSE', 'lib/index.js', 'lib/index.d.ts', 'lib/rehearse.js', 'lib/functions/runtime-client/index.mjs', 'lib/cloud/mini_stack.py'],
};
const MODULE = [/^cdk_production_lambda\/(__init__\.py|py\.typed|_jsii\/__init__\.py|_jsii\/cdk-production-lambda@[\d.]+\.jsii\.tgz)$/];
const WHEEL = {
  allowed: [...MODULE, /^cdk_production_lambda-[\d.]+\.data\/scripts\/(cdk-production-lambda|prune-versions)$/, /^cdk_production_lambda-[\d.]+\.dist-info\/(LICENSE|METADATA|WHEEL|RECORD|top_level\.txt)$/],
  required: ['cdk_production_lambda/__init__.py', 'cdk_production_lambda/py.typed', 'cdk_production_lambda/_jsii/__init__.py', /\.jsii\.tgz$/, /\.dist-info\/LICENSE$/],
};
const SOURCE = {
  allowed: [/^(LICENSE|MANIFEST\.in|PKG-INFO|README\.md|pyproject\.toml|setup\.py|setup\.cfg)$/, /^src\/[\w-]+\.egg-info\/[\w.-]+$/, ...MODULE.map(({ source }) => new RegExp(source.replace('^', '^src/'))),
    /^src\/cdk_production_lambda\/_jsii\/bin\/(cdk-production-lambda|prune-versions)$/],
  required: ['LICENSE', 'README.md', 'setup.py', 'src/cdk_production_lambda/__init__.py'],
};
/** The Python package for handlers. */
const HANDLERS = [/^cdk_production_lambda_runtime\/(\w+\.py|py\.typed)$/];
const HANDLERS_WHEEL = {
  allowed: [...HANDLERS, /^cdk_production_lambda_runtime-[\d.]+\.dist-info\/(licenses\/LICENSE|METADATA|WHEEL|RECORD)$/],
  required: ['cdk_production_lambda_runtime/__init__.py', 'cdk_production_lambda_runtime/py.typed', /\.dist-info\/licenses\/LICENSE$/],
};
const HANDLERS_SOURCE = {
  allowed: [/^(\.gitignore|LICENSE|PKG-INFO|README\.md|pyproject\.toml)$/, ...HANDLERS.map(({ source }) => new RegExp(source.replace('^', '^src/')))],
  required: ['LICENSE', 'README.md', 'pyproject.toml', 'src/cdk_production_lambda_runtime/py.typed'],
};
const MACHINE = [os.homedir(), path.join(import.meta.dirname, '..'), os.tmpdir()].map(folder => `${folder}/`);

const total = process.argv.slice(2).map(file => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'package-'));
  try {
    const wheel = file.endsWith('.whl');
    execFileSync(...wheel ? ['python3', ['-m', 'zipfile', '-e', file, folder]] : ['tar', ['xzf', file, '-C', folder, '--strip-components=1']]);
    return report(file, problemsOf(folder, contentOf(file)));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
if (total.length === 0) throw new Error('usage: check-package.mjs <package>…');
process.exitCode = total.every(problems => problems === 0) ? 0 : 1;

function contentOf(file) {
  const isForHandlers = path.basename(file).startsWith('cdk_production_lambda_runtime-');
  if (isForHandlers) return file.endsWith('.whl') ? HANDLERS_WHEEL : HANDLERS_SOURCE;
  if (file.endsWith('.whl')) return WHEEL;
  if (file.endsWith('.tar.gz')) return SOURCE;
  if (path.basename(file).startsWith('cdk-production-lambda-runtime@')) return RUNTIME;
  if (path.basename(file).startsWith('cdk-production-lambda-testing')) return TESTING;
  return file.endsWith('.jsii.tgz') ? NPM : COMMAND;
}

function problemsOf(folder, { required, allowed = required.map(name => new RegExp(`^${name.replaceAll('.', '\\.')}$`)) }) {
  const files = fs.readdirSync(folder, { recursive: true }).map(String).filter(name => fs.statSync(path.join(folder, name)).isFile());
  const holds = (name, text) => fs.readFileSync(path.join(folder, name)).includes(text);
  return [
    ...files.filter(name => !allowed.some(pattern => pattern.test(name))).map(name => `not allowed in the package: ${name}`),
    ...required.filter(wanted => !files.some(name => wanted instanceof RegExp ? wanted.test(name) : wanted === name)).map(name => `missing from the package: ${name}`),
    ...files.flatMap(name => MACHINE.filter(text => holds(name, text)).map(text => `a path of this machine (${text}) in ${name}`)),
  ];
}

function report(file, problems) {
  for (const problem of problems) console.error(problem);
  console.log(`${path.basename(file)}: ${problems.length} problems`);
  return problems.length;
}
