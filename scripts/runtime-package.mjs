// Builds dist/js/cdk-production-lambda-runtime@<version>.tgz from runtime/: CommonJS, ES modules and types of each file of runtime/src.
// A folder as the argument: the files of the package are written there and not packed.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';
import { COMMON, ROOT, writePackage } from './write-package.mjs';

const SOURCE = path.join(ROOT, 'runtime', 'src');
const { '//': _generated, name, description, keywords, ...manifest } = JSON.parse(fs.readFileSync(path.join(ROOT, 'runtime', 'package.json'), 'utf8'));
const files = fs.readdirSync(SOURCE).filter(file => file.endsWith('.ts')).map(file => path.join(SOURCE, file));

await writePackage(name, 'runtime', async to => {
  const lib = path.join(to, 'lib');
  const options = { entryPoints: files, outdir: lib, platform: 'node', target: 'node20', logLevel: 'warning', tsconfigRaw: {} };
  await build({ ...options, format: 'cjs' });
  loadWhenUsed(path.join(lib, 'index.js'));
  await build({ ...options, format: 'esm', outExtension: { '.js': '.mjs' }, bundle: true, plugins: [{ name: 'apart', setup: keepApart }] });
  writeTypes(lib);
  return { name, description, keywords, ...COMMON, ...manifest, publishConfig: { access: 'public' } };
});

/** The CommonJS index loads each of its files when one of the file's exports is first used. */
function loadWhenUsed(index) {
  const text = fs.readFileSync(index, 'utf8');
  const eager = /^var (import_\w+) = (require\("\.\/[\w-]+"\));\n/gm;
  const loads = new Map([...text.matchAll(eager)].map(([, variable, load]) => [variable, load]));
  if (loads.size === 0) throw new Error(`${index} requires no file`);
  fs.writeFileSync(index, text.replace(eager, '').replace(/\bimport_\w+(?=\.)/g, variable => loads.get(variable)));
}

/** An ES module imports its neighbours by their file names. */
function keepApart({ onResolve }) {
  onResolve({ filter: /^/ }, ({ kind, path: name }) => (
    kind === 'entry-point' ? undefined : { path: name.startsWith('.') ? `${name}.mjs` : name, external: true, sideEffects: false }));
}

/** Types for both module formats: a module of one must not find its neighbours' types in the other. */
function writeTypes(lib) {
  const program = ts.createProgram(files, {
    declaration: true, emitDeclarationOnly: true, outDir: lib, rootDir: SOURCE, strict: true, skipLibCheck: true, stripInternal: true,
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, types: ['node', 'aws-lambda'],
  });
  const { diagnostics } = program.emit();
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) throw new Error(ts.formatDiagnostics(problems, { getCanonicalFileName: file => file, getCurrentDirectory: () => ROOT, getNewLine: () => '\n' }));
  for (const file of fs.readdirSync(lib).filter(file => file.endsWith('.d.ts'))) {
    const text = fs.readFileSync(path.join(lib, file), 'utf8');
    fs.writeFileSync(path.join(lib, file.replace(/\.d\.ts$/, '.d.mts')), text.replace(/(from |import\()(["'])(\.\/[\w-]+)\2/g, '$1$2$3.mjs$2'));
  }
}
