import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { foldersOfPackage, pathsInProject } from '../../src/bundling/project-paths';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'paths-'));
for (const folder of ['views', 'migrations', 'locales/de', 'lib/util', 'config']) fs.mkdirSync(path.join(root, folder), { recursive: true });
for (const file of ['views/a.pug', 'api.json', 'lib/pay.ts', 'lib/pay.js']) fs.writeFileSync(path.join(root, file), '');
afterAll(() => fs.rmSync(root, { recursive: true }));

const found = (text: string) => pathsInProject(text, root).map(({ path: one, isComputed }) => (isComputed ? `${one}…` : one));

test.each<[string, string]>([
  ["pug.renderFile('views/a.pug')", 'views/a.pug'],
  ['const TEMPLATE = `views/a.pug`;', 'views/a.pug'],
  ["protobuf.load('./api.json')", './api.json'],
  ["middleware({ apiSpec: './api.json' })", './api.json'],
  ["readMigrationFiles({ migrationsFolder: './migrations' })", './migrations'],
  ["readMigrationFiles({ migrationsFolder: 'migrations' })", 'migrations'],
  ["loadSync('pay.proto', { includeDirs: ['views'] })", 'views'],
  ["nunjucks.configure('views')", 'views'],
  ["app.set('views', 'views')", 'views'],
  ["new Umzug({ migrations: { glob: 'migrations/*.cjs' } })", 'migrations/…'],
  ["new DataSource({ entities: ['lib/**/*.js'] })", 'lib/…'],
  ["backend: { loadPath: './locales/{{lng}}/{{ns}}.json' }", './locales/…'],
  ['render(`views/${name}.pug`)', 'views/…'],
  ["const VIEWS: string = 'views'; read(path.join(VIEWS, `${name}.pug`));", 'views'],
  ["read(join(ROOT, 'views', 'a.pug'))", 'views/a.pug'],
  ["read(path.resolve(root(), 'views/a.pug'))", 'views/a.pug'],
])('%s is found', (text, expected) => {
  expect([...new Set(found(text))]).toEqual([expected]);
});

test.each<[string]>([
  ["import './views/a.pug';"], ["import a from './views/a.pug';"], ["import('./views/a.pug')"], ["require('./api.json')"], ["require.resolve('./api.json')"],
  ["new GetObjectCommand({ Bucket, Key: 'views/a.pug' })"], // a key of Amazon S3
  ["const logger = base.child({ file: 'lib/pay.ts' });"], // its code is in the bundle
  ["<img src='views/a.pug' />"],
  ["render('views/b.pug')"], // does not exist
  ["app.get('/views/a.pug', show)"], // the path of a URL
  ["fetch('https://example.com/views/a.pug')"],
  ["type View = 'views' | 'config';"],
  ["@Controller({ path: 'views' })"],
  ["const kind = 'views'; log(join(kinds, '-')); show(kind);"],
  ["metrics.namespace('lib/util')"], // a folder, which many names are equal to
])('%s is not found', text => {
  expect(found(text)).toEqual([]);
});

test('the folder that a package reads from the working directory is found, not one that tools of the development read', () => {
  expect(foldersOfPackage("const dir = Path.join( process.cwd(), 'config');", root)).toEqual(['config']);
  expect(foldersOfPackage("join(process.cwd(), 'lib'); join(process.cwd(), 'absent'); join(process.cwd(), 'api.json')", root)).toEqual([]);
  expect(foldersOfPackage("join(here, 'config')", root)).toEqual([]);
});
