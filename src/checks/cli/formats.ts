import { createHash } from 'crypto';
import { isAbsolute, relative, resolve, sep } from 'path';
import { pathToFileURL } from 'url';
import type { Finding } from '../engine/check';
import { RULES } from '../rules';
import { documentationOf } from '../rules/rule';
import type { Severity } from '../rules/rule';

type Format = (findings: Finding[], templates: number, colors: boolean) => string;

/** The output formats by name. */
export const FORMATS = { human, json, sarif, github } satisfies Record<string, Format>;

const COLOR: Record<Severity, number> = { error: 31, warning: 33, info: 36 };
const SARIF_LEVEL: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' };
const GITHUB_LEVEL: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' };

/** The findings without an exemption. */
export function openFindings(findings: Finding[]): Finding[] {
  return findings.filter(finding => finding.exempted === undefined);
}

function human(findings: Finding[], templates: number, colors: boolean): string {
  const paint = (code: number, text: string) => (colors ? `\u001b[${code}m${text}\u001b[0m` : text);
  const groups = new Map<string, Finding[]>();
  for (const finding of openFindings(findings)) {
    groups.set(finding.subject, [...groups.get(finding.subject) ?? [], finding]);
  }
  const blocks = [...groups].map(([subject, found]) => [
    paint(1, subject),
    ...found.flatMap(({ severity, rule, message }) => [
      `  ${paint(COLOR[severity], severity.padEnd(7))} ${rule.id}  ${message}`,
      `                  ${paint(2, rule.why)}`,
    ]),
    '',
  ].join('\n'));
  return [...blocks, summary(findings, templates)].join('\n');
}

function summary(findings: Finding[], templates: number): string {
  const open = openFindings(findings);
  const amount = (severity: Severity, name: string) => {
    const n = open.filter(finding => finding.severity === severity).length;
    return `${n} ${name}${n === 1 ? '' : 's'}`;
  };
  const exempted = findings.length - open.length;
  const counts = [amount('error', 'error'), amount('warning', 'warning'), amount('info', 'info')].join(', ');
  const suffix = exempted > 0 ? ` (${exempted} exempted)` : '';
  return `${counts} in ${templates} template${templates === 1 ? '' : 's'}${suffix}\n`;
}

function json(findings: Finding[], templates: number): string {
  const rows = findings.map(finding => ({
    rule: finding.rule.id,
    severity: finding.severity,
    category: finding.rule.category,
    template: finding.template,
    line: finding.line,
    path: finding.path,
    logicalId: finding.logicalId,
    resourceType: finding.resourceType,
    property: finding.property,
    function: finding.subject,
    message: finding.message,
    why: finding.rule.why,
    fix: finding.fix,
    documentation: documentationOf(finding.rule.id),
    source: finding.rule.source,
    exempted: finding.exempted,
  }));
  return `${JSON.stringify({ templates, findings: rows }, undefined, 2)}\n`;
}

/** SARIF 2.1.0 for code scanning. GitHub shows suppressed results as open alerts, so exempted findings are omitted. */
function sarif(all: Finding[]): string {
  const findings = openFindings(all);
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
            helpUri: documentationOf(rule.id),
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
            // GitHub requires all four
            region: { startLine: finding.line, startColumn: 1, endLine: finding.line, endColumn: 1 },
          },
          logicalLocations: [{ fullyQualifiedName: finding.path, kind: 'resource' }],
        }],
        partialFingerprints: { primaryLocationLineHash: fingerprint(finding) },
      })),
    }],
  }, undefined, 2)}\n`;
}

/** The path from the root of the repository, which code scanning expects in every working directory. */
function repositoryPath(template: string): string {
  const path = resolve(template);
  const roots = [process.env.GITHUB_WORKSPACE ?? '', process.cwd()].filter(root => root !== '');
  const isWithin = (relativePath: string) => !isAbsolute(relativePath) && relativePath.split(sep)[0] !== '..';
  return roots.map(root => relative(root, path)).find(isWithin) ?? path;
}

function uriOf(template: string): string {
  const path = repositoryPath(template);
  return isAbsolute(path) ? pathToFileURL(path).href : path.split(sep).map(encodeURIComponent).join('/');
}

/** Identifies a finding after its line has changed. */
function fingerprint({ rule, template, logicalId, property }: Finding): string {
  const text = [rule.id, uriOf(template), logicalId, property].join('\n');
  return `${createHash('sha256').update(text).digest('hex').slice(0, 16)}:1`;
}

/** Workflow commands of GitHub Actions. */
function github(findings: Finding[], templates: number): string {
  const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const lines = openFindings(findings).map(({ severity, template, line, rule, message }) => {
    const place = `file=${property(repositoryPath(template))},line=${line}`;
    return `::${GITHUB_LEVEL[severity]} ${place},title=${property(`${rule.id} ${rule.title}`)}::${data(message)}`;
  });
  return `${[...lines, summary(findings, templates).trim()].join('\n')}\n`;
}
