import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { findRuntimeReferences } from '../../src/bundling/runtime-references';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'references-'));
fs.mkdirSync(path.join(root, 'handlers', 'data'), { recursive: true });
fs.mkdirSync(path.join(root, 'templates'));
for (const file of ['handlers/data/a.txt', 'handlers/worker.ts', 'handlers/sql.wasm', 'templates/a.html', 'run.js']) fs.writeFileSync(path.join(root, file), '');
afterAll(() => fs.rmSync(root, { recursive: true }));

const found = (text: string, workingDirectory?: string) => findRuntimeReferences(path.join(root, 'handlers', 'pay.ts'), text, workingDirectory)
  .map(({ kind, what }) => `${kind} ${what}`);

test.each<[string, string]>([
  ["const dir = __dirname; read(join(dir, 'data/a.txt'));", 'file data/a.txt'],
  ["const here = __dirname; const dir = path.join(here, 'data'); read(`${dir}/a.txt`);", 'file data/a.txt'],
  ["const here = dirname(fileURLToPath(import.meta.url)); read(here + '/data/a.txt');", 'file /data/a.txt'],
  ["const here = fileURLToPath(new URL('.', import.meta.url)); read(here + 'data/a.txt');", 'file data/a.txt'],
  ["read(join(__filename, '../data/a.txt'));", 'file data/a.txt'],
  ["read([__dirname, 'data', 'a.txt'].join('/'));", 'file data/a.txt'],
  ["read(__dirname.concat('/data/a.txt'));", 'file /data/a.txt'],
  ["new Worker(resolve(__dirname, './worker.js'));", 'file ./worker.js'],
  ["fork(require.resolve('./worker'));", 'file ./worker'],
  ['readdirSync(__dirname)', 'computed readdirSync(__dirname)'],
  ["require('./data/' + name)", 'computed ./data/'],
  ["new URL('./data/' + name, import.meta.url)", "computed './data/' + name"],
  ["const here = import.meta.url; new URL('data/a.txt', here);", 'file data/a.txt'],
  ["const load = createRequire(import.meta.url); load('./data/a.txt');", 'file ./data/a.txt'],
  ["globSync('*.txt', { cwd: __dirname })", 'computed cwd: __dirname'],
  ["const here = join(__dirname, 'data'); new Liquid({ root: here });", 'computed root: here'],
  ["read(__filename.replace('index.js', 'a.txt'))", 'computed __filename.replace'],
  ["register('./worker.js', import.meta.url)", 'file ./worker.js'],
  ["eval('require')('./data/a.txt')", 'file ./data/a.txt'],
  ["scriptDirectory = __dirname + '/'; locateFile('sql.wasm');", 'file sql.wasm'],
])('%s is found', (text, expected) => {
  expect(found(text)).toContain(expected);
});

test.each<[string]>([
  ["readFileSync('templates/a.html')"], ["join(process.cwd(), 'templates/a.html')"], ["join(process.env.LAMBDA_TASK_ROOT!, 'templates', 'a.html')"],
])('%s is found for a module of the project only', text => {
  expect(found(text, root)).toEqual(['file templates/a.html']);
  expect(found(text)).toEqual([]);
});

test.each<[string, string]>([
  ['readFileSync(`templates/a.html`)', 'file templates/a.html'],
  ['readFileSync(`templates/${name}.html`)', 'computed templates/'],
  ["existsSync('templates')", 'file templates'],
  ["process.loadEnvFile('run.js')", 'file run.js'],
  ["new Worker('./run.js')", 'file ./run.js'],
  ["execFileSync('node', ['run.js'])", 'file run.js'],
  ["path.resolve('templates', 'a.html')", 'file templates/a.html'],
  ["import { join, resolve } from 'node:path'; read(resolve('templates/a.html'));", 'file templates/a.html'],
  ["const { resolve } = require('path'); read(resolve('templates/a.html'));", 'file templates/a.html'],
  ["readFileSync(join('templates', 'a.html'))", 'file templates/a.html'],
  ["let dir; dir = __dirname; read(join(dir, 'data/a.txt'));", 'file data/a.txt'],
  ["read(__dirname, 'data/a.txt')", 'file data/a.txt'],
])('%s is found for a module of the project', (text, expected) => {
  expect(found(text, root)).toEqual([expected]);
  expect(found(text)).toEqual([]);
});

test.each<[string]>([
  ["new Promise(resolve => resolve('templates/a.html'))"], ["Promise.resolve('templates/a.html')"], ["import { join } from 'path'; resolve('templates/a.html');"],
  ["key(join('templates', 'a.html'))"], ["path.resolve('.')"], ["path.resolve('templates/none.html')"], ['print(__dirname + typeof name)'],
  ["new Worker('templates')"], ["door.open('templates')"], ['readFileSync(`${name}/templates/a.html`)'], ['readFileSync(`./${name}`)'],
  ["new URL('https://' + host, base)"], ["const d = import.meta.url; new URL('data/a.txt', d);"], ["join(__dirname); locateFile('other.wasm');"],
])('%s is no file of the project', text => {
  expect(found(text, root)).toEqual([]);
});

test.each<[string]>([['const d = __dirname; const e = d + name;'], ["require('./data/' + name + '.json')"], ['join(process.cwd(), name)']])('%s is not found', text => {
  expect(found(text, root)).toEqual([]);
});

describe('of a package', () => {
  test.each<[string, string]>([
    ['module.exports = () => require("path").resolve(__dirname)', 'computed __dirname'],
    ['exports.root = __dirname;', 'computed __dirname'],
    ['exports.folder = () => __dirname;', 'computed __dirname'],
    ['const load = name => require(name); exports.get = name => load("./data/" + name);', 'computed ./data/'],
    ['const load = name => require(name); exports.get = name => load(`./${name}`);', 'computed ./'],
  ])('%s is found', (text, expected) => {
    expect(found(text)).toEqual([expected]);
  });

  test.each<[string]>([
    ['exports.run = () => { if (typeof __dirname === "undefined") return; };'], // no value
    ['exports.get = name => log("./data/" + name);'], // calls no require
    ["join(__dirname, 'run.exe')"],
    ["render('templates/a.html')"], // a path of the project
  ])('%s is not found', text => {
    fs.writeFileSync(path.join(root, 'handlers', 'run.exe'), '');
    expect(found(text)).toEqual([]);
  });
});

test('a text of any length is read', () => {
  const long = 'x'.repeat(9 * 1024 * 1024);
  expect(found(`const text = "${long}"; read(join(__dirname, 'data/a.txt'));`, root)).toEqual(['file data/a.txt']);
});

test('code between two backticks of regular expressions is no text', () => {
  expect(found(`const a = /\`/; ${'run(1);'.repeat(500)} read(join(__dirname, 'data/a.txt')); const b = /\`/;`, root)).toEqual(['file data/a.txt']);
});
