import type { Severity } from '../../rules/rule';
import { groupsOf, noteText, plural, summaryOf } from '../report';
import type { Group, Note, Report } from '../report';
import { repositoryPath } from './repository-path';

/** GitHub shows ten annotations of a step and drops the others. */
const ANNOTATIONS_MAX = 10;
const LEVEL: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * Workflow commands of GitHub Actions: one annotation per unreadable template, and one per rule, at its first finding.
 * The step summary contains every finding (`main.ts` writes it).
 */
export function github(report: Report): string {
  const groups = groupsOf(report);
  const unread = report.notes.filter(isUnread).slice(0, ANNOTATIONS_MAX);
  const annotated = groups.slice(0, ANNOTATIONS_MAX - unread.length);
  const omitted = groups.slice(annotated.length);
  return `${[
    ...unread.map(unreadAnnotation),
    ...annotated.map(annotation),
    ...omitted.map(({ rule, findings }) => `${rule.id} ${rule.title}: ${plural(findings.length, 'finding')}`),
    // no annotations: they would take the place of findings
    ...report.notes.filter(note => !unread.includes(note)).map(note => noteText(note, repositoryPath)),
    summaryOf(report),
  ].join('\n')}\n`;
}

function annotation({ severity, rule, findings: [first, ...others] }: Group): string {
  const place = `file=${property(repositoryPath(first.template))},line=${first.line}`;
  const more = others.map(({ template, line, path }) => `${path} (${repositoryPath(template)}:${line})`);
  const message = [first.message, ...more.length > 0 ? [`Also at ${more.join(', ')}`] : []].join('\n');
  return `::${LEVEL[severity]} ${place},title=${property(`${rule.id} ${rule.title}`)}::${data(message)}`;
}

function isUnread({ severity }: Note): boolean {
  return severity === 'error';
}

function unreadAnnotation({ message, template, line }: Note): string {
  const place = template === undefined ? '' : `file=${property(repositoryPath(template))},line=${line ?? 1},`;
  return `::error ${place}title=Template is not checked::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
