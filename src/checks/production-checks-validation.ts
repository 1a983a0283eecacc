import type { ProductionChecksProps } from './production-checks-props';
import { RULES } from './rules';

/** Throws an error if an option names no rule, or if an exemption has no reason. */
export function validateProductionChecksProps(props: ProductionChecksProps): void {
  const { severities = [], exemptions = [], reportFile } = props;
  if (reportFile !== undefined) requireExtension(reportFile);
  for (const { rule } of [...severities, ...exemptions]) requireRule(rule);
  for (const { rule, reason } of exemptions) requireReason(rule, reason);
}

function requireExtension(file: string): void {
  if (/\.(html|md|json|txt)$/.test(file)) return;
  throw new Error(`'reportFile' must end with .html, .md, .json or .txt, got ${file || 'nothing'}; `
    + 'set it to readiness.html (at ProductionChecks)');
}

function requireRule(id: string): void {
  if (RULES.some(rule => rule.id === id)) return;
  throw new Error(`'rule' must be the id of a rule, got ${id}; see docs/RULES.md for all ids (at ProductionChecks)`);
}

/** A caller in JavaScript can leave out the reason. */
function requireReason(rule: string, reason: string | undefined): void {
  if (reason !== undefined && reason.trim() !== '') return;
  throw new Error(`'reason' must not be empty, got nothing; state why ${rule} does not apply (at ProductionChecks)`);
}
