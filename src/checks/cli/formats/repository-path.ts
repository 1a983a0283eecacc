import { isAbsolute, relative, resolve, sep } from 'path';
import { pathToFileURL } from 'url';

/** The path from the root of the repository, which code scanning expects in every working directory. */
export function repositoryPath(template: string): string {
  const path = resolve(template);
  const roots = [process.env.GITHUB_WORKSPACE ?? '', process.cwd()].filter(root => root !== '');
  const isWithin = (relativePath: string) => !isAbsolute(relativePath) && relativePath.split(sep)[0] !== '..';
  return roots.map(root => relative(root, path)).find(isWithin) ?? path;
}

export function uriOf(template: string): string {
  const path = repositoryPath(template);
  return isAbsolute(path) ? pathToFileURL(path).href : path.split(sep).map(encodeURIComponent).join('/');
}
