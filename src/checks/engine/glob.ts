/** Whether a text contains one of the characters of a pattern. */
export function isGlob(text: string): boolean {
  return /[*?{]/.test(text);
}

/**
 * A pattern for paths with `/`: `*` and `?` match within one segment, `**` matches any number of segments,
 * and `{a,b}` matches one of several texts.
 */
export function globToRegExp(pattern: string): RegExp {
  let inBraces = false;
  const source = pattern.replace(/\*\*\/|\*\*|[*?{},]|[.+^$()|[\]\\]/g, token => {
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
