import { createHash } from 'crypto';
import { isAbsolute, relative, resolve, sep } from 'path';
import { pathToFileURL } from 'url';
import type { Finding } from '../engine/check';
import { RULES } from '../rules';
import type { Severity } from '../rules/rule';

type Format = (findings: Finding[], templates: number, colours: boolean) => string;

/** The ways in which findings are written. */
export const FORMATS = { human, json, sarif, github } satisfies Record<string, Format>;

const COLOUR: Record<Severity, number> = { error: 31, warning: 33, info: 36 };
const SARIF_LEVEL: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' };
const GITHUB_LEVEL: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' };

export function counting(findings: Finding[]): Finding[] {
  return findings.filter(finding => finding.exempted === undefined);
}

function human(findings: Finding[], templates: number, colours: boolean): string {
  const paint = (code: number, text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  const groups = new Map<string, Finding[]>();
  for (const finding of counting(findings)) groups.set(finding.subject, [...groups.get(finding.subject) ?? [], finding]);
  const blocks = [...groups].map(([subject, found]) => [
    paint(1, subject),
    ...found.flatMap(({ severity, rule, message }) => [
      `  ${paint(COLOUR[severity], severity.padEnd(7))} ${rule.id}  ${message}`,
      `                  ${paint(2, rule.why)}`,
    ]),
    '',
  ].join('\n'));
  return [...blocks, summary(findings, templates)].join('\n');
}

function summary(findings: Finding[], templates: number): string {
  const open = counting(findings);
  const amount = (severity: Severity, name: string) => {
    const n = open.filter(finding => finding.severity === severity).length;
    return `${n} ${name}${n === 1 ? '' : 's'}`;
  };
  const exempted = findings.length - open.length;
  const counts = [amount('error', 'error'), amount('warning', 'warning'), amount('info', 'info')].join(', ');
  return `${counts} in ${templates} template${templates === 1 ? '' : 's'}${exempted > 0 ? ` (${exempted} exempted)` : ''}\n`;
}

function json(findings: Finding[], templates: number): string {
  const rows = findings.map(({ rule, severity, template, line, path, logicalId, resourceType, property, message, fix, subject, exempted }) => ({
    rule: rule.id,
    severity,
    article: rule.article,
    template,
    line,
    path,
    logicalId,
    resourceType,
    property,
    function: subject,
    message,
    why: rule.why,
    fix,
    source: rule.source,
    exempted,
  }));
  return `${JSON.stringify({ templates, findings: rows }, undefined, 2)}\n`;
}

/** SARIF 2.1.0, as code scanning services read it: GitHub shows what is suppressed as an open alert, so that stays out. */
function sarif(all: Finding[]): string {
  const findings = counting(all);
  const used = RULES.filter(rule => findings.some(finding => finding.rule === rule));
  return `${JSON.stringify({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: {
        driver: {
          name: 'cdk-production-lambda',
          rules: used.map(rule => ({
            id: rule.id,
            shortDescription: { text: rule.title },
            fullDescription: { text: rule.why },
            help: { text: rule.fix },
            helpUri: rule.source,
            defaultConfiguration: { level: SARIF_LEVEL[rule.severity] },
          })),
        },
      },
      results: findings.map(finding => ({
        ruleId: finding.rule.id,
        ruleIndex: used.indexOf(finding.rule),
        level: SARIF_LEVEL[finding.severity],
        message: { text: finding.message },
        locations: [{
          physicalLocation: {
            artifactLocation: { uri: uriOf(finding.template) },
            // GitHub wants all four
            region: { startLine: finding.line, startColumn: 1, endLine: finding.line, endColumn: 1 },
          },
          logicalLocations: [{ fullyQualifiedName: finding.path, kind: 'resource' }],
        }],
        partialFingerprints: { primaryLocationLineHash: fingerprint(finding) },
      })),
    }],
  }, undefined, 2)}\n`;
}

/** Services look for files from the top of the repository, wherever in it the command runs. */
function placeOf(template: string): string {
  const path = resolve(template);
  const tops = [process.env.GITHUB_WORKSPACE ?? '', process.cwd()].filter(top => top !== '');
  return tops.map(top => relative(top, path)).find(within => !isAbsolute(within) && within.split(sep)[0] !== '..') ?? path;
}

function uriOf(template: string): string {
  const place = placeOf(template);
  return isAbsolute(place) ? pathToFileURL(place).href : place.split(sep).map(encodeURIComponent).join('/');
}

/** The same finding after lines have moved. */
function fingerprint({ rule, template, logicalId, property }: Finding): string {
  return `${createHash('sha256').update([rule.id, uriOf(template), logicalId, property].join('\n')).digest('hex').slice(0, 16)}:1`;
}

/** Workflow commands of GitHub Actions. */
function github(findings: Finding[], templates: number): string {
  const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const lines = counting(findings).map(({ severity, template, line, rule, message }) =>
    `::${GITHUB_LEVEL[severity]} file=${property(placeOf(template))},line=${line},title=${property(`${rule.id} ${rule.title}`)}::${data(message)}`);
  return `${[...lines, summary(findings, templates).trim()].join('\n')}\n`;
}
