// Every block as a Go file: one program of TypeScript has all blocks, so that the declarations of aws-cdk-lib are read once.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { blocks, compilationFolder, PACKAGES } from './blocks.mjs';
import { GoFile } from './go-file.mjs';
import { GoTypes } from './go-types.mjs';

const ts = createRequire(import.meta.url)('typescript');

const { ModuleKind: { Node16: module }, ModuleResolutionKind: { Node16: moduleResolution }, ScriptTarget: { ES2022: target } } = ts;
const OPTIONS = { strict: true, noEmit: true, skipLibCheck: true, target, module, moduleResolution, types: ['node'] };
const HOST = { getCanonicalFileName: name => name, getCurrentDirectory: compilationFolder, getNewLine: () => '\n' };

/** The Go text of each block, by the block's name. */
export function goFiles() {
  const all = blocks().map(block => ({ ...block, path: path.join(compilationFolder(), `${block.name}.ts`) }));
  for (const { path: file, code } of all) fs.writeFileSync(file, code);
  const program = ts.createProgram(all.map(block => block.path), OPTIONS);
  const errors = all.flatMap(({ path: file }) => program.getSemanticDiagnostics(program.getSourceFile(file)));
  if (errors.length > 0) throw new Error(`every block must compile in TypeScript:\n${ts.formatDiagnostics(errors, HOST)}`);
  const types = new GoTypes(['cdk-production-lambda', 'aws-cdk-lib', 'constructs'].map(name => PACKAGES[name]));
  return new Map(all.map(block => [block.name, new GoFile(block, program.getSourceFile(block.path), program.getTypeChecker(), types).text()]));
}
