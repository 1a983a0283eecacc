/** In larger files, which are bundles, two modules can have the same names. */
const CHARACTERS_MAX = 4_000_000;
/** Where esbuild lists the exports of a CommonJS bundle for Node.js. */
const ANNOTATION_CHARACTERS = 8192;
/** The parameters of a function, with brackets in them one level deep. */
const PARAMETERS = String.raw`\(((?:[^()]|\([^()]*\))*)\)`;
/** The beginning of a function, with its parameters, or of a class. */
const FUNCTION = String.raw`(?:async\b\s*)?(?:function\b\s*\*?\s*[\w$]*\s*(?:<[^<>()]*>\s*)?${PARAMETERS}|(?:<[^<>()]*>\s*)?${PARAMETERS}\s*(?::[^=;{}\n]+)?=>|[\w$]+\s*=>|class\b)`;
const ES_MODULE = /^(?:import\b[^(;=]*\bfrom\s*['"]|import\s*['"]|export\s+(?:default|const|let|var|async|function|class)\b|export\s*\{)/m;

/** A module of Node.js. */
export interface NodeModule {
  readonly text: string;
  readonly isEsModule: boolean;
}

/** Whether a text without a known format is an ES module: it has the statements of one, and no word of a CommonJS module. */
export function hasEsModuleSyntax(text: string): boolean {
  return ES_MODULE.test(text) && !/\bexports\b|\brequire\s*\(/.test(text);
}

/**
 * Whether Lambda finds a handler in a module; undefined if the text does not say. Lambda reads a path such as `handler` or
 * `api.handler` from the exports and then from the default export, and reads properties of objects only, not of functions or classes.
 *
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 */
export function findsHandler({ text, isEsModule }: NodeModule, handler: string): boolean | undefined {
  if (text.length > CHARACTERS_MAX) return undefined;
  const [name, ...properties] = handler.split('.');
  const isExported = isEsModule ? exportedByEsModule(text, name) : exportedByCommonJs(text, name);
  if (isExported !== true) return isExported;
  return properties.length > 0 && isFunction(text, localName(text, name) ?? name) ? false : true;
}

/**
 * Whether the default export of a module in its source is a function, a class, or an object without a name: then Lambda does not find a
 * handler of this name in it.
 */
export function defaultLacks(text: string, name: string): boolean {
  const [, expression, listed] = /\bexport\s+default\s+([^;]{0,2000})|\bexport\s*\{[^{}]*?([\w$]+)\s+as\s+default\b/.exec(text) ?? [];
  if (listed !== undefined) return isFunction(text, listed);
  if (expression === undefined) return false;
  if (new RegExp(`^${FUNCTION}`).test(expression)) return true;
  const local = /^([\w$]+)\s*(?:satisfies\b|as\b|$|\n)/.exec(expression)?.[1];
  if (local !== undefined) return isFunction(text, local);
  return expression.startsWith('{') && !hasWord(text, name);
}

/** Whether a name is that of a function or class that the module itself declares. */
export function isFunction(text: string, name: string): boolean {
  return declarationOf(text, name) !== undefined;
}

/**
 * Whether an exported handler is written as a function with a callback: with three parameters. Node.js counts them up to the first one with
 * a default. A handler that another function returns, for example for streamed responses, is none.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export function hasCallback(text: string, name: string): boolean {
  if (text.length > CHARACTERS_MAX || /\bawslambda\b|streamifyResponse/.test(text)) return false;
  const local = localName(text, name);
  const match = local === undefined ? undefined : declarationOf(text, local);
  const parameters = match && (match[1] ?? match[2]);
  return parameters !== undefined && requiredParameters(parameters) >= 3;
}

function exportedByEsModule(text: string, name: string): boolean | undefined {
  const lists = [...text.matchAll(/\bexport\s*\{([^{}]*)\}/g)].map(([, list]) => list.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, ''));
  const names = lists.flatMap(list => list.split(',').map(item => item.trim().split(/\s+as\s+|(?<=\S)as\s+(?=['"])/).pop()!.replace(/['"]/g, '')));
  for (const [, declared, namespace] of text.matchAll(/\bexport\s+(?:const|let|var|class|(?:async\s+)?function\s*\*?)\s*([\w$]+)|\bexport\s*\*\s*as\s+([\w$]+)/g)) names.push(declared ?? namespace);
  if (names.includes(name) || (name === 'default' && /\bexport\s+default\b/.test(text))) return true;
  const isDecidedElsewhere = /\bexport\s*\*\s*from\b|\bexport\s+(?:const|let|var)\s*[[{]/.test(text) // another module, or a pattern
    || lists.length !== (text.match(/\bexport\s*\{/g) ?? []).length || new RegExp(String.raw`,\s*${escaped(name)}\s*=`).test(text);
  if (isDecidedElsewhere) return undefined;
  return !names.includes('default') && !/\bexport\s+default\b/.test(text) ? false : defaultLacks(text, name) ? false : undefined;
}

function exportedByCommonJs(text: string, name: string): boolean | undefined {
  const annotated = /\b0\s*&&\s*\(module\.exports\s*=\s*\{([^{}]*)\}\)/.exec(text.slice(-ANNOTATION_CHARACTERS))?.[1];
  if (annotated !== undefined && text.includes('__toCommonJS')) return annotated.includes('...') ? undefined : hasWord(annotated, name);
  if (!text.includes('exports')) return /\bthis\b|\beval\b/.test(text) ? undefined : false;
  let isExported = false;
  for (const { index } of text.matchAll(/\bexports\b/g)) {
    const exported = exportedBy(text, index);
    if (exported === undefined) return undefined;
    isExported ||= exported.includes(name);
  }
  return isExported;
}

/** The names that one mention of `exports` exports; undefined if it can export others. */
function exportedBy(text: string, index: number): string[] | undefined {
  const [before, after] = [text.slice(Math.max(0, index - 40), index), text.slice(index + 'exports'.length, index + 400)];
  const property = /^\s*(?:\.\s*([\w$]+)|\[\s*['"]([^'"]+)['"]\s*\])/.exec(after);
  if (property) return [property[1] ?? property[2]];
  const defined = /\bdefineProperty\(\s*(?:module\.)?$/.test(before) && /^\s*,\s*['"]([^'"]+)['"]/.exec(after);
  if (defined) return [defined[1]];
  const [, value] = (/\bmodule\s*\.\s*$/.test(before) && /^\s*=(?!=)\s*([^]*)/.exec(after)) || [];
  if (value === undefined) return undefined;
  if (new RegExp(`^${FUNCTION}`).test(value)) return [];
  const local = /^([\w$]+)\s*(?:;|\n|$)/.exec(value)?.[1];
  if (local !== undefined) return isFunction(text, local) ? [] : undefined;
  const literal = value.startsWith('{') ? balanced(text.slice(text.indexOf('{', index))) : undefined;
  return literal === undefined || literal.includes('...') ? undefined : literal.match(/[\w$]+/g) ?? [];
}

/** The text of an object up to its closing bracket. */
function balanced(text: string): string | undefined {
  let depth = 0;
  for (const { 0: bracket, index } of text.matchAll(/[{}]/g)) {
    depth += bracket === '{' ? 1 : -1;
    if (depth === 0) return text.slice(0, index + 1);
  }
  return undefined;
}

/** The name in the module of an export, if the exported value is a function or a variable of the module; the name itself for a function in place. */
function localName(text: string, name: string): string | undefined {
  const one = escaped(name);
  const listed = new RegExp(String.raw`\bexport\s*\{[^{}]*?([\w$]+)\s+as\s+['"]?${one}['"]?\s*[,}]`).exec(text)?.[1]
    ?? new RegExp(String.raw`(?<![\w$.])${one}:\s*\(\)\s*=>\s*([\w$]+)\s*[,}]`).exec(text)?.[1]; // esbuild
  if (listed !== undefined) return listed;
  const assigned = [...text.matchAll(new RegExp(String.raw`\bexports\s*\.\s*${one}\s*=(?!=|\s*void 0)\s*(?:([\w$]+)\s*(?:;|\n|$)|(${FUNCTION})?)`, 'g'))];
  if (assigned.length > 0) return assigned.length > 1 ? undefined : assigned[0][1] ?? (assigned[0][2] === undefined ? undefined : name);
  const literal = /\bmodule\.exports\s*=\s*(\{[^]*)/.exec(text)?.[1];
  const property = literal && new RegExp(String.raw`(?<![\w$.])${one}\s*:\s*(?:([\w$]+)\s*[,}]|(${FUNCTION})?)`).exec(balanced(literal) ?? '');
  if (property) return property[1] ?? (property[2] === undefined ? undefined : name);
  return name;
}

/** The function or class of a name at the left margin, or in place in the exports. A variable that is assigned again can be another one. */
function declarationOf(text: string, name: string): RegExpExecArray | undefined {
  const one = escaped(name);
  if (new RegExp(String.raw`^\s*${one}\s*=(?!=)`, 'm').test(text)) return undefined;
  const declared = new RegExp(String.raw`^(?:export\s+)?(?:default\s+)?(?:(?=(?:async\s+)?(?:function\b\s*\*?|(?:abstract\s+)?class\b)\s*${one}(?![\w$]))(?:abstract\s+)?|(?:const|let|var)\s+${one}\s*(?::[^=\n]+)?=\s*(?:(?:/\*[^*]*\*/\s*)?__name\(\s*)?)${FUNCTION}`, 'm').exec(text);
  const inPlace = () => new RegExp(String.raw`(?:\bexports\s*\.\s*${one}\s*=|\bmodule\.exports\s*=\s*\{[^{}]*?(?<![\w$.])${one}\s*:)\s*${FUNCTION}`).exec(text);
  return declared ?? inPlace() ?? undefined;
}

function requiredParameters(parameters: string): number {
  let plain = parameters;
  for (let before = ''; before !== plain;) [before, plain] = [plain, plain.replace(/<[^<>]*>|\{[^{}]*\}|\[[^[\]]*\]|\([^()]*\)/g, 'x').replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, '')];
  const list = plain.split(',').map(one => one.trim()).filter(one => one !== '' && !/^this\s*:/.test(one));
  const optional = list.findIndex(one => one.startsWith('...') || /=(?!>)/.test(one));
  return optional === -1 ? list.length : optional;
}

function hasWord(text: string, word: string): boolean {
  return new RegExp(String.raw`(?<![\w$])${escaped(word)}(?![\w$])`).test(text);
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
