import { documentationOf } from '../../rules/rule';
import type { Report } from '../report';

export function json({ findings, baselined, templates, notes }: Report): string {
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
  return `${JSON.stringify({ templates, findings: rows, baselined, notes }, undefined, 2)}\n`;
}
