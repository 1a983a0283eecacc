/** Whether a text contains one of the characters of a pattern. */
export function isGlob(text: string): boolean {
  return /[*?{]|\[[^/\]]+\]/.test(text);
}

/**
 * A pattern for paths with `/`: `*` and `?` match within one segment, `**` matches any number of segments,
 * `{a,b}` matches one of several texts, and `[ab]` or `[!ab]` one character.
 */
export function globToRegExp(pattern: string): RegExp {
  let depth = 0;
  const source = pattern.replace(/\*\*\/|\*\*|\[[^/\]]+\]|[*?{},]|[.+^$()|[\]\\]/g, token => {
    if (token.length > 2 && token.startsWith('[')) return characters(token);
    switch (token) {
      case '**/': return '(?:[^/]+/)*';
      case '**': return '.*';
      case '*': return '[^/]*';
      case '?': return '[^/]';
      case '{': depth++; return '(?:';
      case '}': if (depth === 0) return '\\}'; depth--; return ')';
      case ',': return depth > 0 ? '|' : ',';
      default: return `\\${token}`;
    }
  });
  return new RegExp(`^${source}${')'.repeat(depth)}$`);
}

/** A class of characters, of which only ranges and the negation have a meaning. */
function characters(token: string): string {
  const [, negation, members] = /^\[([!^]?)(.*)\]$/s.exec(token)!;
  if (members === '') return token.replace(/./g, '\\$&');
  const escaped = members.replace(/(.)-(.)|./gs, (text, from?: string, to?: string) =>
    from !== undefined && to !== undefined && from <= to ? `${literal(from)}-${literal(to)}` : literal(text));
  return negation === '' ? `[${escaped}]` : `[^/${escaped}]`;
}

function literal(text: string): string {
  return text.replace(/[-\\^[\]]/g, '\\$&');
}
