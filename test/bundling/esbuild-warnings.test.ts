import { ModuleFormat, NodejsBundle, NodejsCode, type NodejsBundlingOptions } from '../../src/bundling';
import { BundledFunction, TestProject } from '../support/bundled-project';

afterAll(() => TestProject.removeAll());

const PAY = 'export const handler = async (name: string) => ';

function warnings(text: string, options: NodejsBundlingOptions = {}): string[] {
  const project = new TestProject({ 'pay.ts': `declare const require: any; ${text}`, 'words/de.ts': 'export const hello = "Hallo";' });
  project.writePackage('fonts', 'exports.a = 1;');
  return new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), options)).warnings().map(warning => warning.replace(/ \[ack: .*/, ''));
}

test.each<[string, string, string]>([
  ['import.meta that a CommonJS bundle does not have', `const { dirname } = import.meta; ${PAY} dirname + name;`,
    "the code uses 'import.meta' in a way that a CommonJS bundle does not have: in pay.ts:1; "
    + "use import.meta.url, import.meta.dirname or import.meta.filename, or set 'format' to ModuleFormat.ESM"],
  ['a file of a package that is resolved at run time', `${PAY} [name, require.resolve('fonts/a.ttf'), require.resolve('fonts/b.ttf')];`,
    "the code resolves files of packages, which the bundle does not contain: 'fonts/a.ttf' in pay.ts:1, 'fonts/b.ttf' in pay.ts:1; add the packages to 'nodeModules'"],
  ['an import by a computed name that no file has', `${PAY} (await import(\`./words/\${name}.js\`)).hello;`,
    "the code imports modules by a computed name of which no file has the extension: './words/*.js' in pay.ts:1; write the extension of the source files, such as .ts"],
])('%s is warned of', (_, text, message) => {
  expect(warnings(text)).toEqual([message]);
});

test.each<[string, string, NodejsBundlingOptions]>([
  ['import.meta in an ES module', `const { dirname } = import.meta; ${PAY} dirname + name;`, { format: ModuleFormat.ESM }],
  ['the properties of import.meta that a bundle has', `${PAY} [name, import.meta.url, import.meta.dirname, import.meta.filename];`, {}],
  ['a question that is false on Lambda', `if ((import.meta as any).main) console.log(1); ${PAY} name;`, {}],
  ['an import by a computed name that a file has', `${PAY} (await import(\`./words/\${name}.ts\`)).hello;`, {}],
])('%s is not warned of', (_, text, options) => {
  expect(warnings(text, options)).toEqual([]);
});

test('a handler has the warnings of its own files', () => {
  const project = new TestProject({ 'a.ts': `${PAY} name;`, 'b.ts': `const meta = import.meta; ${PAY} [name, meta];` });
  const bundle = NodejsBundle.fromEntries([project.path('a.ts'), project.path('b.ts')]);
  expect(['a', 'b'].map(name => new BundledFunction(bundle.code(name)).warnings().length)).toEqual([0, 1]);
});
