// Runs TypeScript programs in one process. Each writes its assembly into a folder of its own, as `cdk synth` lets it.
// node run-typescript.cjs <folder of the library> blocks.json
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const ts = require('typescript');

const [, , library, list] = process.argv;
const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
const load = Module.createRequire(path.join(library, 'package.json'));

for (const { name, code, out } of JSON.parse(fs.readFileSync(list, 'utf8'))) {
  process.env.CDK_OUTDIR = out;
  try {
    const program = ts.transpileModule(code, { compilerOptions }).outputText;
    new Function('require', 'exports', program)(id => id === 'cdk-production-lambda' ? load(library) : load(id), {});
  } catch (error) {
    error.message = `${name}: ${error.message}`;
    throw error;
  }
}
