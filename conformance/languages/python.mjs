// The wheel, installed in a virtual environment.
import fs from 'node:fs';
import path from 'node:path';
import { appFolder, FLOOR, only, readmeExample, ROOT, run, WORK, works } from '../machine.mjs';

export const title = 'Python';
export const missing = async () => await works('python3', ['-c', 'import venv, sys; sys.exit(sys.version_info < (3, 10))']) ? undefined : 'no Python 3.10 with venv';

export async function app() {
  const cwd = appFolder('python');
  const venv = path.join(WORK, 'venv');
  const python = path.join(venv, 'bin', 'python');
  await run('python3', ['-m', 'venv', venv]);
  await run(python, ['-m', 'pip', 'install', '--quiet', `aws-cdk-lib==${FLOOR['aws-cdk-lib']}`, `constructs==${FLOOR.constructs}`,
    only(path.join(ROOT, 'dist', 'python'), /^cdk_production_lambda-.*\.whl$/)], { cwd });
  fs.writeFileSync(path.join(cwd, 'readme.py'), readmeExample('python'));
  const command = name => [path.join(venv, 'bin', name)];
  return { cwd, python, cdk: FLOOR['aws-cdk-lib'], command, synth: [python, 'app.py'], refused: [python, 'refused.py'], readme: [python, 'readme.py'] };
}
