// The packed tarball, installed as a user does, compiled with the declarations of every library checked.
import fs from 'node:fs';
import path from 'node:path';
import { appFolder, FLOOR, only, readmeExample, ROOT, run } from '../machine.mjs';

export const title = 'TypeScript';
export const missing = async () => undefined;
const VERSIONS = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')).devDependencies;

export async function app(cdk = FLOOR['aws-cdk-lib'], constructs = FLOOR.constructs) {
  const cwd = appFolder('typescript', `typescript-${cdk}`);
  fs.writeFileSync(path.join(cwd, 'package.json'), '{ "private": true }');
  await run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', `aws-cdk-lib@${cdk}`, `constructs@${constructs}`,
    `typescript@${VERSIONS.typescript}`, `@types/node@${VERSIONS['@types/node']}`, only(path.join(ROOT, 'dist', 'js'), /\.tgz$/)], { cwd });
  fs.writeFileSync(path.join(cwd, 'readme.ts'), readmeExample('ts nofixture'));
  await run('npx', ['--no-install', 'tsc'], { cwd });
  return { cwd, cdk, synth: ['node', 'app.js'], refused: ['node', 'refused.js'], readme: ['node', 'readme.js'] };
}
