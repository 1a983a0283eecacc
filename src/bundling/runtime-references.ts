import * as fs from 'node:fs';
import { isBuiltin } from 'node:module';
import * as path from 'node:path';
import { pathsInProject } from './project-paths';
import { type Base, basesOf, TEXT } from './reference-bases';

/** A path, a path or name that is computed, or a loader of native binaries. */
type ReferenceKind = 'file' | 'computed' | 'native';

/** How a module refers at run time to a file that is not bundled. */
export interface RuntimeReference {
  readonly kind: ReferenceKind;
  /** The path of the file from the folder of the module, or the expression. */
  readonly what: string;
}

const urlOf = (variables: readonly string[]) => new RegExp(String.raw`new\s+URL\(\s*(?:(${TEXT})|([^,()'"]+|${TEXT}\s*\+[^,;\n]*))\s*,\s*(?:${[...variables, ''].map(name => name && String.raw`${name}\b|`).join('')}import\.meta\.url|import_meta_url|\(?typeof document[^;\n]{0,40}?\?\s*require\([^;\n]{0,20}?\)\.pathToFileURL\(__filename\))`, 'g');
/** A variable with the address of the module. Minified code gives short names to other values, too. */
const URL_VARIABLE = /\b(?:const|let|var)\s+([\w$]{3,})\s*=\s*(?:import\.meta\.url|import_meta_url)\s*(?=[;,\n]|$)/g;
/** Scripts that another thread or process runs, by a path from the working directory, and files that Node.js resolves. */
const SCRIPT = new RegExp(String.raw`(?:\bnew\s+Worker|\bfork|\brequire\.resolve|\bimport\.meta\.resolve|\bregister|\beval\(\s*['"]require['"]\s*\))\(\s*(${TEXT})`, 'g');
/** Functions of Node.js whose names are not usual for other functions. */
const OF_WORKING_DIRECTORY = [
  'readFile', 'readFileSync', 'createReadStream', 'readdir', 'readdirSync', 'openSync', 'opendirSync', 'accessSync', 'statSync', 'existsSync', 'copyFileSync', 'loadEnvFile',
];
/** Files by a path from the working directory: a text, or a template with or without a value. */
const READ = new RegExp(String.raw`\b(?:${OF_WORKING_DIRECTORY.join('|')})\)?\(\s*(?:(${TEXT})|${'`'}([^${'`'}$\\]+)(${'`'}|\$\{))`, 'g');
/** `path.resolve('a', 'b')`, which begins at the working directory, and `resolve` of an import. */
const RESOLVED = new RegExp(String.raw`(?<![.\w$])(path\w*\.)?resolve\(\s*((?:${TEXT}\s*,\s*)*${TEXT})\s*\)`, 'g');
const IMPORTS_RESOLVE = /\{[^{}]*\bresolve\b[^{}]*\}\s*(?:from\s*|=\s*require\(\s*)['"](?:node:)?path(?:\/posix)?['"]/;
/** `readFile(join('a', 'b'))`. */
const READ_JOINED = new RegExp(String.raw`\b(?:${OF_WORKING_DIRECTORY.join('|')})\)?\(\s*(?:path\w*\.)?join\(\s*((?:${TEXT}\s*,\s*)+${TEXT})\s*\)`, 'g');
/** A script of another process: `execFile('node', ['worker.js'])`. */
const ARGUMENT = new RegExp(String.raw`\b(?:spawn|spawnSync|execFile|execFileSync)\)?\(\s*[^,()]+,\s*\[\s*(${TEXT})`, 'g');
/** WebAssembly, whose loaders compute the folder. */
const WASM = /(['"`])([\w./-]+\.wasm)\1/g;
/** `require` of a package whose name is computed, such as one for each platform. */
const COMPUTED_PACKAGE = /\brequire\(\s*(`@?[a-z][\w@/.-]*[-/]\$\{[^`]*`|(?:'@?[a-z][\w@/.-]*[-/]'|"@?[a-z][\w@/.-]*[-/]")\s*\+[^)]*)\)/g;
/** `aliasedRequire('./locale/' + name)`: esbuild bundles the files of `require('./locale/' + name)` only. */
const ALIASED_REQUIRE = /(?<![.\w$])(?!require\()\w*[rR]equire\w*\(\s*(?:'(\.[\w./-]*\/)'|"(\.[\w./-]*\/)")\s*\+/g;
/** `require('./locale/' + name)`: esbuild finds files by their whole name, and Node.js without the extension too. */
const WITHOUT_EXTENSION = /\b(?:require|import)\(\s*(?:(?:'(\.[\w./-]*\/)'|"(\.[\w./-]*\/)")\s*\+\s*[\w$.[\]]+|`(\.[\w./-]*\/)\$\{[^`]*\}`)\s*\)/g;
/** `load('./drivers/' + name)`, by a function that calls `require`. */
const REQUIRES_PARAMETER = /(?<![.\w$])require\(\s*[A-Za-z_$][\w$.]*\s*\)/;
const CALLED_WITH_PATH = /(?<![.\w$])(?!require\(|import\(|URL\()[\w$]+\(\s*(?:`(\.{1,2}\/[\w./-]*)\$\{|(?:'(\.{1,2}\/[\w./-]*)'|"(\.{1,2}\/[\w./-]*)")\s*\+)/g;
/** `const load = createRequire(import.meta.url)`: what it loads is not bundled. */
const CREATED_REQUIRE = /([\w$]+)\s*=\s*[^;\n]*\bcreateRequire\(\s*(?:import\.meta\.(?:url|filename)|import_meta_url|__filename)\s*\)/g;
const OF_WINDOWS = /\.(?:exe|dll|bat|cmd)$/i;
/** A package that returns its own folder, in which its callers look for files. */
const OWN_FOLDER = /(?:\breturn\s+|\bexports(?:\.\w+)?\s*=\s*|=>\s*)(?:(?:require\(\s*['"](?:node:)?path['"]\s*\)|[\w$]+)\.)?(?:(?:resolve|join|normalize)\(\s*)?__dirname\s*\)?\s*(?=[;}\n]|$)/;
/** Packages that find a native binary beside the module that calls them. */
const NATIVE_LOADERS = /\brequire\(\s*['"](bindings|node-gyp-build|node-pre-gyp|@mapbox\/node-pre-gyp|prebuildify|pkg-prebuilds)['"]\s*\)|\bfrom\s*['"](bindings|node-gyp-build|node-pre-gyp|@mapbox\/node-pre-gyp)['"]/;
const MENTIONS = /eval\(|__dirname|__filename|import\.meta|import_meta_url|[rR]equire\w*[.(]|Worker\(|fork\(/;

/**
 * Finds the files that a module looks for beside itself, by the path in its text. A path that does not exist is ignored.
 *
 * @param root The root of the project, for one of its own modules: the files that it looks for in the working directory
 */
export function findRuntimeReferences(file: string, source: string, root?: string): RuntimeReference[] {
  if (root === undefined && !MENTIONS.test(source)) return [];
  const text = withoutComments(source);
  const folder = path.dirname(file);
  const found: RuntimeReference[] = [];
  const here: Base = { folder, prefix: '' };
  const add = ({ folder: at, prefix, isWorkingDirectory = false }: Base, relative: string, isComplete: boolean) => {
    const target = path.join(at, relative);
    const exists = isComplete ? isOwnFile(target, folder) : !isWorkingDirectory && isFolder(path.dirname(`${target}x`));
    if (exists && !OF_WINDOWS.test(relative)) found.push({ kind: isComplete ? 'file' : 'computed', what: prefix === '' ? relative : path.posix.join(prefix, relative) });
  };
  const bases = basesOf(file, text, root);
  const base = `(${bases.pattern})`;
  if (bases.isUsed) {
    // `join(__dirname, 'a', 'b')` and `[__dirname, 'a'].join('/')`, with the rest of the arguments
    for (const [, name, texts, end] of text.matchAll(new RegExp(String.raw`(?:\b(?:join|resolve)\)?\(|\[)\s*${base}\s*((?:,\s*${TEXT}\s*)*)([,)\]])`, 'g'))) {
      const parts = [...texts.matchAll(new RegExp(TEXT, 'g'))].map(([literal]) => unquoted(literal));
      if (parts.length > 0 || end === ',') add(bases.of(name), end === ',' ? `${parts.join('/')}/` : parts.join('/'), end !== ',');
    }
    // `__dirname + '/a'` and `__dirname.concat('/a')`, with what follows
    for (const [, name, literal, more, variable] of text.matchAll(new RegExp(String.raw`${base}(?:\s*\+\s*|\.concat\(\s*)(?:(${TEXT})\s*(\+?)|(?!typeof\b)([\w$.[\]]+))`, 'g'))) {
      if (literal !== undefined) add(bases.of(name), unquoted(literal), more === '');
      else if (!bases.isShortName(name)) found.push({ kind: 'computed', what: variable });
    }
    for (const [, name, rest, end] of text.matchAll(new RegExp('`\\$\\{\\s*' + base + '\\s*\\}([^`$]*)(`|\\$\\{)', 'g'))) add(bases.of(name), rest, end === '`');
    for (const [, call, name] of text.matchAll(new RegExp(String.raw`\b(readdir|readdirSync|opendir|opendirSync)\)?\(\s*${base}\s*[,)]`, 'g'))) {
      found.push({ kind: 'computed', what: `${call}(${name})` });
    }
    // `glob('*.sql', { cwd: __dirname })`
    for (const [, option, name] of text.matchAll(new RegExp(String.raw`\b(cwd|root|rootDir|dir|directory|basedir|baseDir)\s*:\s*${base}\s*[,}\n]`, 'g'))) {
      if (!bases.isShortName(name) && !bases.of(name).isWorkingDirectory) found.push({ kind: 'computed', what: `${option}: ${name}` });
    }
  }
  if (/\b__filename\s*\.\s*replace\(/.test(text)) found.push({ kind: 'computed', what: '__filename.replace' });
  for (const [, literal, expression] of text.matchAll(urlOf([...text.matchAll(URL_VARIABLE)].map(([, name]) => name)))) {
    if (literal !== undefined) add(here, unquoted(literal), true);
    else found.push({ kind: 'computed', what: expression.trim() });
  }
  const scripts = [...text.matchAll(SCRIPT)].map(([, literal]) => unquoted(literal)).filter(name => name.startsWith('.'));
  for (const name of scripts) add(here, name, true);
  for (const [, , name] of text.matchAll(WASM)) if (!found.some(({ what }) => what.endsWith(name))) add(here, name, true);
  if (root !== undefined) {
    const fromRoot: Base = { folder: root, prefix: '' };
    for (const [, literal, template, end] of text.matchAll(READ)) {
      if (literal !== undefined || end === '`') add(fromRoot, template ?? unquoted(literal), true);
      else if (/[^./]\//.test(template)) add(fromRoot, template, false);
    }
    for (const name of scripts) add(fromRoot, name, true);
    const isImported = IMPORTS_RESOLVE.test(text);
    const resolved = [...text.matchAll(RESOLVED)].filter(([, module]) => module !== undefined || isImported).map(([, , texts]) => texts);
    for (const texts of [...resolved, ...[...text.matchAll(READ_JOINED)].map(([, joined]) => joined)]) {
      add(fromRoot, [...texts.matchAll(new RegExp(TEXT, 'g'))].map(([literal]) => unquoted(literal)).join('/'), true);
    }
    for (const [, literal] of text.matchAll(ARGUMENT)) add(fromRoot, unquoted(literal), true);
    // `read(__dirname, 'a.txt')`, by a function of the project
    const calls = bases.isUsed ? text.matchAll(new RegExp(String.raw`(?<!\b(?:join|resolve))\)?\(\s*${base}\s*,\s*(${TEXT})\s*\)`, 'g')) : [];
    for (const [, name, literal] of calls) add(bases.of(name), unquoted(literal), true);
  }
  if (root === undefined && OWN_FOLDER.test(text)) found.push({ kind: 'computed', what: '__dirname' });
  for (const [, single, double] of text.matchAll(ALIASED_REQUIRE)) add(here, single ?? double, false);
  const calls = root === undefined && REQUIRES_PARAMETER.test(text) ? text.matchAll(CALLED_WITH_PATH) : [];
  for (const [, template, single, double] of calls) add(here, template ?? single ?? double, false);
  for (const [, single, double, template] of text.matchAll(WITHOUT_EXTENSION)) add(here, single ?? double ?? template, false);
  for (const [, load] of text.includes('createRequire') ? text.matchAll(CREATED_REQUIRE) : []) {
    const loaded = [...text.matchAll(new RegExp(`(?<![.\\w$])${load.replaceAll('$', '\\$')}\\(\\s*(${TEXT})\\s*\\)`, 'g'))].map(([, literal]) => unquoted(literal));
    for (const name of loaded.filter(one => isPackage(one, folder))) found.push({ kind: 'computed', what: `${load}('${name}')` });
    for (const name of loaded.filter(one => /^\.{1,2}\//.test(one))) add(here, name, true);
  }
  for (const [, expression] of text.matchAll(COMPUTED_PACKAGE)) found.push({ kind: 'computed', what: expression.trim() });
  const native = NATIVE_LOADERS.exec(text);
  if (native) found.push({ kind: 'native', what: native[1] ?? native[2] });
  const known = new Set(found.map(({ what }) => path.posix.normalize(what)));
  for (const { path: what, isComputed } of root === undefined ? [] : pathsInProject(text, root)) {
    if (!known.has(path.posix.normalize(what))) found.push({ kind: isComputed ? 'computed' : 'file', what });
    known.add(path.posix.normalize(what));
  }
  return found;
}

/** A file, or a folder below the module's own; the module's own folder and its parents are no files. */
function isOwnFile(target: string, folder: string): boolean {
  const stats = fs.statSync(target, { throwIfNoEntry: false });
  if (stats !== undefined) return stats.isFile() || path.relative(target, folder).startsWith('..');
  // A script without its extension, or one that is compiled from TypeScript.
  return [`${target}.js`, `${target}.ts`, target.replace(/\.([cm]?)js$/, '.$1ts')].some(file => file !== target && fs.existsSync(file));
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

/** A longer text without code is data, such as a file in base64: it is no path, and takes long to search. */
const LONGEST_TEXT = 2_000;
const COMMENT_OR_TEXT = /("[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'|`[^`\\]*(?:\\.[^`\\]*)*`)|\/\*[\s\S]*?\*\/|(?<![:\\])\/\/[^\n]*/g;

/** Comments are where documentation mentions files. Texts that contain comment signs are kept. */
export function withoutComments(source: string): string {
  return source.replace(COMMENT_OR_TEXT, (_, text = '') => (text.length > LONGEST_TEXT && !/[\s(;]/.test(text) ? `${text[0]}${text[0]}` : text));
}
