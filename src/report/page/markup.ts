/** HTML that is safe to write into the page. */
export class Markup {
  constructor(public readonly text: string) {}

  public toString(): string {
    return this.text;
  }
}

type Part = Markup | string | number | undefined | false | readonly (Markup | string)[];

/** A template literal of HTML: every value is escaped unless it is markup. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, part, i) => text + shownPart(values[i - 1]) + part));
}

function shownPart(value: Part): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  return Array.isArray(value) ? value.map(shownPart).join('') : escapeHtml(String(value));
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, character => `&#${character.charCodeAt(0)};`);
}

/** A name from a template: its direction does not change the text around it. */
export function name(text: string): Markup {
  return html`<bdi>${text}</bdi>`;
}

const SEGMENTER = new Intl.Segmenter();

/** Characters as a reader counts them, so that no emoji is cut in half. */
export function characters(text: string): string[] {
  return /^[\x20-\x7E]*$/.test(text) ? text.split('') : Array.from(SEGMENTER.segment(text), ({ segment }) => segment);
}

/** The start of a text of at most a number of characters. */
export function cut(text: string, most: number): string {
  const all = characters(text);
  return all.length <= most ? text : `${all.slice(0, most - 1).join('')}…`;
}

/** Fewer characters of the beginning of a path say nothing. */
const BEGINNING_MIN = 5;

/** The end of a path of at most a number of characters, from a step on if one fits, and its beginning if there is room. */
export function cutPath(path: string, most: number): string {
  const steps = path.split('/');
  for (let from = 0; from < steps.length; from++) {
    const rest = `${from > 0 ? '…/' : ''}${steps.slice(from).join('/')}`;
    const room = most - characters(rest).length;
    if (room >= 0) return from > 0 && room >= BEGINNING_MIN ? `${characters(path).slice(0, room).join('')}${rest}` : rest;
  }
  return cut(steps[steps.length - 1], most);
}
