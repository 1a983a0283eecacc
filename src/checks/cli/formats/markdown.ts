import { documentationOf } from '../../rules/rule';
import { groupsOf, noteText, summaryOf } from '../report';
import type { Report } from '../report';
import { cell } from './cell';
import { repositoryPath } from './repository-path';

/** The rows of one rule. A step summary of GitHub may have 1 MB. */
const ROWS_MAX = 50;

/** A page for pull requests and step summaries. */
export function markdown(report: Report): string {
  const rules = groupsOf(report).flatMap(({ severity, rule, findings }) => [
    `### ${severity}: [${rule.id}](${documentationOf(rule.id)}) ${cell(rule.title)} (${findings.length})`,
    '',
    cell(rule.why),
    '',
    '| File | Resource | Finding |',
    '| --- | --- | --- |',
    ...findings.slice(0, ROWS_MAX).map(({ template, line, path, message }) => (
      `| ${cell(`${repositoryPath(template)}:${line}`)} | ${cell(path)} | ${cell(message)} |`)),
    ...findings.length > ROWS_MAX ? [`| | and ${findings.length - ROWS_MAX} more | |`] : [],
    '',
  ]);
  const lines = report.notes.map(note => `- ${cell(noteText(note, repositoryPath))}`);
  const notes = lines.length > 0 ? ['### Notes', '', ...lines, ''] : [];
  return `${['## cdk-production-lambda check', '', summaryOf(report), '', ...rules, ...notes].join('\n')}`;
}
