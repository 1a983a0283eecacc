import { Cursor, END, isBlankOrEnd, isBreakOrEnd } from './cursor';
import { blockScalar, plainScalar, quotedScalar } from './scalars';

type TokenKind = 'alias' | 'anchor' | 'tag' | 'scalar' | 'key' | 'value' | 'document' | 'end'
  | 'sequence' | 'mapping' | 'blockEnd' | '-' | '[' | ']' | '{' | '}' | ',';

export interface Token {
  readonly kind: TokenKind;
  /** The text of a scalar, the name of an anchor, or a tag. */
  readonly text: string;
  /** A scalar without quotes, whose type follows from its text. */
  readonly plain?: boolean;
  readonly line: number;
  readonly column: number;
}

/** A token that is the key of a mapping if a colon follows on its line. */
interface PossibleKey {
  readonly position: number;
  readonly required: boolean;
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

/** A key without a question mark is not longer. */
const KEY_MAX = 1024;

/** Splits YAML into tokens as PyYAML does, which SAM uses: within brackets the indentation does not count. */
export class Scanner {
  private readonly cursor: Cursor;
  private readonly tokens: Token[] = [];
  private taken = 0;
  private done = false;
  private indent = -1;
  private readonly indents: number[] = [];
  private mayStartKey = true;
  /** The last possible key of each level of brackets. */
  private readonly keys: (PossibleKey | undefined)[] = [];
  private level = 0;

  constructor(text: string) {
    this.cursor = new Cursor(text);
  }

  public peek(): Token {
    while (this.needsMore()) this.fetch();
    return this.tokens[0];
  }

