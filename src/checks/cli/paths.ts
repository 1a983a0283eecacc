import { existsSync, readdirSync, statSync } from 'fs';
import { posix, resolve } from 'path';
import { globToRegExp, isGlob } from '../engine/glob';
import { NotATemplate } from '../engine/load';

const TEMPLATE = /\.(json|ya?ml|template)$/;
const SYNTH = 'run cdk synth first, or pass the paths of templates';
/** Folders that contain no templates of the project itself. */
const SKIPPED = /^(\.(?!aws-sam$).*|node_modules|asset\..*)$/;

/** The inputs that the paths of the command line name. */
export interface Inputs {
  /** Cloud assemblies. Each is an app of its own. */
  readonly assemblies: string[];
  /** Templates that must be readable, because the command line names them. `-` is standard input. */
  readonly templates: string[];
  /** Files of a folder or a pattern, which may be other documents than templates. */
  readonly candidates: string[];
  /** The paths and patterns that name nothing. */
  readonly missing: NotATemplate[];
}

/** Resolves files, folders, cloud assemblies and patterns such as `services/**` + `/template.yaml`. */
export function resolvePaths(paths: string[]): Inputs {
  const inputs: Inputs = { assemblies: [], templates: [], candidates: [], missing: [] };
  for (const path of paths) {
    if (path === '-') inputs.templates.push(path);
    else if (existsSync(path)) addExisting(path, inputs);
    else if (isGlob(path)) addMatches(path, inputs);
    else inputs.missing.push(notFound(path));
  }
  const named = new Set(inputs.templates.map(path => resolve(path)));
  return {
    assemblies: unique(inputs.assemblies),
    templates: unique(inputs.templates),
    candidates: unique(inputs.candidates).filter(path => !named.has(resolve(path))),
    missing: inputs.missing,
  };
}

function notFound(path: string): NotATemplate {
  if (path === '') return new NotATemplate('a path must not be empty; pass a path, or none for cdk.out');
  return new NotATemplate(`${path} does not exist; ${path === 'cdk.out' ? SYNTH : 'correct the path'}`);
}

/** The first of the paths that name the same file. */
function unique(paths: string[]): string[] {
  return [...new Map(paths.map(path => [resolve(path), path] as const).reverse()).values()].reverse();
}

function addExisting(path: string, inputs: Inputs): void {
  if (!statSync(path).isDirectory()) inputs.templates.push(path);
  else if (existsSync(posix.join(path, 'manifest.json'))) inputs.assemblies.push(path);
  else walk(path, inputs);
}

function addMatches(pattern: string, inputs: Inputs): void {
  const segments = pattern.split('/');
  const fixed = segments.slice(0, segments.findIndex(isGlob)).join('/');
  const root = fixed === '' ? (pattern.startsWith('/') ? '/' : '.') : fixed;
  const expression = globToRegExp(posix.normalize(pattern));
  const found: Inputs = { assemblies: [], templates: [], candidates: [], missing: [] };
  if (existsSync(root)) walk(root, found, path => expression.test(path));
  if (found.assemblies.length + found.candidates.length === 0) {
    inputs.missing.push(new NotATemplate(`${pattern} matches no template and no cloud assembly`));
  }
  inputs.assemblies.push(...found.assemblies);
  inputs.candidates.push(...found.candidates);
}

function walk(folder: string, inputs: Inputs, matches = (_path: string) => true): void {
  if (isAssembly(folder) && matches(folder)) {
    inputs.assemblies.push(folder);
    return;
  }
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.test(entry.name)) walk(path, inputs, matches);
    else if (entry.isFile() && TEMPLATE.test(entry.name) && matches(path)) inputs.candidates.push(path);
  }
}

/** CDK writes both files. Other tools write a manifest.json, too. */
function isAssembly(folder: string): boolean {
  return ['manifest.json', 'cdk.out'].every(name => existsSync(posix.join(folder, name)));
}
