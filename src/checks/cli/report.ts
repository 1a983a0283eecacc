import type { Finding } from '../engine/check';
import type { Severity } from '../rules/rule';

/** A fact about the run that is not a finding: a file that was not read, an exemption that matches nothing. */
export interface Note {
  readonly message: string;
  /** @default - the note is about the run */
  readonly template?: string;
  /** @default - the note is about the whole template */
  readonly line?: number;
  /**
   * `error` if a file was not read, so that its message names the file.
   *
   * @default - information
   */
  readonly severity?: 'error';
}

/** The message of a note, after its place unless the message itself names the file. */
export function noteText({ message, template, line, severity }: Note, pathOf = (path: string) => path): string {
  if (template === undefined || severity === 'error') return message;
  return `${pathOf(template)}${line === undefined ? '' : `:${line}`}: ${message}`;
}

/** The result of one run of the command. */
export interface Report {
  /** The findings, errors first. Findings of the baseline are left out. */
  readonly findings: readonly Finding[];
  /** The number of findings that the baseline contains. */
  readonly baselined: number;
  /** The number of templates that were read. */
  readonly templates: number;
  readonly notes: readonly Note[];
}

/** The place that a report is printed to. */
export interface Output {
  readonly colors: boolean;
  /** The number of columns. */
  readonly width: number;
}

/** The findings without an exemption. */
export function openFindings({ findings }: Pick<Report, 'findings'>): Finding[] {
  return findings.filter(finding => finding.exempted === undefined);
}

/** The findings of one rule with one severity. */
export interface Group {
  readonly severity: Severity;
  readonly rule: Finding['rule'];
  readonly findings: readonly Finding[];
}

/** The findings without an exemption, by severity and rule. The rules with the most findings come first. */
export function groupsOf(report: Report): Group[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of openFindings(report)) {
    const key = `${finding.severity} ${finding.rule.id}`;
    groups.set(key, [...groups.get(key) ?? [], finding]);
  }
  const rank: Record<Severity, number> = { error: 0, warning: 1, info: 2 };
  return [...groups.values()]
    .map(findings => ({ severity: findings[0].severity, rule: findings[0].rule, findings }))
    .sort((a, b) => rank[a.severity] - rank[b.severity] || b.findings.length - a.findings.length);
}

/** `1 error, 2 warnings, 0 infos in 3 templates (1 exempted, 40 in the baseline)` */
export function summaryOf(report: Report): string {
  const open = openFindings(report);
  const count = (severity: Severity) => plural(open.filter(finding => finding.severity === severity).length, severity);
  const omitted = [
    [report.findings.length - open.length, 'exempted'] as const,
    [report.baselined, 'in the baseline'] as const,
  ].filter(([n]) => n > 0).map(([n, why]) => `${n} ${why}`).join(', ');
  const counts = [count('error'), count('warning'), count('info')].join(', ');
  return `${counts} in ${plural(report.templates, 'template')}${omitted === '' ? '' : ` (${omitted})`}`;
}

export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
