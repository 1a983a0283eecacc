import { existsSync } from 'fs';
import { isAbsolute, relative, resolve, sep } from 'path';
import { fileURLToPath, pathToFileURL } from 'url';

/** The path from the root of the repository, which code scanning expects in every working directory. */
export function repositoryPath(template: string): string {
  const path = resolve(template);
  const isWithin = (relativePath: string) => !isAbsolute(relativePath) && relativePath.split(sep)[0] !== '..';
  return rootsOf().map(root => relative(root, path)).find(isWithin) ?? path;
}

export function uriOf(template: string): string {
  return uri(repositoryPath(template));
}

/** The path of a template from a folder. */
export function uriFrom(folder: string, template: string): string {
  return uri(relative(folder, template));
}

function uri(path: string): string {
  return isAbsolute(path) ? pathToFileURL(path).href : path.split(sep).map(encodeURIComponent).join('/');
}

/** Whether the file that `uriFrom` names exists. */
export function existsAt(folder: string, from: string): boolean {
  try {
    return existsSync(fileURLToPath(new URL(from, `${pathToFileURL(folder).href}/`)));
  } catch {
    return false; // not a path of this machine
  }
}

function rootsOf(): string[] {
  return [process.env.GITHUB_WORKSPACE ?? '', process.cwd()].filter(root => root !== '');
}
