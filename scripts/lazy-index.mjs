// Makes lib/index.js and the indexes of the rooms load each file when its first export is used: an app that uses one construct does not load
// the CDK modules of all constructs. Run after jsii. TypeScript cannot express this, and jsii requires ordinary exports in the sources.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const lib = path.join(import.meta.dirname, '..', 'lib');
const index = path.join(lib, 'index.js');
const text = fs.readFileSync(index, 'utf8');
if (text.includes('__lazy')) process.exit(); // done already

/** By room: the file that each export comes from. */
const rooms = new Map(fs.readdirSync(lib).filter(room => fs.existsSync(path.join(lib, room, 'index.js'))).map(room => [`./${room}`, exportsOf(room)]));
const inRooms = [...text.matchAll(/^__exportStar\(require\("(\.\/[\w-]+)"\), exports\);$/gm)].map(([, room]) => room);
rooms.set('.', new Map(inRooms.flatMap(room => [...rooms.get(room)].map(([name, file]) => [name, `${room}/${path.posix.basename(file)}`]))));

for (const [room, files] of rooms) {
  const eager = require(path.join(lib, room));
  const missed = Object.keys(eager).filter(name => !files.has(name) || eager[name] !== require(path.join(lib, room, files.get(name)))[name]);
  if (missed.length > 0 || files.size === 0) throw new Error(`the exports of lib/${room}/index.js cannot be made lazy: ${missed.join(', ') || 'none was found'}`);
}
for (const [room, files] of rooms) {
  fs.writeFileSync(path.join(lib, room, 'index.js'), `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
// The assignments declare the names for "import { … } from" in ES modules.
${[...files.keys()].map(name => `exports.${name} = void 0;`).join('\n')}
const __lazy = (name, load) => Object.defineProperty(exports, name, {
    enumerable: true, configurable: true,
    get: () => {
        const value = load()[name];
        if (value !== undefined) Object.defineProperty(exports, name, { enumerable: true, configurable: true, value });
        return value;
    },
});
${[...files].map(([name, file]) => `__lazy("${name}", () => require("${file}"));`).join('\n')}
`);
}

// An index below a room is loaded as a whole, and a getter would be called at each use of what it exports.
for (const file of fs.readdirSync(lib, { recursive: true }).filter(name => /[\\/].+[\\/]index\.js$/.test(name)).map(name => path.join(lib, name))) {
  const source = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, source.replace(/^Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+\.\w+); \} \}\);$/gm, 'exports.$1 = $2;'));
}

// Other files load what they import when they first use it, as the files of the CDK do. The checks use all of their files at each run.
for (const room of fs.readdirSync(lib).filter(name => !['checks', 'report'].includes(name) && fs.statSync(path.join(lib, name)).isDirectory())) {
  for (const name of fs.readdirSync(path.join(lib, room)).filter(file => file.endsWith('.js') && file !== 'index.js')) {
    const file = path.join(lib, room, name);
    fs.writeFileSync(file, withLazyImports(fs.readFileSync(file, 'utf8'), file));
  }
}

/**
 * A compiled file whose imports are loaded when they are first used. The modules of Node.js are loaded already, and TypeScript would copy each
 * into an object of its own.
 */
function withLazyImports(source, file) {
  let text = source.replace(/__importStar\((require\("node:[\w/]+"\))\)/g, '$1');
  for (const [line, name, from] of text.matchAll(/^const (\w+_\d+) = (require\("[^"]+"\));$/gm)) {
    const [before, after] = text.split(line);
    const uses = after.replace(new RegExp(`\\b${name}\\.`, 'g'), `(${name}()).`);
    if (new RegExp(`\\b${name}\\b(?!\\(\\)\\)\\.)`).test(before + uses)) throw new Error(`${file} uses ${name} otherwise than by a member`);
    text = `${before}let ${name} = () => { const loaded = ${from}; ${name} = () => loaded; return loaded; };${uses}`;
  }
  return text;
}

function exportsOf(room) {
  const source = fs.readFileSync(path.join(lib, room, 'index.js'), 'utf8');
  const modules = new Map([...source.matchAll(/^var (\w+) = require\("(\.\/[\w-]+)"\);$/gm)].map(([, variable, file]) => [variable, file]));
  const getters = source.matchAll(/defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+)\.\w+; \} \}\);/g);
  return new Map([...getters].map(([, name, variable]) => [name, modules.get(variable)]));
}
