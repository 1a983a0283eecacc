/** Whether a text contains one of the characters of a pattern. */
export function isGlob(text: string): boolean {
  return /[*?{]|\[[^/\]]+\]/.test(text);
}

/**
 * A pattern for paths with `/`: `*` and `?` match within one segment, `**` matches any number of segments,
 * `{a,b}` matches one of several texts, and `[ab]` or `[!ab]` one character.
 */
export function globToRegExp(pattern: string): RegExp {
  let inBraces = false;
  const source = pattern.replace(/\*\*\/|\*\*|\[[^/\]]+\]|[*?{},]|[.+^$()|[\]\\]/g, token => {
    if (token.length > 2 && token.startsWith('[')) return characters(token);
    switch (token) {
      case '**/': return '(?:[^/]+/)*';
      case '**': return '.*';
      case '*': return '[^/]*';
      case '?': return '[^/]';
      case '{': inBraces = true; return '(?:';
      case '}': if (!inBraces) return '\\}'; inBraces = false; return ')';
      case ',': return inBraces ? '|' : ',';
      default: return `\\${token}`;
    }
  });
  return new RegExp(`^${source}${inBraces ? ')' : ''}$`);
}

/** A class of characters, of which only the range and the negation have a meaning. */
function characters(token: string): string {
  const [, negation, members] = /^\[([!^]?)(.*)\]$/.exec(token)!;
  if (members === '') return token.replace(/./g, '\\$&');
  const escaped = members.replace(/[\\^[]/g, '\\$&')
    .replace(/(.)-(.)/g, (range, from: string, to: string) => (from <= to ? range : `${from}\\-${to}`));
  return negation === '' ? `[${escaped}]` : `[^/${escaped}]`;
}
