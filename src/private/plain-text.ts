/** Controls of a terminal, line and paragraph separators, and characters that are not visible: marks of the direction of a text, tags, soft hyphens. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * What the runner of GitHub Actions takes for a workflow command: `##[` anywhere in a line, and `::` at the start of a line. A text
 * can be wrapped before each of its words.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
const COMMAND = /##\[|(?<!\S)::(?=[a-z])/gi;

/** The text on one line, without control characters and workflow commands: names in a template may contain anything. */
export function plainText(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ').replace(CONTROL, '\uFFFD').replace(COMMAND, command => `${command.slice(0, -1)}\uFFFD`);
}
