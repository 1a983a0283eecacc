// Makes lib/index.js load each class when it is first used: an app that uses one construct does not load the CDK modules of all constructs.
// Run after jsii. TypeScript cannot express this, and jsii requires ordinary exports in the sources.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const lib = path.join(import.meta.dirname, '..', 'lib');
const index = path.join(lib, 'index.js');
const text = fs.readFileSync(index, 'utf8');
if (text.includes('__lazy')) process.exit(); // done already

const files = new Map();
for (const [, room] of text.matchAll(/^__exportStar\(require\("(\.\/[\w-]+)"\), exports\);$/gm)) {
  const source = fs.readFileSync(path.join(lib, room, 'index.js'), 'utf8');
  const modules = new Map([...source.matchAll(/^var (\w+) = require\("(\.\/[\w-]+)"\);$/gm)].map(([, variable, file]) => [variable, path.posix.join(room, file)]));
  for (const [, name, variable] of source.matchAll(/defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+)\.\w+; \} \}\);/g)) {
    files.set(name, `./${modules.get(variable)}`);
  }
}

const eager = require(index);
const missed = Object.keys(eager).filter(name => eager[name] !== require(path.join(lib, files.get(name) ?? 'index.js'))[name] || !files.has(name));
if (missed.length > 0 || files.size === 0) throw new Error(`the exports of lib/index.js cannot be made lazy: ${missed.join(', ') || 'none was found'}`);

fs.writeFileSync(index, `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
// The assignments declare the names for "import { … } from" in ES modules.
${[...files.keys()].map(name => `exports.${name} = void 0;`).join('\n')}
const __lazy = (name, load) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, get: () => load()[name] });
${[...files].map(([name, file]) => `__lazy("${name}", () => require("${file}"));`).join('\n')}
`);
