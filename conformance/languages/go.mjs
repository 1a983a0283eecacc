// The module, compiled into an app beside it.
import fs from 'node:fs';
import path from 'node:path';
import { appFolder, byVersion, FLOOR, generated, MANIFEST, published, readmeExample, run, works } from '../machine.mjs';

export const title = 'Go';
export const missing = async () => await works('go', ['version']) ? undefined : 'no Go';

const CDK = 'github.com/aws/aws-cdk-go/awscdk/v2';
const { moduleName, packageName } = MANIFEST.jsii.targets.go;

/** aws-cdk-lib takes minutes: go vet would read it again, and an optimisation is not needed. */
export const build = (cwd, ...args) => run('go', ['build', '-gcflags=all=-N -l', ...args], { cwd });

export async function app() {
  const library = path.join(await generated('go'), packageName);
  const cwd = appFolder('go');
  const manifest = path.join(library, 'go.mod');
  const replaced = [];
  for (const [line, module, version, indirect] of fs.readFileSync(manifest, 'utf8').matchAll(/^\t(\S+) (v\S+)( \/\/ indirect)?\n/gm)) {
    if (await works('go', ['list', '-m', `${module}@${version}`])) continue;
    // Dependencies of aws-cdk-lib only come with the version that the proxy has.
    if (indirect) fs.writeFileSync(manifest, fs.readFileSync(manifest, 'utf8').replace(line, ''));
    else replaced.push({ module, version, by: await newestServed(module, version) });
  }
  fs.writeFileSync(path.join(cwd, 'go.mod'), `module orders

go 1.25

require ${moduleName}/${packageName} v0.0.0

replace ${moduleName}/${packageName} v0.0.0 => ${library}
${replaced.map(({ module, version, by }) => `replace ${module} ${version} => ${module} ${by}\n`).join('')}`);
  fs.mkdirSync(path.join(cwd, 'readme'));
  fs.writeFileSync(path.join(cwd, 'readme', 'main.go'), readmeExample('go'));
  await run('go', ['mod', 'tidy'], { cwd });
  await build(cwd, '-o', 'bin/', './...');
  const cdk = (replaced.find(({ module }) => module === CDK)?.by ?? `v${FLOOR['aws-cdk-lib']}`).slice(1);
  const note = replaced.length === 0 ? undefined : `the registry here lacks ${replaced.map(({ module, version }) => `${module} ${version}`).join(', ')}`;
  return { cwd, cdk, note, synth: ['./bin/orders'], refused: ['./bin/orders', 'refused'], readme: ['./bin/readme'] };
}

/**
 * The newest version that the proxy has, if it lacks the wanted one: a proxy may lack releases.
 * The Go module of aws-cdk-lib is compared with the same version of the npm package, so both registries must have it.
 */
async function newestServed(module, version) {
  const inNpm = module === CDK ? new Set((await published('aws-cdk-lib@2')).map(v => `v${v}`)) : undefined;
  const listed = (await run('go', ['list', '-m', '-versions', module])).trim().split(' ').slice(1);
  const newest = listed.filter(v => /^v[\d.]+$/.test(v) && (inNpm?.has(v) ?? true)).sort(byVersion).at(-1);
  if (newest === undefined || byVersion(newest, version) < 0) {
    throw new Error(`${module} must be served at ${version} or above, got ${listed.join(', ') || 'nothing'}`);
  }
  return newest;
}
