/** A text for a table or a list of GitHub. It may contain anything: no markup, mention or new line takes effect. */
export function cell(text: string): string {
  return text.replace(/[\\`*_[\]|@#~$]/g, '\\$&')
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    .replace(/\s+/g, ' ');
}
