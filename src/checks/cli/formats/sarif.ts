import { createHash } from 'crypto';
import type { Finding } from '../../engine/check';
import { RULES } from '../../rules';
import { documentationOf } from '../../rules/rule';
import type { Severity } from '../../rules/rule';
import { openFindings } from '../report';
import type { Note, Report } from '../report';
import { uriOf } from './repository-path';

const LEVEL: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' };

/** SARIF 2.1.0 for code scanning. GitHub shows suppressed results as open alerts, so exempted findings are omitted. */
export function sarif(report: Report): string {
  const findings = openFindings(report);
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
            defaultConfiguration: { level: LEVEL[rule.severity] },
          })),
        },
      },
      ...report.notes.length > 0 && {
        invocations: [{
          executionSuccessful: report.notes.every(({ severity }) => severity !== 'error'),
          toolExecutionNotifications: report.notes.map(notification),
        }],
      },
      results: findings.map(finding => ({
        ruleId: finding.rule.id,
        ruleIndex: used.indexOf(finding.rule),
        level: LEVEL[finding.severity],
        message: { text: finding.message },
        locations: [{
          physicalLocation: location(finding.template, finding.line),
          logicalLocations: [{ fullyQualifiedName: finding.path, kind: 'resource' }],
        }],
        partialFingerprints: { primaryLocationLineHash: fingerprint(finding) },
      })),
    }],
  }, undefined, 2)}\n`;
}

function location(template: string, line: number) {
  // GitHub requires all four
  const region = { startLine: line, startColumn: 1, endLine: line, endColumn: 1 };
  return { artifactLocation: { uri: uriOf(template) }, region };
}

function notification({ message, template, line, severity }: Note) {
  return {
    level: severity ?? 'note',
    message: { text: message },
    ...template !== undefined && { locations: [{ physicalLocation: location(template, line ?? 1) }] },
  };
}

/** Identifies a finding after its line has changed. */
function fingerprint({ rule, template, logicalId, property }: Finding): string {
  const text = [rule.id, uriOf(template), logicalId, property].join('\n');
  return `${createHash('sha256').update(text).digest('hex').slice(0, 16)}:1`;
}
