import * as path from 'node:path';
import { manifestIn, type Texts } from './package-needs';
import { withoutComments } from './runtime-references';

const EXPORTED = /\bexport\s*(?:(default)\b|\{([^}]*)\}|(?:const|let|var|class|(?:async\s+)?function\s*\*?)\s+([\w$]+)|(\*)(?!\s*as\b)|\*\s*as\s+([\w$]+))/g;

/**
 * Whether CommonJS code would receive something else from the ES module of a package than from its CommonJS module, where `require` returns
 * the value of `module.exports`.
 *
 * @param name The name that the code requires: of the package, or of a folder in it that has its own package.json
 * @param folder That folder
 * @param module The text of its ES module
 * @param caller The text of the code that requires the package
 */
export function receivesOther(name: string, folder: string, module: string, caller: string, texts: Texts): boolean {
  const main = mainOf(folder, texts);
  if (!/\bmodule(?:\.exports|\[['"]exports['"]\])\s*=[^=]/.test(main) || /__esModule/.test(main)) return false;
  const exported = exportsOf(module);
  return exported !== undefined && usesOf(name, withoutComments(caller)).some(used => (
    used === undefined ? exported.has('default') : used !== 'default' && !exported.has(used) && isMentioned(used, main)));
}

/** The names that an ES module exports; undefined if it exports all names of another one. */
function exportsOf(module: string): Set<string> | undefined {
  const names = new Set<string>();
  for (const [, isDefault, list, declared, all, namespace] of withoutComments(module).matchAll(EXPORTED)) {
    if (all !== undefined) return undefined;
    for (const one of list?.split(',') ?? []) names.add(one.trim().split(/\s+as\s+/).pop()!.replace(/['"]/g, ''));
    names.add(isDefault ?? declared ?? namespace ?? '');
  }
  return names;
}

/** What code uses of a package that it requires: names of properties, or undefined for the value itself. */
function usesOf(name: string, caller: string): (string | undefined)[] {
  const literal = name.replace(/[^\w/-]/g, '\\$&');
  // `__toESM(…, 1)` returns the value as `default`, as Node.js does. The other helpers read `default` of an ES module.
  const call = String.raw`(?:\{([^{}]*)\}\s*=\s*|(?<![\w$.])([\w$]+)\s*=\s*)?(\w*(?:import|interop)\w*\(\s*|__toESM\(\s*)?\brequire\(\s*['"]${literal}['"]\s*\)(?:\s*\.\s*([\w$]+)|(\s*,\s*1\s*\)))?`;
  return [...caller.matchAll(new RegExp(call, 'gi'))].flatMap(([, properties, variable, helper, property, isOfNode]): (string | undefined)[] => {
    if (helper !== undefined) return isOfNode === undefined ? [] : [undefined];
    if (property !== undefined) return [property];
    if (properties !== undefined) return properties.split(',').map(one => one.split(/[:=]/)[0].trim()).filter(one => /^[\w$]+$/.test(one));
    return variable === undefined ? [undefined] : usesOfVariable(variable, caller);
  });
}

/** The properties of a variable that code reads, or undefined if it uses the variable in another way. */
function usesOfVariable(variable: string, caller: string): (string | undefined)[] {
  const uses = new RegExp(String.raw`(?<![\w$.])${variable.replaceAll('$', '\\$')}(?![\w$])(?!\s*=[^=>])(?!\s*[;,]\s*(?:$|\n))(?:\s*\.\s*([\w$]+))?`, 'g');
  const code = caller.replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''"); // a name in a text is no use
  return [...code.matchAll(uses)].map(([, property]) => property);
}

/** The text of the CommonJS module of a package, with the file that it only requires. */
function mainOf(folder: string, texts: Texts): string {
  const { main: named } = manifestIn(folder, texts);
  const main = moduleAt(path.posix.join(folder, typeof named === 'string' ? named : 'index.js'), texts);
  const [, other] = /\bmodule\.exports\s*=\s*require\(\s*['"](\.[^'"]*)['"]\s*\)/.exec(main.text) ?? [];
  return other === undefined ? main.text : `${main.text}\n${moduleAt(path.posix.join(path.posix.dirname(main.file), other), texts).text}`;
}

function moduleAt(place: string, texts: Texts): { readonly file: string; readonly text: string } {
  const files = ['', '.js', '.cjs', '/index.js'].map(end => `${place}${end}`).filter(file => /\.[cm]?js$/.test(file));
  const file = files.find(each => texts.of(each) !== '') ?? '';
  return { file, text: file === '' ? '' : texts.of(file) };
}

function isMentioned(name: string, text: string): boolean {
  return new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text);
}
