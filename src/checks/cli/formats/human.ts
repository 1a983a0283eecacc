import type { Finding } from '../../engine/check';
import { documentationOf } from '../../rules/rule';
import type { Severity } from '../../rules/rule';
import { SET_ONCE } from '../../rules/set-once';
import { groupsOf, noteText, summaryOf } from '../report';
import type { Group, Output, Report } from '../report';

const COLOR: Record<Severity, number> = { error: 31, warning: 33, info: 36 };
const DIM = 2;
/** Warnings and infos of one property with one fix are folded from this number on. */
const FOLDED_FROM = 4;
/** The resources that a folded line names. */
const NAMED_MAX = 3;
const INDENT = '  ';

/** Text for a person: errors first, each rule once, with its findings below. */
export function human(report: Report, { colors, width }: Output): string {
  const paint = (code: number, text: string) => (colors ? `\u001b[${code}m${text}\u001b[0m` : text);
  const explain = (text: string) => wrap(text, width - INDENT.length).map(line => `${INDENT}${paint(DIM, line)}`);
  const blocks = groupsOf(report).map(group => {
    const { severity, rule, findings } = group;
    const [shared, ...otherFixes] = new Set(findings.map(({ fix }) => fix));
    return [
      `${paint(COLOR[severity], severity.padEnd(7))} ${rule.id}  ${rule.title} (${findings.length})`,
      ...explain(rule.why),
      ...explain(otherFixes.length > 0 ? documentationOf(rule.id) : `Fix: ${shared} (${documentationOf(rule.id)})`),
      ...rule.id in SET_ONCE && findings.length > 1 ? explain(`Set it once: ${SET_ONCE[rule.id]}`) : [],
      ...linesOf(group, otherFixes.length > 0).flatMap(line => hang(line, width)),
      '',
    ].join('\n');
  });
  const notes = report.notes.flatMap(note => hang(noteText(note), width).map(line => line.slice(INDENT.length)));
  return [...blocks, ...notes, ...notes.length > 0 ? [''] : [], summaryOf(report), ''].join('\n');
}

/** One line per finding; several warnings or infos of one property share a line. */
function linesOf({ severity, findings }: Group, eachWithFix: boolean): string[] {
  const alike = new Map<string, typeof findings[number][]>();
  for (const finding of findings) {
    const key = `${finding.property}\n${finding.fix}`;
    alike.set(key, [...alike.get(key) ?? [], finding]);
  }
  return [...alike.values()].flatMap(found => {
    const textOf = ({ problem, fix }: Finding) => (eachWithFix ? `${problem}; ${fix}` : problem);
    const lines = found.map(finding => `${placeOf(finding)}: ${textOf(finding)}`);
    if (severity === 'error' || found.length < FOLDED_FROM) return lines;
    const named = found.slice(1, NAMED_MAX).map(placeOf).join(', ');
    return [`${lines[0]} (and ${found.length - 1} like it: ${named} and ${found.length - NAMED_MAX} more)`];
  });
}

function placeOf({ template, line, path }: Finding): string {
  return `${template}:${line} ${path}`;
}

/** The lines of one finding: the first is indented once, the others twice. */
function hang(text: string, width: number): string[] {
  return wrap(text, width - 2 * INDENT.length).map((line, i) => `${INDENT}${i === 0 ? '' : INDENT}${line}`);
}

/** Breaks a text at spaces. A word that is longer than a line gets a line of its own. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
