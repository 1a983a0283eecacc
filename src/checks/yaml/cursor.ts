/** A text that is not YAML, with the place of the first mistake. */
export class YamlError extends Error {
  constructor(public readonly reason: string, public readonly line: number, public readonly column: number) {
    super(`${reason} at line ${line}, column ${column}`);
  }
}

/** What `peek` returns after the last character. */
export const END = '\0';
const BREAKS = '\r\n\u0085\u2028\u2029';

export function isBreak(character: string): boolean {
  return BREAKS.includes(character);
}

export function isBreakOrEnd(character: string): boolean {
  return character === END || isBreak(character);
}

/** Whether a token ends before the character. */
export function isBlankOrEnd(character: string): boolean {
  return character === ' ' || character === '\t' || isBreakOrEnd(character);
}

/** A place in a text. */
export class Cursor {
  public index = 0;
  /** From 0. */
  public line = 0;
  public column = 0;
  private readonly text: string;

  constructor(text: string) {
    // a NUL would look like the end of the text
    this.text = text.replace(/^\uFEFF/, '').replaceAll(END, '\uFFFD');
  }

  public peek(offset = 0): string {
    return this.text[this.index + offset] ?? END;
  }

  public startsWith(text: string): boolean {
    return this.text.startsWith(text, this.index);
  }

  /** Moves on by a number of characters and returns them. */
  public take(length: number): string {
    const taken = this.text.slice(this.index, this.index + length);
    for (let i = 0; i < taken.length; i++) {
      const isEnd = isBreak(taken[i]) && !(taken[i] === '\r' && this.text[this.index + i + 1] === '\n');
      this.column = isEnd ? 0 : this.column + 1;
      if (isEnd) this.line++;
    }
    this.index += taken.length;
    return taken;
  }

  /** Moves on while the characters fulfil the condition, and returns them. */
  public takeWhile(condition: (character: string) => boolean): string {
    let length = 0;
    while (this.index + length < this.text.length && condition(this.peek(length))) length++;
    return this.take(length);
  }

  /** Moves on past a line break and returns it, normalized; empty if there is none. */
  public takeBreak(): string {
    if (!isBreak(this.peek())) return '';
    const taken = this.take(this.startsWith('\r\n') ? 2 : 1);
    return taken === '\u2028' || taken === '\u2029' ? taken : '\n';
  }

  /** Whether `---` or `...` is at the place, as a token of its own. */
  public atDocumentMarker(): boolean {
    return (this.startsWith('---') || this.startsWith('...')) && isBlankOrEnd(this.peek(3));
  }

  public fail(reason: string, line = this.line, column = this.column): never {
    throw new YamlError(reason, line + 1, column + 1);
  }
}
