import * as fs from 'node:fs';
import * as path from 'node:path';
import { refuse } from '../private/validation';

const HANDLER = /^(?!.*\.(d|test|spec)\.)[^._].*\.[cm]?[jt]sx?$/;
const EXTENSION = /\.[cm]?[jt]sx?$/;
const RELATIVE = 'set a path that is absolute or relative to the working directory of the app';

/** Throws an error if an entry is not an existing file. */
export function validateEntryFile(at: string, prop: string, entry: string): void {
  if (fs.statSync(entry, { throwIfNoEntry: false })?.isFile()) return;
  refuse(at, `'${prop}' must be an existing file, got '${entry}'; ${RELATIVE}`);
}

/** The handler files of a folder. */
export function entriesInDirectory(at: string, directory: string): string[] {
  if (!fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    refuse(at, `'directory' must be an existing folder, got '${directory}'; ${RELATIVE}`);
  }
  const files = fs.readdirSync(directory, { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1).flatMap(entry => {
    const file = path.join(directory, entry.name);
    if (!entry.isDirectory()) return HANDLER.test(entry.name) ? [file] : [];
    const index = fs.readdirSync(file).find(name => /^index\.[cm]?[jt]sx?$/.test(name));
    return index !== undefined && /^[^._]/.test(entry.name) && entry.name !== 'node_modules' ? [path.join(file, index)] : [];
  });
  if (files.length === 0) {
    refuse(at, `'directory' must contain at least one handler, got none in '${directory}'; `
      + 'add a .ts or .js file, or a folder with an index.ts');
  }
  return files;
}

/**
 * The handler files by name: the name of the file without its extension, or the name of the folder of an `index` file.
 */
export function entriesByName(at: string, entries: readonly string[]): Map<string, string> {
  if (entries.length === 0) {
    refuse(at, "'entries' must contain at least one handler, got none; add the file of a handler");
  }
  const byName = new Map<string, string>();
  for (const entry of entries) {
    validateEntryFile(at, 'entries', entry);
    const file = path.resolve(entry);
    const stem = path.basename(file).replace(EXTENSION, '');
    const name = stem === 'index' ? path.basename(path.dirname(file)) : stem;
    if (byName.has(name)) {
      refuse(at, "'entries' must have unique names, "
        + `got '${name}' from '${path.relative('', byName.get(name)!)}' and '${entry}'; rename one, or use two bundles`);
    }
    byName.set(name, file);
  }
  return byName;
}
