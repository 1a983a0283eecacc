import { END, isBlankOrEnd, isBreak, isBreakOrEnd } from './cursor';
import type { Cursor } from './cursor';

const ESCAPES: Record<string, string> = {
  '0': '\0',
  'a': '\x07',
  'b': '\b',
  't': '\t',
  '\t': '\t',
  'n': '\n',
  'v': '\v',
  'f': '\f',
  'r': '\r',
  'e': '\x1B',
  ' ': ' ',
  '"': '"',
  '\\': '\\',
  '/': '/',
  'N': '\x85',
  '_': '\xA0',
  'L': '\u2028',
  'P': '\u2029',
};
/** The number of hexadecimal digits after each escape. */
const CODES: Record<string, number> = { x: 2, u: 4, U: 8 };

/** A scalar, and whether it ended at the start of a line. */
export interface Plain {
  readonly text: string;
  readonly endedLine: boolean;
}

/** Reads a literal (`|`) or folded (`>`) scalar. Its lines have more indentation than the collection around it. */
export function blockScalar(cursor: Cursor, parentIndent: number): string {
  const isFolded = cursor.take(1) === '>';
  const { chomping, increment } = indicators(cursor);
  ignoredLine(cursor);
  const least = Math.max(1, parentIndent + 1);
  const first = increment === undefined ? indentation(cursor) : undefined;
  const indent = first ? Math.max(least, first.indent) : least + increment! - 1;
  let breaks = first ? first.breaks : emptyLines(cursor, indent);
  let text = '';
  let end = '';
  while (cursor.column === indent && cursor.peek() !== END) {
    text += breaks;
    const starts = !' \t'.includes(cursor.peek());
    text += cursor.takeWhile(character => !isBreakOrEnd(character));
    end = cursor.takeBreak();
    breaks = emptyLines(cursor, indent);
    if (cursor.column !== indent || cursor.peek() === END) break;
    const folds = isFolded && end === '\n' && starts && !' \t'.includes(cursor.peek());
    text += folds ? (breaks === '' ? ' ' : '') : end;
  }
  return text + (chomping === '-' ? '' : end) + (chomping === '+' ? breaks : '');
}

/** Reads a scalar in single or double quotes. Its lines may have any indentation. */
export function quotedScalar(cursor: Cursor): string {
  const quote = cursor.take(1);
  let text = inQuotes(cursor, quote);
  while (cursor.peek() !== quote) {
    text += blanksInQuotes(cursor);
    text += inQuotes(cursor, quote);
  }
  cursor.take(1);
  return text;
}

/** Reads a scalar without quotes, which may continue on lines with more indentation. */
export function plainScalar(cursor: Cursor, parentIndent: number, inFlow: boolean): Plain {
  let text = '';
  let spaces = '';
  let endedLine = false;
  while (cursor.peek() !== '#') {
    const piece = takePlain(cursor, inFlow);
    if (piece === '') break;
    text += spaces + piece;
    const line = cursor.line;
    const next = blanksInPlain(cursor);
    endedLine = cursor.line > line;
    if (next === undefined || next === '' || (!inFlow && cursor.column < parentIndent + 1)) break;
    spaces = next;
  }
  return { text, endedLine };
}

function takePlain(cursor: Cursor, inFlow: boolean): string {
  let length = 0;
  for (;;) {
    const character = cursor.peek(length);
    if (isBlankOrEnd(character) || (inFlow && ',[]{}'.includes(character))) break;
    if (character === ':') {
      const next = cursor.peek(length + 1);
      if (isBlankOrEnd(next) || (inFlow && ',[]{}'.includes(next))) break;
    }
    length++;
  }
  return cursor.take(length);
}

/** The white space after a piece of a plain scalar; undefined if a document ends there. */
function blanksInPlain(cursor: Cursor): string | undefined {
  const blanks = cursor.takeWhile(character => character === ' ');
  if (!isBreak(cursor.peek())) return blanks;
  const end = cursor.takeBreak();
  if (cursor.column === 0 && cursor.atDocumentMarker()) return undefined;
  let breaks = '';
  while (cursor.peek() === ' ' || isBreak(cursor.peek())) {
    if (cursor.peek() === ' ') {
      cursor.take(1);
      continue;
    }
    breaks += cursor.takeBreak();
    if (cursor.atDocumentMarker()) return undefined;
  }
  return folded(end, breaks);
}

