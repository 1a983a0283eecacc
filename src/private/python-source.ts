/** Blocks that no import of a module runs: for type checkers, and for scripts. Strings are empty here. */
const NEVER_AT_IMPORT = /^if\s+(?:(?:\w+\.)?TYPE_CHECKING|__name__\s*==\s*''|''\s*==\s*__name__)\s*:/;
/** Names that decide at run time what a module contains. */
const DYNAMIC = /^(?:def\s+__getattr__\b|from\s+\S+\s+import\s*\(?\s*\*)|\b(?:exec|eval|globals|vars|locals|setattr|__dict__)\b/;

/**
 * The names that a Python module defines or imports at its top level. Undefined if they are decided at run time. The module
 * is read and not imported, so that no Python and none of its packages has to be installed.
 */
export function namesOfModule(source: string): Set<string> | undefined {
  const names = new Set([...source.matchAll(/^[ \t]+global[ \t]+([\w \t,]+)/gm)].flatMap(([, found]) => found.split(/[\s,]+/)));
  for (const text of topLevel(source)) {
    if (DYNAMIC.test(text)) return undefined;
    for (const name of definedBy(text)) names.add(name);
  }
  return names;
}

function definedBy(text: string): string[] {
  const block = /^(?:async\s+)?(?:def|class)\s+(\w+)/.exec(text);
  if (block) return [block[1]];
  const imported = /^(?:from\s+\S+\s+)?import\s+(.+)$/.exec(text)?.[1];
  if (imported !== undefined) {
    return imported.replace(/[()]/g, ' ').split(',').map(item => item.trim()).filter(item => item !== '')
      .map(item => / as (\w+)$/.exec(item)?.[1] ?? item.split('.')[0]);
  }
  const bound = [...text.matchAll(/\b(?:as|for)\s+\(?\s*([\w\s,]+)/g), ...text.matchAll(/(\w+)\s*:=/g), ...text.matchAll(/^global\s+([\w\s,]+)/g)]
    .flatMap(([, found]) => found.split(/[\s,]+/));
  const targets = withoutArguments(text).split(/(?<![=!<>:+*/%&|^@-])=(?!=)/).slice(0, -1);
  return [...bound, ...targets.flatMap(target => target.match(/\b[A-Za-z_]\w*\b/g) ?? [])];
}

/** A statement without what is in brackets after a name: `f(a=1)[b]` becomes `f`. */
function withoutArguments(text: string): string {
  const shorter = text.replace(/(?<=[\w\])])\s*(?:\([^()[\]{}]*\)|\[[^()[\]{}]*\])|\{[^()[\]{}]*\}|(?<=\([^()]*)\([^()[\]{}]*\)/g, '');
  return shorter === text ? text : withoutArguments(shorter);
}

/** The statements that are in no function and no class. They can be in blocks of `if`, `try` and `with`. */
function topLevel(source: string): string[] {
  const found: string[] = [];
  let bodyDeeperThan: number | undefined;
  for (const { indent, text } of logicalLines(source)) {
    if (bodyDeeperThan !== undefined && indent > bodyDeeperThan) continue;
    bodyDeeperThan = undefined;
    const isSkipped = NEVER_AT_IMPORT.test(text);
    if (isSkipped || /^(?:async\s+)?(?:def|class)\s/.test(text)) bodyDeeperThan = indent;
    if (isSkipped) continue;
    found.push(...text.split(';').map(part => part.trim()).filter(part => part !== ''));
    const inline = /^(?:if|elif|else|try|except|finally|with|for|while)\b.*?:\s*(\S.*)$/.exec(text)?.[1];
    if (inline !== undefined) found.push(inline);
  }
  return found;
}

/**
 * The statements that run whenever a module is imported: in no function and no class, and in no block of a condition, a loop
 * or an exception.
 */
export function statementsAtImport(source: string): string[] {
  const found: string[] = [];
  let bodyDeeperThan: number | undefined;
  for (const { indent, text } of logicalLines(source)) {
    if (bodyDeeperThan !== undefined && indent > bodyDeeperThan) continue;
    bodyDeeperThan = undefined;
    if (/^(?:async|def|class|if|elif|else|for|while|except|match|case)\b.*:/.test(text)) bodyDeeperThan = indent;
    else found.push(...text.replace(/^(?:try|finally)\s*:/, '').split(';').map(part => part.trim()).filter(part => part !== ''));
  }
  return found;
}

/** Whether a module defines a name as a coroutine, which no decorator changes and no other statement defines again. */
export function isCoroutine(source: string, name: string): boolean {
  const lines = logicalLines(source).filter(({ indent }) => indent === 0).map(({ text }) => text);
  const defined = lines.flatMap((text, index) => definedBy(text).includes(name) ? [index] : []);
  return defined.length === 1 && /^async\s+def\s/.test(lines[defined[0]]) && !lines[defined[0] - 1]?.startsWith('@');
}

/**
 * A relative import at the left margin that leads out of the packages around a module.
 *
 * @param depth The number of packages around the module: 0 at the root
 */
export function importBeyondRoot(source: string, depth: number): string | undefined {
  const imports = logicalLines(source).filter(({ indent }) => indent === 0).map(({ text }) => /^from\s*(\.+)\s*([\w.]*)\s*import\b/.exec(text));
  const found = imports.find(match => match !== null && match[1].length > depth);
  return found ? `from ${found[1]}${found[2]} import` : undefined;
}

/** The lines of a source without comments, with `''` for each string, and with the lines of one statement joined. */
export function logicalLines(source: string): { readonly indent: number; readonly text: string }[] {
  const text = withoutStrings(source).replace(/\\\r?\n/g, ' ');
  const lines: { indent: number; text: string }[] = [];
  let open = 0;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const content = line.trim();
    if (content === '') continue;
    if (open > 0) lines[lines.length - 1].text += ` ${content}`;
    else lines.push({ indent: line.replaceAll('\t', '        ').search(/\S/), text: content });
    open = Math.max(0, open + (content.match(/[([{]/g) ?? []).length - (content.match(/[)\]}]/g) ?? []).length);
  }
  return lines;
}

function withoutStrings(source: string): string {
  const token = /#[^\r\n]*|("""|''')(?:\\[\s\S]|(?!\1)[\s\S])*(?:\1|$)|"(?:\\[\s\S]|[^"\\\r\n])*"?|'(?:\\[\s\S]|[^'\\\r\n])*'?/g;
  return source.replace(/^\uFEFF/, '').replace(token, found => found.startsWith('#') ? '' : "''");
}
