// The packed tarball, installed as a user does, compiled with the declarations of every library checked.
import fs from 'node:fs';
import path from 'node:path';
import { appFolder, FLOOR, MANIFEST, only, published, readmeExample, ROOT, run } from '../machine.mjs';

export const title = 'TypeScript';
export const missing = async () => undefined;

const apps = new Map();
/** The app with one version of aws-cdk-lib: the lowest of constructs with the lowest of it, else the newest of both. */
export function app(cdk = FLOOR['aws-cdk-lib']) {
  if (!apps.has(cdk)) apps.set(cdk, install(cdk));
  return apps.get(cdk);
}

async function install(cdk) {
  const { devDependencies } = MANIFEST;
  const constructs = cdk === FLOOR['aws-cdk-lib'] ? FLOOR.constructs : (await published('constructs@10')).at(-1);
  const cwd = appFolder('typescript', `typescript-${cdk}`);
  fs.writeFileSync(path.join(cwd, 'package.json'), '{ "private": true }');
  await run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', `aws-cdk-lib@${cdk}`, `constructs@${constructs}`,
    `typescript@${devDependencies.typescript}`, `@types/node@${devDependencies['@types/node']}`, only(path.join(ROOT, 'dist', 'js'), /\.jsii\.tgz$/)], { cwd });
  fs.writeFileSync(path.join(cwd, 'readme.ts'), readmeExample('ts nofixture'));
  await run('npx', ['--no-install', 'tsc'], { cwd });
  const command = name => ['npx', '--no-install', '--package', MANIFEST.name, name];
  return { cwd, cdk, constructs, command, synth: ['node', 'app.js'], refused: ['node', 'refused.js'], readme: ['node', 'readme.js'] };
}
