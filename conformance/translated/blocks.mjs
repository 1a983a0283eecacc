// The TypeScript programs of README.md and the guides, and what jsii-rosetta makes of them.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT, WORK } from '../machine.mjs';

const require = createRequire(import.meta.url);
const FILES = ['README.md', ...fs.readdirSync(path.join(ROOT, 'docs', 'guides')).filter(name => /^[\w-]+\.md$/.test(name)).sort().map(name => `docs/guides/${name}`)];
const installed = name => path.join(ROOT, 'node_modules', name);
export const PACKAGES = { 'cdk-production-lambda': ROOT, ...Object.fromEntries(['aws-cdk-lib', 'constructs', '@types/node'].map(name => [name, installed(name)])) };

/** Every block is a whole program. The Japanese pages have the same blocks, which test/docs/translations.test.ts compares. */
export function blocks() {
  return FILES.flatMap(file => [...fs.readFileSync(path.join(ROOT, file), 'utf8').matchAll(/^```ts(?: nofixture)?\n([^]*?)^```/gm)]
    .map(({ 1: code, index, input }, i) => ({
      name: `${path.basename(file, '.md').replaceAll('-', '_').toLowerCase()}_${i + 1}`,
      place: `${file}:${input.slice(0, index).split('\n').length}`,
      line: input.slice(0, index).split('\n').length + 1,
      file,
      code,
    })));
}

let compilation;
/** A folder in which TypeScript finds the packages of the blocks. */
export function compilationFolder() {
  if (compilation !== undefined) return compilation;
  compilation = path.join(WORK, 'blocks');
  for (const [name, folder] of Object.entries(PACKAGES)) {
    const link = path.join(compilation, 'node_modules', name);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(fs.realpathSync(folder), link);
  }
  return compilation;
}

let translated;
/** The blocks with `python` and `java`, as Rosetta writes them. */
export const translations = () => translated ??= translate();

async function translate() {
  const { RosettaTranslator, typeScriptSnippetFromVisibleSource } = require('jsii-rosetta');
  const found = blocks().map(block => {
    const location = { api: { api: 'file', fileName: block.file }, field: { field: 'markdown', line: Number(block.place.split(':')[1]) } };
    return { ...block, snippet: typeScriptSnippetFromVisibleSource(block.code, location, true) };
  });
  const translator = new RosettaTranslator({ includeCompilerDiagnostics: true });
  const { diagnostics } = await translator.translateAll(found.map(({ snippet }) => snippet), { compilationDirectory: compilationFolder(), cleanup: false, batchSize: found.length });
  const errors = diagnostics.filter(({ isError }) => isError).map(({ formattedMessage }) => formattedMessage);
  if (errors.length > 0) throw new Error(`Rosetta must translate every block:\n${errors.join('')}`);
  return found.map(({ snippet, ...block }) => {
    const source = language => translator.tablet.lookup(snippet, language).source;
    return { ...block, python: source('python'), java: source('java') };
  });
}
