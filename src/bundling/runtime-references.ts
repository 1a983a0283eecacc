import * as fs from 'node:fs';
import { isBuiltin } from 'node:module';
import * as path from 'node:path';

/** A path, a path or name that is computed, or a loader of native binaries. */
type ReferenceKind = 'file' | 'computed' | 'native';

/** How a module refers at run time to a file that is not bundled. */
export interface RuntimeReference {
  readonly kind: ReferenceKind;
  /** The path of the file from the folder of the module, or the expression. */
  readonly what: string;
}

/** A module's own folder, in CommonJS and in ES modules. */
const FOLDER = String.raw`(?:__dirname|import\.meta\.dirname|(?:path\.)?dirname\(\s*(?:__filename|import\.meta\.filename|(?:url\.)?fileURLToPath\(import\.meta\.url\))\s*\))`;
const TEXT = String.raw`(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")`;
/** `join(__dirname, 'a', 'b')`, with the rest of its arguments. */
const JOINED = new RegExp(String.raw`\b(?:join|resolve)\(\s*${FOLDER}\s*((?:,\s*${TEXT}\s*)*)([,)])`, 'g');
/** `__dirname + '/a'`, with what follows. */
const ADDED = new RegExp(String.raw`${FOLDER}\s*\+\s*(?:(${TEXT})\s*(\+?)|([\w$.[\]]+))`, 'g');
const TEMPLATE = new RegExp('`\\$\\{\\s*' + FOLDER + '\\s*\\}([^`$]*)(`|\\$\\{)', 'g');
const URL_OF = new RegExp(String.raw`new\s+URL\(\s*(?:(${TEXT})|([^,()'"]+))\s*,\s*(?:import\.meta\.url|import_meta_url|\(?typeof document[^;\n]{0,40}?\?\s*require\([^;\n]{0,20}?\)\.pathToFileURL\(__filename\))`, 'g');
/** Scripts that another thread or process runs, by a path from the working directory. */
const SCRIPT = new RegExp(String.raw`(?:\bnew\s+Worker|\bfork)\(\s*(${TEXT})`, 'g');
/** `require` of a package whose name is computed, such as one for each platform. */
const COMPUTED_PACKAGE = /\brequire\(\s*(`@?[a-z][\w@/.-]*[-/]\$\{[^`]*`|(?:'@?[a-z][\w@/.-]*[-/]'|"@?[a-z][\w@/.-]*[-/]")\s*\+[^)]*)\)/g;
/** `aliasedRequire('./locale/' + name)`: esbuild bundles the files of `require('./locale/' + name)` only. */
const ALIASED_REQUIRE = /(?<![.\w$])(?!require\()\w*[rR]equire\w*\(\s*(?:'(\.[\w./-]*\/)'|"(\.[\w./-]*\/)")\s*\+/g;
/** `const load = createRequire(import.meta.url)`: what it loads is not bundled. */
const CREATED_REQUIRE = /([\w$]+)\s*=\s*[^;\n]*\bcreateRequire\(\s*(?:import\.meta\.(?:url|filename)|import_meta_url|__filename)\s*\)/g;
/** Packages that find a native binary beside the module that calls them. */
const NATIVE_LOADERS = /\brequire\(\s*['"](bindings|node-gyp-build|node-pre-gyp|@mapbox\/node-pre-gyp|prebuildify|pkg-prebuilds)['"]\s*\)|\bfrom\s*['"](bindings|node-gyp-build|node-pre-gyp|@mapbox\/node-pre-gyp)['"]/;
const MENTIONS = /__dirname|__filename|import\.meta|import_meta_url|[rR]equire\w*\(|Worker\(|fork\(/;

/** Finds the files that a module looks for beside itself, by the path in its text. A path that does not exist is ignored. */
export function findRuntimeReferences(file: string, source: string): RuntimeReference[] {
  if (!MENTIONS.test(source)) return [];
  const text = withoutComments(source);
  const folder = path.dirname(file);
  const found: RuntimeReference[] = [];
  const add = (relative: string, isComplete: boolean) => {
    const target = path.join(folder, relative);
    if (isComplete ? isOwnFile(target, folder) : isFolder(path.dirname(`${target}x`))) found.push({ kind: isComplete ? 'file' : 'computed', what: relative });
  };
  for (const [, texts, end] of text.matchAll(JOINED)) {
    const parts = [...texts.matchAll(new RegExp(TEXT, 'g'))].map(([literal]) => unquoted(literal));
    if (parts.length > 0 || end === ',') add(end === ',' ? `${parts.join('/')}/` : parts.join('/'), end !== ',');
  }
  for (const [, literal, more, variable] of text.matchAll(ADDED)) {
    if (literal === undefined) found.push({ kind: 'computed', what: variable });
    else add(unquoted(literal), more === '');
  }
  for (const [, rest, end] of text.matchAll(TEMPLATE)) add(rest, end === '`');
  for (const [, literal, expression] of text.matchAll(URL_OF)) {
    if (literal !== undefined) add(unquoted(literal), true);
    else found.push({ kind: 'computed', what: expression.trim() });
  }
  for (const [, literal] of text.matchAll(SCRIPT)) add(unquoted(literal), true);
  for (const [, single, double] of text.matchAll(ALIASED_REQUIRE)) add(single ?? double, false);
  for (const [, load] of text.matchAll(CREATED_REQUIRE)) {
    const loaded = [...text.matchAll(new RegExp(`(?<![.\\w$])${load.replaceAll('$', '\\$')}\\(\\s*(${TEXT})\\s*\\)`, 'g'))].map(([, literal]) => unquoted(literal));
    for (const name of loaded.filter(one => isPackage(one, folder))) found.push({ kind: 'computed', what: `${load}('${name}')` });
  }
  for (const [, expression] of text.matchAll(COMPUTED_PACKAGE)) found.push({ kind: 'computed', what: expression.trim() });
  const native = NATIVE_LOADERS.exec(text);
  if (native) found.push({ kind: 'native', what: native[1] ?? native[2] });
  return found;
}

/** A file, or a folder below the module's own; the module's own folder and its parents are no files. */
function isOwnFile(target: string, folder: string): boolean {
  const stats = fs.statSync(target, { throwIfNoEntry: false });
  return stats !== undefined && (stats.isFile() || path.relative(target, folder).startsWith('..'));
}

/** Whether a name is that of an installed package, and not of a module of Node.js. */
function isPackage(name: string, folder: string): boolean {
  if (!/^(@[\w.-]+\/)?[\w-][\w.-]*$/.test(name) || isBuiltin(name)) return false;
  for (let at = folder; ; at = path.dirname(at)) {
    if (isFolder(path.join(at, 'node_modules', name))) return true;
    if (at === path.dirname(at)) return false;
  }
}

function isFolder(target: string): boolean {
  return fs.statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function unquoted(literal: string): string {
  return literal.slice(1, -1).replace(/\\(.)/g, '$1');
}

/** Comments are where documentation mentions files. Texts that contain comment signs are kept. */
export function withoutComments(source: string): string {
  return source.replace(/("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|(?<![:\\])\/\/[^\n]*/g, '$1');
}
