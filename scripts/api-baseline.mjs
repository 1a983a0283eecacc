// Writes api/: the public API that `npm run compat` compares the next one with. Run after jsii, and only to accept a change.
import fs from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const assembly = JSON.parse(fs.readFileSync(path.join(root, '.jsii'), 'utf8'));
if (assembly.schema === 'jsii/file-redirect') throw new Error('.jsii must be the assembly itself, got a redirect; compile without --compress-assembly');

/** Texts and places, which are not API; marks of stability and deprecation remain. */
function withoutTexts(value) {
  if (Array.isArray(value)) return value.map(withoutTexts);
  if (value === null || typeof value !== 'object') return value;
  const { locationInModule, symbolId, docs, ...rest } = value;
  const marks = docs && Object.fromEntries(['stability', 'deprecated'].filter(key => docs[key] !== undefined).map(key => [key, docs[key]]));
  return { ...Object.fromEntries(Object.entries(rest).map(([key, part]) => [key, withoutTexts(part)])), ...marks && Object.keys(marks).length > 0 && { docs: marks } };
}

const { readme, metadata, types, dependencyClosure, ...rest } = assembly; // the closure lists every module of the CDK
const names = Object.keys(types).sort();
const head = JSON.stringify({ ...rest, fingerprint: '*' }, undefined, 1).replace(/\n\}$/, '');
// One line for each type, so that a diff names the changed types.
const text = `${head},\n "types": {\n${names.map(name => `  ${JSON.stringify(name)}: ${JSON.stringify(withoutTexts(types[name]))}`).join(',\n')}\n }\n}\n`;

const { name, version, peerDependencies, main, types: declarations, jsii } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const api = path.join(root, 'api');
fs.mkdirSync(api, { recursive: true });
fs.writeFileSync(path.join(api, '.jsii'), text);
fs.writeFileSync(path.join(api, 'package.json'), `${JSON.stringify({ name, version, private: true, main, types: declarations, peerDependencies, jsii }, undefined, 2)}\n`);
console.log(`api/.jsii: ${names.length} types`);
