import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import * as ts from 'typescript';

const SRC = join(__dirname, '..', '..', 'src');
const FILES = readdirSync(SRC, { recursive: true }).map(String).filter(file => file.endsWith('.ts')).map(file => file.replaceAll('\\', '/'));

interface Import {
  readonly to: string;
  readonly typeOnly: boolean;
}

/** The files of src that a file imports or exports from; an import of types alone does not exist at run time. */
function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(join(SRC, file), 'utf8'), ts.ScriptTarget.Latest);
  return source.statements.flatMap(statement => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const to = statement.moduleSpecifier && ts.isStringLiteral(statement.moduleSpecifier) ? resolve(file, statement.moduleSpecifier.text) : undefined;
    return to === undefined ? [] : [{ to, typeOnly: isTypeOnly(statement) }];
  });
}

function isTypeOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) {
    const { isTypeOnly: all, exportClause } = statement;
    return all || (exportClause !== undefined && ts.isNamedExports(exportClause) && exportClause.elements.every(element => element.isTypeOnly));
  }
  const { importClause } = statement;
  if (!importClause) return false;
  const { namedBindings, name, isTypeOnly: all } = importClause;
  const named = namedBindings !== undefined && ts.isNamedImports(namedBindings) ? namedBindings.elements : undefined;
  return all || (name === undefined && named !== undefined && named.every(element => element.isTypeOnly));
}

function resolve(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const base = relative(SRC, join(SRC, dirname(from), specifier)).replaceAll('\\', '/');
  const found = [`${base}.ts`, `${base}/index.ts`, 'index.ts'].find(file => FILES.includes(file));
  if (found === undefined) throw new Error(`${from} imports ${specifier}, which is not a file of src`);
  return found;
}

/** The groups of files that import each other in a circle (strongly connected components), each sorted. */
function circles(edges: Map<string, string[]>): string[][] {
  const index = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string) => {
    index.set(file, index.size);
    lowest.set(file, index.get(file)!);
    stack.push(file);
    for (const next of edges.get(file) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!));
    }
    if (lowest.get(file) !== index.get(file)) return;
    const group = stack.splice(stack.indexOf(file)).sort();
    if (group.length > 1) found.push(group);
  };
  for (const file of edges.keys()) if (!index.has(file)) visit(file);
  return found.sort();
}

const IMPORTS = new Map(FILES.map(file => [file, importsOf(file)]));
const edges = (keep: (each: Import) => boolean) => new Map([...IMPORTS].map(([file, all]) => [file, all.filter(keep).map(({ to }) => to)]));

test('no files import each other in a circle at run time', () => {
  expect(circles(edges(({ typeOnly }) => !typeOnly))).toEqual([]);
});

/** Objects that refer to each other: a template and its resources, and a function with its callers and event sources. */
const OBJECT_GRAPHS = [
  ['app-graph', 'condition-scenarios', 'fields', 'resolver', 'resource', 'template-graph', 'value'],
  ['callers', 'event-source', 'function-target', 'lambda-function'],
];

test('only the object graphs of the checks have circles of type imports', () => {
  expect(circles(edges(() => true))).toEqual(OBJECT_GRAPHS.map(group => group.map(name => `checks/graph/${name}.ts`)));
});

test('the circles are found', () => {
  const graph = new Map([['a', ['b']], ['b', ['c']], ['c', ['a', 'd']], ['d', []], ['e', ['f']], ['f', ['e']]]);
  expect(circles(graph)).toEqual([['a', 'b', 'c'], ['e', 'f']]);
});
