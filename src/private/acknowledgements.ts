import type { IConstruct } from 'constructs';
import { ACKNOWLEDGED_RULES } from './cdk-internals';
import { OWN_ACKNOWLEDGEMENT } from './template-metadata';

/**
 * Acknowledges findings of a validation plugin as `Validations.acknowledge` does, without its stack trace: every function has such
 * acknowledgements, and a trace into this library says nothing. The id names the plugin.
 */
export function acknowledgeFindings(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  construct.node.addMetadata(ACKNOWLEDGED_RULES, reasons);
}

/** Acknowledges a finding for the library, whether the app has that finding or not. */
export function acknowledgeOwn(construct: IConstruct, id: string, reason: string): void {
  construct.node.addMetadata(OWN_ACKNOWLEDGEMENT, id);
  acknowledgeFindings(construct, { [id]: reason });
}

/** The acknowledgements at a construct, by the author of the app or by the library: id and reason. */
export function acknowledgedReasons({ node: { metadata } }: IConstruct): [string, string][] {
  return metadata.filter(({ type }) => type === ACKNOWLEDGED_RULES).flatMap(({ data }) => Object.entries(data as Record<string, string>));
}

/** The ids that the author of the app acknowledges at a construct. */
export function acknowledgementsOf({ node }: IConstruct): string[] {
  const { metadata } = node; // a copy
  // few constructs have any, and the checks read every construct of an app
  if (!metadata.some(({ type }) => type === ACKNOWLEDGED_RULES)) return [];
  const own = metadata.filter(({ type }) => type === OWN_ACKNOWLEDGEMENT).map(({ data }) => data as string);
  return metadata
    .filter(({ type }) => type === ACKNOWLEDGED_RULES)
    .flatMap(({ data }) => Object.keys(data as object))
    .filter(id => !own.includes(id));
}
