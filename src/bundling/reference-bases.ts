import * as path from 'node:path';

/** A folder from which a module builds the paths of files. */
export interface Base {
  readonly folder: string;
  /** The path from the folder of the module, or from the working directory. */
  readonly prefix: string;
  /** @default false */
  readonly isWorkingDirectory?: boolean;
}

/** The expressions for folders in the text of a module. */
export interface Bases {
  /** Whether the text has such an expression. Searching for them takes long, and most modules have none. */
  readonly isUsed: boolean;
  /** A regular expression without groups. */
  readonly pattern: string;
  of(expression: string): Base;
  /** Whether the expression is a variable of one or two letters: minified code gives the name to other values, too. */
  isShortName(expression: string): boolean;
}

const FILE_NAME = String.raw`(?:__filename|import\.meta\.filename|(?:\(0,\s*)?(?:[\w$]+\.)*fileURLToPath\)?\(\s*import\.meta\.url\s*\))`;
/** A module's own folder, in CommonJS, in CommonJS that TypeScript wrote, and in ES modules. */
const FOLDER = String.raw`(?:__dirname|import\.meta\.dirname|(?:\(0,\s*)?(?:[\w$]+\.)*dirname\)?\(\s*${FILE_NAME}\s*\)|(?:[\w$]+\.)*fileURLToPath\(\s*new\s+URL\(\s*['"]\.\/?['"]\s*,\s*import\.meta\.url\s*\)\s*\))`;
const WORKING_DIRECTORY = String.raw`(?:process\.cwd\(\s*\)|process\.env\.LAMBDA_TASK_ROOT!?|process\.env\[['"]LAMBDA_TASK_ROOT['"]\]!?)`;
/** What each of these expressions has in it. */
const MENTION = /__dirname|__filename|import\.meta|process\.(?:cwd|env)/;
/** A string in quotes. */
export const TEXT = String.raw`(?:'[^'\\\n]*(?:\\.[^'\\\n]*)*'|"[^"\\\n]*(?:\\.[^"\\\n]*)*")`;

/**
 * The expressions for the folder of a module, and the variables with such a folder or one below or above it.
 *
 * @param root The working directory, for a module of the project
 */
export function basesOf(file: string, text: string, root: string | undefined): Bases {
  const folder = path.dirname(file);
  const variables = new Map<string, Base>();
  const names = () => [...variables.keys()].map(name => String.raw`(?<![\w$.])${name.replaceAll('$', '\\$')}(?![\w$])`);
  const pattern = () => [FOLDER, FILE_NAME, ...root === undefined ? [] : [WORKING_DIRECTORY], ...names()].join('|');
  const of = (expression: string): Base => {
    const known = variables.get(expression);
    if (known !== undefined) return known;
    if (new RegExp(`^${FOLDER}$`).test(expression)) return { folder, prefix: '' };
    if (new RegExp(`^${FILE_NAME}$`).test(expression)) return { folder: file, prefix: path.basename(file) };
    return { folder: root!, prefix: '', isWorkingDirectory: true };
  };
  const isUsed = MENTION.test(text);
  for (let size = -1; isUsed && size < variables.size && /\b(?:const|let|var)\b/.test(text);) {
    size = variables.size;
    const assigned = new RegExp(
      String.raw`${root === undefined ? String.raw`\b(?:const|let|var)\s+` : String.raw`(?<![\w$.])`}([\w$]+)(?:\s*:\s*string)?\s*=\s*(?:(?:\(0,\s*)?(?:[\w$]+\.)*(?:join|resolve)\)?\(\s*)?(${pattern()})\s*((?:,\s*${TEXT}\s*)*)\)?\s*(?=[;,\n]|$)`, 'g',
    );
    for (const [, name, expression, texts] of text.matchAll(assigned)) {
      if (name === '__dirname' || name === '__filename' || variables.has(name)) continue;
      const base = of(expression);
      const parts = [...texts.matchAll(new RegExp(TEXT, 'g'))].map(([literal]) => literal.slice(1, -1));
      const prefix = path.posix.join(base.prefix, ...parts);
      variables.set(name, { ...base, folder: path.join(base.folder, ...parts), prefix: prefix === '.' ? '' : prefix });
    }
  }
  return { isUsed, pattern: pattern(), of, isShortName: expression => variables.has(expression) && expression.length <= 2 };
}
