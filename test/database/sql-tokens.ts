/** A token of SQL: a word, a quoted name, a quoted text, or a single character. */
export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'sign' | 'block';
  /** The text without quotes. */
  readonly value: string;
}

/** The quotes of names in each database, and whether a backslash is an escape character. */
const DIALECTS = {
  postgresql: { name: '"', backslash: false },
  mysql: { name: '`', backslash: true },
};

/** Parses the SQL of user statements like the server. Throws an error for invalid SQL, such as an unclosed quote. */
export function tokensOf(family: 'postgresql' | 'mysql', sql: string): Token[] {
  const { name, backslash } = DIALECTS[family];
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const rest = sql.slice(at);
    const tag = family === 'postgresql' ? /^\$([a-z_][a-z0-9_]*)?\$/i.exec(rest)?.[0] : undefined;
    const word = /^[A-Za-z_][A-Za-z0-9_]*/.exec(rest)?.[0];
    if (/^\s/.test(rest)) {
      at++;
    } else if (tag) {
      const end = rest.indexOf(tag, tag.length);
      if (end < 0) throw new Error(`an open ${tag}: ${sql}`);
      tokens.push({ kind: 'block', value: rest.slice(tag.length, end) });
      at += end + tag.length;
    } else if (rest[0] === name || rest[0] === "'") {
      const { value, length } = quotedAt(rest, rest[0], backslash && rest[0] === "'");
      tokens.push({ kind: rest[0] === name ? 'name' : 'text', value });
      at += length;
    } else if (word) {
      tokens.push({ kind: 'word', value: word });
      at += word.length;
    } else {
      if (rest.startsWith('--') || rest.startsWith('/*') || rest[0] === '#') throw new Error(`a comment: ${sql}`);
      tokens.push({ kind: 'sign', value: rest[0] });
      at++;
    }
  }
  return tokens;
}

function quotedAt(sql: string, quote: string, backslash: boolean): { value: string; length: number } {
  let value = '';
  for (let at = 1; at < sql.length; at++) {
    if (backslash && sql[at] === '\\') {
      value += sql[++at];
    } else if (sql[at] !== quote) {
      value += sql[at];
    } else if (sql[at + 1] === quote) {
      value += quote;
      at++;
    } else {
      return { value, length: at + 1 };
    }
  }
  throw new Error(`an open ${quote}: ${sql}`);
}
