import * as fs from 'node:fs';
import { NodejsBundle, NodejsCode, type NodejsBundlingOptions } from '../../src/bundling';
import { EsbuildProcess } from '../../src/bundling/esbuild-process';
import { BundledFunction, settled, TestProject } from '../support/bundled-project';

const build = jest.spyOn(EsbuildProcess.prototype, 'build');
afterAll(() => TestProject.removeAll());

const HANDLER = 'export const handler = async () => require("node:fs").readFileSync(`${process.cwd()}/mail/a.txt`, "utf8");';
const project = () => new TestProject({ 'pay.ts': HANDLER, 'templates/a.txt': 'one', 'templates/deep/index.js': 'module.exports = 1;' });
const bundle = (made: TestProject, files: NodejsBundlingOptions['files']) => new BundledFunction(NodejsCode.fromEntry(made.path('pay.ts'), { files }));

test('files and folders are in the package at their paths', () => {
  const made = project();
  const fn = bundle(made, { 'mail': made.path('templates'), 'certificates/root.pem': made.path('templates/a.txt') });
  expect(fn.files()).toEqual(['certificates', 'certificates/root.pem', 'index.js', 'mail', 'mail/a.txt', 'mail/deep', 'mail/deep/index.js']);
  expect(fn.run()).toBe('one');
});

test('every handler of a bundle has them', () => {
  const made = project();
  made.write({ 'handlers/a.ts': HANDLER, 'handlers/b.ts': HANDLER });
  const handlers = NodejsBundle.fromDirectory(made.path('handlers'), { files: { mail: made.path('templates') } });
  expect(handlers.names.map(name => new BundledFunction(handlers.code(name)).run())).toEqual(['one', 'one']);
});

test.each<[string, (made: TestProject) => void]>([
  ['content', made => made.write({ 'templates/a.txt': 'two' })],
  ['new file', made => made.write({ 'templates/b.txt': '' })],
  ['name', made => fs.renameSync(made.path('templates/deep'), made.path('templates/deeper'))],
])('a changed %s changes the package', async (_, change) => {
  const made = project();
  const synth = () => bundle(made, { mail: made.path('templates') }).assetKey;
  await settled();
  const before = synth();
  build.mockClear();
  expect(synth()).toBe(before);
  expect(build).not.toHaveBeenCalled();
  change(made);
  expect(synth()).not.toBe(before);
});

test('a modified copy in the cache is not used', async () => {
  const made = project();
  await settled();
  bundle(made, { mail: made.path('templates') });
  const handlers = made.path('node_modules/.cache/cdk-production-lambda/handlers');
  fs.writeFileSync(`${handlers}/${fs.readdirSync(handlers)[0]}/mail/a.txt`, 'changed');
  expect(bundle(made, { mail: made.path('templates') }).run()).toBe('one');
});

test.each(['', '.', '..', '../x', '/x', 'a/../b', 'a/', 'index.js', 'index.mjs.map', 'node_modules', 'node_modules/x', 'a\\b'])('fails when the path is %j', target => {
  const made = project();
  expect(() => bundle(made, { [target]: made.path('templates') }))
    .toThrow(`'files' must have paths in the package beside index.js and node_modules, got '${target}'; write it as templates or templates/mail.html (at Stack/Fn)`);
});

test('fails when a source does not exist', () => {
  expect(() => bundle(project(), { mail: 'absent' }))
    .toThrow("'files' must name existing files or folders, got 'absent'; set a path that is absolute or relative to the working directory of the app (at Stack/Fn)");
});
