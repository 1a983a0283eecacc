import * as fs from 'node:fs';
import * as path from 'node:path';
import { packageName } from '../private/package-name';

/** The files and folders that a `tsconfig.json` or `jsconfig.json` adds to the resolution of imports. */
interface TsconfigReferences {
  /** The `package.json` files of the packages that it extends. */
  readonly manifests: string[];
  /** Each path at which a configuration that it extends can be. */
  readonly parents: string[];
  /** Whether it maps imports to other folders. */
  readonly hasAliases: boolean;
  /** The paths in the configuration, with the paths of aliases. Some do not exist. */
  readonly aliasFolders: string[];
}

/** Reads a configuration in JSON with comments. */
export function readTsconfig(file: string, text: string): TsconfigReferences {
  const folder = path.dirname(file);
  const json = withoutComments(text);
  const hasAliases = /"(paths|baseUrl|rootDirs)"\s*:/.test(json);
  const [, extended = ''] = /"extends"\s*:\s*("(?:\\.|[^"\\])*"|\[[^\]]*\])/.exec(json) ?? [];
  const found = literals(extended).map(parent => parentsOf(folder, parent));
  return {
    manifests: found.flatMap(({ manifests }) => manifests),
    parents: found.flatMap(({ parents }) => parents),
    hasAliases,
    aliasFolders: hasAliases ? foldersIn(folder, json) : [],
  };
}

/** Whether a file of configuration, or a file that it extends, sets an option to true. The nearest file takes precedence. */
export function hasCompilerOption(file: string, option: string, seen = new Set<string>()): boolean | undefined {
  if (seen.has(file)) return undefined;
  seen.add(file);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const own = new RegExp(`"${option}"\\s*:\\s*(true|false)`).exec(withoutComments(text));
  if (own) return own[1] === 'true';
  // Of several configurations, the last one takes precedence.
  return readTsconfig(file, text).parents.reverse().map(parent => hasCompilerOption(parent, option, seen)).find(value => value !== undefined);
}

/** The nearest `tsconfig.json` or `jsconfig.json`, as esbuild finds it. */
export function nearestTsconfig(folder: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const found = ['tsconfig.json', 'jsconfig.json'].map(name => path.join(at, name)).find(file => fs.existsSync(file));
    if (found !== undefined || at === path.dirname(at)) return found;
  }
}

function parentsOf(folder: string, parent: string): { manifests: string[]; parents: string[] } {
  if (parent.startsWith('.') || path.isAbsolute(parent)) return { manifests: [], parents: candidates(path.resolve(folder, parent)) };
  const name = packageName(parent);
  const found = { manifests: [] as string[], parents: [] as string[] };
  for (let at = folder; ; at = path.dirname(at)) {
    const modules = path.join(at, 'node_modules');
    const manifest = path.join(modules, name, 'package.json');
    found.manifests.push(manifest);
    found.parents.push(...candidates(path.join(modules, parent)), ...configurationsOf(manifest));
    if (at === path.dirname(at)) return found;
  }
}

function candidates(base: string): string[] {
  return [base, `${base}.json`, path.join(base, 'tsconfig.json')];
}

/** The JSON files that a package names in `tsconfig` or `exports`. */
function configurationsOf(manifest: string): string[] {
  let text: string;
  try {
    text = fs.readFileSync(manifest, 'utf8');
  } catch {
    return [];
  }
  return literals(text).filter(value => value.endsWith('.json')).map(value => path.join(path.dirname(manifest), value));
}

function foldersIn(folder: string, json: string): string[] {
  const folders = literals(json).map(text => {
    const [prefix] = text.split('*');
    const base = path.resolve(folder, prefix);
    return prefix.endsWith('/') || prefix === text ? base : path.dirname(base);
  });
  return [...new Set(folders)].filter(found => !found.split(path.sep).includes('node_modules'));
}

function withoutComments(text: string): string {
  return text.replace(/("(?:\\.|[^"\\])*")|\/\*[\s\S]*?\*\/|\/\/.*/g, '$1');
}

function literals(json: string): string[] {
  return [...json.matchAll(/"((?:\\.|[^"\\])*)"/g)].map(([, text]) => text.replace(/\\(.)/g, '$1'));
}
