/** One token of SQL: a word, a name in quotes, a text in quotes, or a character that stands for itself. */
export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'sign' | 'block';
  /** What it says, without its quotes. */
  readonly value: string;
}

/** How each database quotes names, and whether a backslash escapes in its texts. */
const DIALECTS = {
  postgresql: { name: '"', backslash: false },
  mysql: { name: '`', backslash: true },
};

/** Reads SQL as the server does, as far as the statements of users go; what it can't read, such as an open quote, is an error. */
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
