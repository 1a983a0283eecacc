import type { Severity } from '../../rules/rule';
import { groupsOf, plural, summaryOf } from '../report';
import type { Group, Note, Report } from '../report';
import { repositoryPath } from './repository-path';

/** GitHub shows ten annotations of a step and drops the others. */
const ANNOTATIONS_MAX = 10;
const LEVEL: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * Workflow commands of GitHub Actions: one annotation per rule, at the place of its first finding.
 * The step summary contains every finding (`main.ts` writes it).
 */
export function github(report: Report): string {
  const groups = groupsOf(report);
  const omitted = groups.slice(ANNOTATIONS_MAX);
  return `${[
    ...groups.slice(0, ANNOTATIONS_MAX).map(annotation),
    ...omitted.map(({ rule, findings }) => `${rule.id} ${rule.title}: ${plural(findings.length, 'finding')}`),
    ...report.notes.map(note),
    summaryOf(report),
  ].join('\n')}\n`;
}

function annotation({ severity, rule, findings: [first, ...others] }: Group): string {
  const place = `file=${property(repositoryPath(first.template))},line=${first.line}`;
  const more = others.map(({ template, line, path }) => `${path} (${repositoryPath(template)}:${line})`);
  const message = [first.message, ...more.length > 0 ? [`Also at ${more.join(', ')}`] : []].join('\n');
  return `::${LEVEL[severity]} ${place},title=${property(`${rule.id} ${rule.title}`)}::${data(message)}`;
}

/** A note is no annotation, because it would take the place of a finding. */
function note({ message, template, line }: Note): string {
  if (template === undefined) return message;
  return `${repositoryPath(template)}${line === undefined ? '' : `:${line}`}: ${message}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
