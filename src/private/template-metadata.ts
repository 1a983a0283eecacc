import type { CfnResource, Stack } from 'aws-cdk-lib';

/** The metadata key under which resources and templates carry what ProductionChecks reads. */
export const METADATA_KEY = 'cdk-production-lambda';

/** Writes into the template why a rule of ProductionChecks does not apply to a resource: `{ "exempt": { "LP-H09": "…" } }`. */
export function exempt(resource: CfnResource, rule: string, reason: string): void {
  const present = resource.getMetadata(METADATA_KEY) as { exempt?: Record<string, string> } | undefined;
  resource.addMetadata(METADATA_KEY, { exempt: { ...present?.exempt, [rule]: reason } });
}

/** Writes into the template of a stack that a sandbox profile applies to it: `{ "profile": "sandbox" }`. */
export function markAsSandbox(stack: Stack): void {
  const { metadata } = stack.templateOptions;
  stack.templateOptions.metadata = { ...metadata, [METADATA_KEY]: { ...metadata?.[METADATA_KEY], profile: 'sandbox' } };
}

/** The type of the metadata entry by which the assembly says which acknowledgements of a construct are by this library. */
export const OWN_ACKNOWLEDGEMENT = 'cdk-production-lambda:own-acknowledgement';