function inQuotes(cursor: Cursor, quote: string): string {
  const isDouble = quote === '"';
  let text = '';
  for (;;) {
    text += cursor.takeWhile(character => !'\'"\\'.includes(character) && !isBlankOrEnd(character));
    const character = cursor.peek();
    if (!isDouble && cursor.startsWith("''")) text += cursor.take(2)[0];
    else if (isDouble ? character === "'" : character === '"' || character === '\\') text += cursor.take(1);
    else if (isDouble && character === '\\') text += escape(cursor);
    else return text;
  }
}

function escape(cursor: Cursor): string {
  cursor.take(1);
  const character = cursor.peek();
  if (isBreak(character)) {
    cursor.takeBreak();
    return emptyLinesInQuotes(cursor);
  }
  if (Object.hasOwn(ESCAPES, character)) return ESCAPES[cursor.take(1)];
  if (!Object.hasOwn(CODES, character)) cursor.fail('unknown escape character');
  const digits = CODES[cursor.take(1)];
  const code = cursor.take(digits);
  const value = /^[0-9A-Fa-f]+$/.test(code) && code.length === digits ? parseInt(code, 16) : Infinity;
  if (value > 0x10FFFF) cursor.fail(`an escape that needs ${digits} hexadecimal digits`);
  return String.fromCodePoint(value);
}

function blanksInQuotes(cursor: Cursor): string {
  const blanks = cursor.takeWhile(character => character === ' ' || character === '\t');
  if (cursor.peek() === END) cursor.fail('a quoted text that does not end');
  if (!isBreak(cursor.peek())) return blanks;
  const end = cursor.takeBreak();
  return folded(end, emptyLinesInQuotes(cursor));
}

function emptyLinesInQuotes(cursor: Cursor): string {
  let breaks = '';
  for (;;) {
    if (cursor.column === 0 && cursor.atDocumentMarker()) cursor.fail('a quoted text that does not end');
    cursor.takeWhile(character => character === ' ' || character === '\t');
    if (!isBreak(cursor.peek())) return breaks;
    breaks += cursor.takeBreak();
  }
}

/** One line break becomes a space; more of them lose the first. */
function folded(end: string, breaks: string): string {
  return (end === '\n' ? (breaks === '' ? ' ' : '') : end) + breaks;
}

function indicators(cursor: Cursor): { chomping?: string; increment?: number } {
  const [, before, digit, after] = /^([+-]?)(\d?)([+-]?)/.exec(cursor.peek() + cursor.peek(1))!;
  if (digit === '0') cursor.fail('an indentation of 0');
  cursor.take(before.length + digit.length + (before === '' ? after.length : 0));
  if (!isBreakOrEnd(cursor.peek()) && cursor.peek() !== ' ') cursor.fail('a block scalar with unknown indicators');
  const chomping = before || after;
  return { chomping: chomping === '' ? undefined : chomping, increment: digit === '' ? undefined : Number(digit) };
}

/** Blanks and a comment after the indicators of a block scalar. */
function ignoredLine(cursor: Cursor): void {
  cursor.takeWhile(character => character === ' ');
  if (cursor.peek() === '#') cursor.takeWhile(character => !isBreakOrEnd(character));
  if (!isBreakOrEnd(cursor.peek())) cursor.fail('a text after the indicators of a block scalar');
  cursor.takeBreak();
}

/** The indentation of the first line with text, and the line breaks before it. */
function indentation(cursor: Cursor): { indent: number; breaks: string } {
  let [indent, breaks] = [0, ''];
  while (cursor.peek() === ' ' || isBreak(cursor.peek())) {
    if (cursor.peek() === ' ') cursor.take(1);
    else breaks += cursor.takeBreak();
    indent = Math.max(indent, cursor.column);
  }
  return { indent, breaks };
}

function emptyLines(cursor: Cursor, indent: number): string {
  let breaks = '';
  for (;;) {
    while (cursor.column < indent && cursor.peek() === ' ') cursor.take(1);
    if (!isBreak(cursor.peek())) return breaks;
    breaks += cursor.takeBreak();
  }
}
