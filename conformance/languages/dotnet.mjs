// The code is always generated, and compiled if an SDK is installed. There is no app, because no SDK was available to run one.
import fs from 'node:fs';
import path from 'node:path';
import { generated, run, works } from '../machine.mjs';

export const title = '.NET';

export async function check() {
  const project = path.join(await generated('dotnet'), 'CdkProductionLambda');
  const classes = fs.readdirSync(path.join(project, 'CdkProductionLambda')).filter(name => name.endsWith('.cs')).length;
  if (!fs.existsSync(path.join(project, 'CdkProductionLambda', 'ProductionFunction.cs'))) throw new Error(`${project} must hold ProductionFunction.cs`);
  if (!await works('dotnet', ['--version'])) return `${classes} files generated; not compiled: no .NET SDK here`;
  await run('dotnet', ['build', '--configuration', 'Release'], { cwd: project });
  return `${classes} files generated and compiled`;
}
