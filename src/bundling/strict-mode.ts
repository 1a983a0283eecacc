import type { Metafile } from './entry-metafile';
import type { Texts } from './package-needs';

const DIRECTIVE = '"use strict";';
/** White space, a comment, the first line of a script, or another directive. */
const BEFORE = /^(?:\s+|#!.*|\/\/.*|\/\*[^]*?\*\/|"(?!use strict")[^"\n]*";?|'(?!use strict')[^'\n]*';?)/;
const CODE = /\.[cm]?[jt]sx?$/;

/**
 * The text before a CommonJS bundle with which its code runs in strict mode, as the ES modules in it do in their source: esbuild writes
 * their code without the directive. Empty if the bundle contains a CommonJS module that is not written for strict mode, which could fail in it.
 *
 * @see https://developer.mozilla.org/docs/Web/JavaScript/Reference/Strict_mode#strict_mode_for_modules
 */
export function strictModeDirective(sources: readonly string[], metafile: Pick<Metafile, 'inputs'>, texts: Texts): string {
  const isStrict = (input: string) => metafile.inputs[input]?.format === 'esm' || !CODE.test(input) || texts.of(input) === '' || hasDirective(texts.of(input));
  return sources.every(isStrict) ? DIRECTIVE : '';
}

function hasDirective(text: string): boolean {
  let rest = text;
  for (let before = BEFORE.exec(rest); before; before = BEFORE.exec(rest)) rest = rest.slice(before[0].length);
  return /^(["'])use strict\1/.test(rest);
}
