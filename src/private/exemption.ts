import type { CfnResource } from 'aws-cdk-lib';

/** Where a resource of a template says which rules do not hold for it, and why: `{ "exempt": { "LP-H09": "..." } }`. */
export const EXEMPTIONS = 'cdk-production-lambda';

/** Writes into the template why a rule of ProductionChecks does not hold for a resource, for whoever checks it later. */
export function exempt(resource: CfnResource, rule: string, reason: string): void {
  const written = resource.getMetadata(EXEMPTIONS) as { exempt?: Record<string, string> } | undefined;
  resource.addMetadata(EXEMPTIONS, { exempt: { ...written?.exempt, [rule]: reason } });
}
