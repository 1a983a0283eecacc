import { isMatched } from './check';
import type { Exemption, Finding } from './check';

/** The messages about exemptions that apply to no finding. */
export function unmatchedExemptions(exemptions: readonly Exemption[], findings: readonly Finding[]): string[] {
  return exemptions.filter(exemption => !isMatched(exemption, findings)).map(({ rule, path }) => (
    `the exemption of ${rule}${path === undefined ? '' : ` at ${path}`} matches no finding; remove it`));
}

/** The message about an acknowledgement in the code of the app that applies to no finding. */
export function unmatchedAcknowledgement(rule: string, place: string | undefined): string {
  return `the acknowledgement of ${rule} at ${place || 'the app'} matches no finding; remove it`;
}