  public take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') {
      this.tokens.shift();
      this.taken++;
    }
    return token;
  }

  private needsMore(): boolean {
    if (this.done) return false;
    if (this.tokens.length === 0) return true;
    this.dropStaleKeys();
    // the first token may be a key, which only the tokens after it say
    return this.keys.some(key => key?.position === this.taken);
  }

  private fetch(): void {
    this.skipBlanks();
    this.dropStaleKeys();
    this.unwind(this.cursor.column);
    const { cursor } = this;
    const character = cursor.peek();
    if (character === END) return this.fetchEnd();
    if (cursor.column === 0 && character === '%') return this.fetchDirective();
    if (cursor.column === 0 && cursor.atDocumentMarker()) return this.fetchMarker();
    switch (character) {
      case '[': case '{': return this.fetchOpen(character);
      case ']': case '}': return this.fetchClose(character);
      case ',': return this.fetchComma();
      case '*': case '&': return this.fetchAnchor(character);
      case '!': return this.fetchScalar(() => this.add('tag', this.tag()));
      case '"': case "'": return this.fetchScalar(() => this.add('scalar', quotedScalar(cursor)));
      case '|': case '>': if (this.level === 0) return this.fetchBlockScalar(); break;
      case '-': if (isBlankOrEnd(cursor.peek(1))) return this.fetchItem(); break;
      case '?': if (this.level > 0 || isBlankOrEnd(cursor.peek(1))) return this.fetchKey(); break;
      case ':': if (this.level > 0 || isBlankOrEnd(cursor.peek(1))) return this.fetchValue(); break;
    }
    if (!this.startsPlain()) cursor.fail(`a character that starts no value (${JSON.stringify(character)})`);
    this.fetchScalar(() => this.fetchPlain());
  }

  private startsPlain(): boolean {
    const character = this.cursor.peek();
    if (!'-?:,[]{}#&*!|>\'"%@`\t'.includes(character)) return true;
    if (isBlankOrEnd(this.cursor.peek(1))) return false;
    return character === '-' || (this.level === 0 && '?:'.includes(character));
  }

  private skipBlanks(): void {
    const { cursor } = this;
    for (;;) {
      cursor.takeWhile(character => character === ' ' || (character === '\t' && (this.level > 0 || !this.mayStartKey)));
      if (cursor.peek() === '#') cursor.takeWhile(character => !isBreakOrEnd(character));
      if (cursor.takeBreak() === '') return;
      if (this.level === 0) this.mayStartKey = true;
    }
  }

  private dropStaleKeys(): void {
    for (let level = 0; level < this.keys.length; level++) {
      const key = this.keys[level];
      if (!key || (key.line === this.cursor.line && this.cursor.index - key.index <= KEY_MAX)) continue;
      this.dropKey(level);
    }
  }

  private dropKey(level = this.level): void {
    const key = this.keys[level];
    if (key?.required) this.cursor.fail('a key without a colon', key.line, key.column);
    this.keys[level] = undefined;
  }

  private saveKey(): void {
    if (!this.mayStartKey) return;
    const { index, line, column } = this.cursor;
    this.dropKey();
    const required = this.level === 0 && this.indent === column;
    this.keys[this.level] = { position: this.taken + this.tokens.length, required, index, line, column };
  }

  private unwind(column: number): void {
    if (this.level > 0) return;
    while (this.indent > column) {
      this.indent = this.indents.pop()!;
      this.add('blockEnd');
    }
  }

  /** Whether the column starts a collection within the current one. */
  private opens(column: number): boolean {
    if (this.indent >= column) return false;
    this.indents.push(this.indent);
    this.indent = column;
    return true;
  }

  private add(kind: TokenKind, text = '', rest: Partial<Token> = {}, place = this.tokens.length): void {
    const { line, column } = this.cursor;
    this.tokens.splice(place, 0, { kind, text, line, column, ...rest });
  }

  private fetchEnd(): void {
    if (this.level > 0) this.cursor.fail('a bracket that is not closed');
    this.unwind(-1);
    this.dropKey();
    this.keys.length = 0;
    this.add('end');
    this.done = true;
  }

  private fetchDirective(): void {
    this.unwind(-1);
    this.dropKey();
    this.mayStartKey = false;
    this.cursor.takeWhile(character => !isBreakOrEnd(character));
  }

  private fetchMarker(): void {
    if (this.level > 0) this.cursor.fail('a bracket that is not closed');
    this.unwind(-1);
    this.dropKey();
    this.mayStartKey = false;
    this.add('document', this.cursor.peek());
    this.cursor.take(3);
  }

  private fetchOpen(kind: '[' | '{'): void {
    this.saveKey();
    this.add(kind);
    this.level++;
    this.mayStartKey = true;
    this.cursor.take(1);
  }

  private fetchClose(kind: ']' | '}'): void {
    if (this.level === 0) this.cursor.fail(`a ${kind} without an opening bracket`);
    this.dropKey();
    this.level--;
    this.mayStartKey = false;
    this.add(kind);
    this.cursor.take(1);
  }

  private fetchComma(): void {
    this.mayStartKey = true;
    this.dropKey();
    this.add(',');
    this.cursor.take(1);
  }

  private fetchItem(): void {
    if (this.level === 0) this.openBlock('sequence', 'a list item that is not allowed here');
    this.mayStartKey = true;
    this.dropKey();
    this.add('-');
    this.cursor.take(1);
  }

  private fetchKey(): void {
    if (this.level === 0) this.openBlock('mapping', 'a key that is not allowed here');
    this.mayStartKey = this.level === 0;
    this.dropKey();
    this.add('key');
    this.cursor.take(1);
  }

  private fetchValue(): void {
    const key = this.keys[this.level];
    if (key) {
      this.keys[this.level] = undefined;
      const place = key.position - this.taken;
      const start = { line: key.line, column: key.column };
      this.add('key', '', start, place);
      if (this.level === 0 && this.opens(key.column)) this.add('mapping', '', start, place);
      this.mayStartKey = false;
    } else {
      if (this.level === 0) this.openBlock('mapping', 'a colon that is not allowed here');
      this.mayStartKey = this.level === 0;
      this.dropKey();
    }
    this.add('value');
    this.cursor.take(1);
  }

  private openBlock(kind: 'sequence' | 'mapping', otherwise: string): void {
    if (!this.mayStartKey) this.cursor.fail(otherwise);
    if (this.opens(this.cursor.column)) this.add(kind);
  }

  private fetchAnchor(indicator: string): void {
    this.fetchScalar(() => {
      const { line, column } = this.cursor;
      this.cursor.take(1);
      const name = this.cursor.takeWhile(character => /[\w-]/.test(character));
      if (name === '' || !(isBlankOrEnd(this.cursor.peek()) || '?:,]}%@`'.includes(this.cursor.peek()))) {
        this.cursor.fail('an anchor without a name');
      }
      this.add(indicator === '*' ? 'alias' : 'anchor', name, { line, column });
    });
  }

  /** Reads a token that may be a key. */
  private fetchScalar(read: () => void): void {
    this.saveKey();
    this.mayStartKey = false;
    read();
  }

  private fetchPlain(): void {
    const { line, column } = this.cursor;
    const { text, endedLine } = plainScalar(this.cursor, this.indent, this.level > 0);
    if (endedLine) this.mayStartKey = true;
    this.add('scalar', text, { plain: true, line, column });
  }

  private fetchBlockScalar(): void {
    const { line, column } = this.cursor;
    this.mayStartKey = true;
    this.dropKey();
    this.add('scalar', blockScalar(this.cursor, this.indent), { line, column });
  }

  private tag(): string {
    const ends = this.level > 0 ? ',[]{}' : '';
    return this.cursor.takeWhile(character => !isBlankOrEnd(character) && !ends.includes(character));
  }
}
