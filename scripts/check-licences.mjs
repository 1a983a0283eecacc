// The licences of the packages that the published packages contain: bundled dependencies of the library, and the packages inside
// the functions that it deploys and inside the command. Each must be one that allows redistribution with a notice.
import fs from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.join(import.meta.dirname, '..');
const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', '(MIT OR Apache-2.0)'];
const DEPLOYED = ['src/release/smoke-test-function/handler.ts', 'src/database/database-users-function/handler.ts', 'src/release/prune-versions-command/main.ts', 'src/checks/cli/main.ts'];

const read = (...parts) => JSON.parse(fs.readFileSync(path.join(ROOT, ...parts), 'utf8'));
const { inputs } = buildSync({ absWorkingDir: ROOT, entryPoints: DEPLOYED, outdir: 'unused', write: false, bundle: true, platform: 'node', mainFields: ['module', 'main'], metafile: true, logLevel: 'error' }).metafile;
const inside = Object.keys(inputs).map(name => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(name)?.[1]).filter(name => name !== undefined);
const bundled = read('package.json').bundledDependencies.map(name => `node_modules/${name}`);
const packages = [...new Set([...inside, ...bundled])].sort();
if (packages.length < bundled.length + 1) throw new Error('the functions must contain packages: the list of this script is wrong');

const refused = packages.map(folder => ({ folder, licence: read(folder, 'package.json').license })).filter(({ licence }) => !ALLOWED.includes(licence));
for (const { folder, licence } of refused) console.error(`the licence of ${folder} must be one of ${ALLOWED.join(', ')}, got ${licence}`);
console.log(`licences: ${packages.length} packages, ${refused.length} problems`);
process.exitCode = refused.length === 0 ? 0 : 1;
