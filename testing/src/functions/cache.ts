import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** node_modules/.cache of the project: of the folder above the working directory that has a package.json. */
export function cacheFolder(start = process.cwd()): string {
  let folder = start;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  const root = existsSync(join(folder, 'package.json')) ? folder : start;
  return join(root, 'node_modules', '.cache', 'cdk-production-lambda-testing');
}
