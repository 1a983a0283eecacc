/* eslint-disable no-control-regex -- control characters are the subject */
/** Characters that a terminal or a workflow runner may take for a command, and marks for the direction of a text. */
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g;

/** The text on one line, without control characters: names in a template may contain anything. */
export function plainText(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ').replace(CONTROL, '\uFFFD');
}
