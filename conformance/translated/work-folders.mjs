// The folders in which blocks run: with the handlers and documents that they name.
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, WORK } from '../machine.mjs';

const JAVASCRIPT = 'export const handler = async () => ({ statusCode: 200 });\n';
const PYTHON = 'def handler(event, context):\n    return {"statusCode": 200}\n';
const OPENAPI = '{"openapi":"3.1.0","paths":{"/payments":{"post":{"operationId":"takePayment"}}}}';

/** Blocks with one bundle of all handlers have a folder of their own: the others have handlers in every language. */
export const groupOf = ({ code }) => /\b(Nodejs|Python)Bundle\b/.exec(code)?.[1] ?? 'plain';

/** A folder with what the blocks of one group name. */
export function workFolder(language, group, blocks) {
  const folder = path.join(WORK, 'examples', language, group);
  fs.mkdirSync(folder, { recursive: true });
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  fs.writeFileSync(path.join(folder, 'package-lock.json'), '{}');
  for (const { code } of blocks) for (const asset of assetsOf(code, group)) write(path.join(folder, asset));
  return folder;
}

function assetsOf(code, group) {
  const named = [...code.matchAll(/(?:fromAsset|fromEntry|fromFile|PythonCode\.fromDirectory)\('([^']+)'/g)].map(([, name]) => name);
  const classes = [...code.matchAll(/'([\w.]+)::\w+'/g)].map(([, name]) => `handlers/quote/${name.replaceAll('.', '/')}.class`);
  const bundled = [...code.matchAll(/\.code\('([^']+)'\)/g)].map(([, name]) => `handlers/${name}.${group === 'Python' ? 'py' : 'ts'}`);
  return [...named, ...classes, ...bundled];
}

function write(place) {
  if (/\.\w+$/.test(place)) {
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.writeFileSync(place, place.endsWith('.json') ? OPENAPI : place.endsWith('.py') ? PYTHON : JAVASCRIPT);
  } else {
    write(path.join(place, 'index.js'));
    write(path.join(place, 'app.py'));
  }
}

/** The templates in a folder by their path. The keys are sorted: Python passes the props of a struct in an order of its own. */
export function templatesIn(folder) {
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.template.json')).sort();
  return new Map(files.map(name => [name, JSON.stringify(sorted(JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'))), undefined, 1)]));
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map(key => [key, sorted(value[key])]));
}
