// mypy --strict and pyright on the line that adds the checks to an app in Python.
import fs from 'node:fs';
import path from 'node:path';
import { run } from '../machine.mjs';

const PYRIGHT = 'pyright@1.1.414';

/** mypy reads aws_cdk itself and not its 350 modules for services, of which the line uses none: 5 seconds instead of 150. */
export async function types({ cwd, python }) {
  await run(python, ['-m', 'pip', 'install', '--quiet', 'mypy==2.4.1']);
  const [site] = (await run(python, ['-c', 'import aws_cdk, os; print(os.path.dirname(aws_cdk.__file__))'])).trim().split('\n');
  const services = fs.readdirSync(site, { withFileTypes: true }).filter(each => each.isDirectory() && !each.name.startsWith('_')).map(({ name }) => `aws_cdk.${name}`);
  const config = path.join(cwd, 'mypy.ini');
  fs.writeFileSync(config, `[mypy]\nstrict = True\n[mypy-${services.join(',')}]\nfollow_imports = skip\n`);
  await run(python, ['-m', 'mypy', '--config-file', config, '--cache-dir', path.join(cwd, 'mypy-cache'), 'plugin.py'], { cwd });
  await run('npx', ['--yes', '--package', PYRIGHT, 'pyright', '--pythonpath', python, 'plugin.py'], { cwd });
  return 'mypy --strict and pyright accept the line that adds ProductionChecks';
}
