import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '..', '..');
const blocks = ['docs/guides/handlers.md', 'runtime/README.md'].flatMap(file => (
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^```(?:typescript|ts)\n([\s\S]*?)^```/gm)].map(([, code]) => code).filter(code => !code.includes('aws-cdk-lib'))));

test('the handlers of the documentation compile', () => {
  expect(blocks.length).toBeGreaterThan(6);
  const folder = mkdtempSync(join(tmpdir(), 'guide-'));
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const files = blocks.map((code, i) => {
      writeFileSync(join(folder, `${i}.ts`), code);
      return join(folder, `${i}.ts`);
    });
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.dev.json'), file => readFileSync(file, 'utf8'));
    const paths = Object.fromEntries(Object.entries<string[]>(config.compilerOptions.paths)
      .map(([name, found]) => [name, found.map(path => join(ROOT, path))]));
    const program = ts.createProgram(files, {
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      types: ['node'],
      paths,
    });
    const errors = files.flatMap(file => program.getSemanticDiagnostics(program.getSourceFile(file))).map(({ file, messageText }) => (
      `${file?.text.slice(0, 200)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`));
    expect(errors).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
