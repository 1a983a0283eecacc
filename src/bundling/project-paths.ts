import * as fs from 'node:fs';
import * as path from 'node:path';
import { TEXT } from './reference-bases';

/** A path of the project in the text of a module. */
export interface ProjectPath {
  readonly path: string;
  /** Whether the path is the beginning of the path, such as the folder of a pattern. */
  readonly isComputed: boolean;
}

/** A text that begins with a folder or `./`, with what is before it. */
const PATH_TEXT = /((?:\b(?:from|import|require(?:\.resolve)?|import\.meta\.resolve|resolve)\s*\(?|\bKey['"]?\s*:|[\w$-]=)\s*)?(['"`])(\.\/[\w@][^'"`\n\\]*|[\w@][\w@.-]*\/[^'"`\n\\]+)\2/g;
/** Where the syntax of a pattern or of a placeholder begins. */
const PATTERN = /[*?{[(!+$]/;
/** `join(ROOT, 'templates', 'a.html')`, with a folder of another module. */
const JOINED = new RegExp(String.raw`\b(?:join|resolve)\)?\(\s*[A-Za-z_$][\w$.]*(?:\(\))?\s*((?:,\s*${TEXT}\s*)+)\)`, 'g');
/** Options and functions whose value is a folder. */
const FOLDER = new RegExp(String.raw`(?:\b\w*(?:dir|directory|folder)s?['"]?\s*:\s*\[?|\b(?:nunjucks\.configure|FileSystemLoader|express\.static|serveStatic)\(|\.set\(\s*['"]views['"]\s*,)\s*(${TEXT})`, 'gi');
/** `const VIEWS = 'views'`, from which `join(VIEWS, name)` makes paths. */
const VARIABLE = new RegExp(String.raw`\b(?:const|let|var)\s+([\w$]+)\s*(?::\s*string\s*)?=\s*(${TEXT})\s*(?=[;,\n])`, 'g');
/** `join(process.cwd(), 'config')`. */
const OF_WORKING_DIRECTORY = new RegExp(String.raw`\b(?:join|resolve)\)?\(\s*process\.cwd\(\)\s*,\s*(${TEXT})\s*\)`, 'g');
/** Folders that tools of the development look for. */
const OF_TOOLS = /^(\.|node_modules$|src$|lib$|dist$|build$|out$|test$|tests$|coverage$)/;

/**
 * Finds the paths of files in the text of a module of the project, such as `views/mail.pug` or the pattern `migrations/*.js`: packages read
 * them from the working directory. A path that does not exist is ignored, and so are imported modules and keys of Amazon S3.
 */
export function pathsInProject(text: string, root: string): ProjectPath[] {
  const found: ProjectPath[] = [];
  const add = (one: string) => found.push({ path: one, isComputed: false });
  for (const [, before, , written] of text.matchAll(PATH_TEXT)) {
    if (before !== undefined) continue;
    const pattern = written.search(PATTERN);
    if (pattern === -1) {
      if (isFile(path.join(root, written)) || (written.startsWith('./') && isFolder(path.join(root, written)))) add(written);
    } else {
      const folder = written.slice(0, written.lastIndexOf('/', pattern) + 1);
      if (/[^./]/.test(folder) && isFolder(path.join(root, folder))) found.push({ path: folder, isComputed: true });
    }
  }
  for (const [, texts] of text.matchAll(JOINED)) {
    const joined = [...texts.matchAll(new RegExp(TEXT, 'g'))].map(([literal]) => literal.slice(1, -1)).join('/');
    if (joined.includes('/') && !joined.startsWith('.') && isFile(path.join(root, joined))) add(joined);
  }
  for (const [, literal] of text.matchAll(FOLDER)) {
    const folder = literal.slice(1, -1);
    if (/^\w[\w-]*$/.test(folder) && isFolder(path.join(root, folder))) add(folder);
  }
  for (const [, name, literal] of text.matchAll(VARIABLE)) {
    const folder = literal.slice(1, -1);
    const isUsed = () => new RegExp(String.raw`\b(?:join|resolve)\)?\(\s*${name.replaceAll('$', '\\$')}\s*,`).test(text);
    if (/^\w[\w/-]*$/.test(folder) && isFolder(path.join(root, folder)) && isUsed()) add(folder);
  }
  return found.filter(({ path: one }) => !/\.[cm]?tsx?$/.test(one));
}

/** Finds the folders of the project that a package reads by its own rules, such as `config`. */
export function foldersOfPackage(text: string, root: string): string[] {
  if (!text.includes('process.cwd()')) return [];
  return [...text.matchAll(OF_WORKING_DIRECTORY)].map(([, literal]) => literal.slice(1, -1))
    .filter(folder => /^[\w-]+$/.test(folder) && !OF_TOOLS.test(folder) && isFolder(path.join(root, folder)));
}

function isFile(target: string): boolean {
  return fs.statSync(target, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isFolder(target: string): boolean {
  return fs.statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
