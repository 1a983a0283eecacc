import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { otherVersions } from '../../src/bundling/other-versions';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'versions-'));
afterAll(() => fs.rmSync(root, { recursive: true }));

function write(folder: string, version: string): void {
  fs.mkdirSync(path.join(root, folder), { recursive: true });
  fs.writeFileSync(path.join(root, folder, 'package.json'), JSON.stringify({ version }));
}

write('node_modules/debug', '3.2.7');
write('node_modules/sharp', '0.33.1');
write('node_modules/@acme/a', '1.2.0');
write('packages/pay/node_modules/debug', '4.3.4');

const found = (source: string, specifier: string, installed: string[], external = true) => otherVersions(
  [source], { inputs: { [source]: { imports: [{ path: specifier, external }] } } }, installed, root,
).map(({ message }) => message);

test('code that expects another version of an installed package is named', () => {
  expect(found('packages/lib/index.ts', 'debug/src/node', ['debug@4.3.4'])).toEqual([
    "'nodeModules' contain one version of each package, and code in the bundle expects another: 'debug' 4.3.4 instead of 3.2.7 in packages/lib/index.ts; use one version in the project, or leave the package out of 'nodeModules' to bundle both",
  ]);
  expect(found('lib.ts', 'sharp', ['sharp@0.34.0'])).toHaveLength(1);
  expect(found('lib.ts', '@acme/a', ['@acme/a@2.0.0'])).toHaveLength(1);
});

test.each<[string, string, string, string[], boolean]>([
  ['the version of its workspace', 'packages/pay/index.ts', 'debug', ['debug@4.3.4'], true],
  ['a version with compatible changes', 'lib.ts', 'debug', ['debug@3.9.0', 'debug/node_modules/ms@1.0.0'], true],
  ['a package that is bundled', 'lib.ts', 'debug', ['debug@4.3.4'], false],
  ['a package that is not installed beside the bundle', 'lib.ts', 'debug', ['sharp@0.33.1'], true],
  ['a package that the project does not contain', 'lib.ts', 'absent', ['absent@1.0.0'], true],
  ['a module of Node.js', 'lib.ts', 'node:fs', ['debug@4.3.4'], true],
])('nothing is reported for %s', (_, source, specifier, installed, external) => {
  expect(found(source, specifier, installed, external)).toEqual([]);
});
