import { writeSync } from 'fs';
import { basename } from 'path';
import { CfnResource } from 'aws-cdk-lib';
import type { PolicyViolation } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Exemption, Finding } from './engine/check';
import { unmatchedAcknowledgement, unmatchedExemptions } from './engine/unmatched-messages';
import { acknowledgementsOf } from '../private/acknowledgements';

/** The first part of the ids for acknowledgements of findings. */
export const PREFIX = 'ProductionChecks::';

/** An exemption or an acknowledgement that applies to no finding. */
interface Unmatched {
  readonly message: string;
  /**
   * A resource of the acknowledgement.
   *
   * @default - it has none, or it is an exemption of the props
   */
  readonly at?: { readonly template: string; readonly logicalId: string };
}

/** The acknowledgement of a rule at a construct. */
export interface Acknowledgement {
  readonly rule: string;
  readonly construct: IConstruct;
}

/** The acknowledgements by the author of the app in a construct tree. */
export function acknowledgementsBelow(root: IConstruct): Acknowledgement[] {
  const found: Acknowledgement[] = [];
  const visit = (construct: IConstruct) => {
    for (const id of acknowledgementsOf(construct)) {
      if (id.startsWith(PREFIX)) found.push({ rule: id.slice(PREFIX.length), construct });
    }
    construct.node.children.forEach(visit);
  };
  visit(root);
  return found;
}

/** Finds the exemptions of the props, and the acknowledgements, that apply to no finding. */
export function findUnmatched(
  acknowledgements: readonly Acknowledgement[], exemptions: readonly Exemption[], findings: readonly Finding[],
): Unmatched[] {
  return [
    ...unmatchedExemptions(exemptions, findings).map(message => ({ message })),
    ...unmatchedAcknowledgements(acknowledgements, findings),
  ];
}

/** An info of the report. It does not have the name of the rule, because the acknowledgement would suppress it. */
export function unmatchedViolation({ message, at }: Unmatched, templatePaths: readonly string[]): PolicyViolation {
  const templatePath = at && templatePaths.find(path => basename(path) === at.template);
  return {
    ruleName: 'unmatched-exemption',
    description: message,
    severity: 'info',
    violatingResources: templatePath === undefined
      ? []
      : [{ resourceLogicalId: at!.logicalId, templatePath, locations: [] }],
  };
}

/** Writes what has no resource to standard error: the command of the CDK prints only violations of resources. */
export function writeUnmatchedNotice(unmatched: readonly Unmatched[]): void {
  if (process.env.CDK_CLI_VERSION === undefined) return;
  for (const { message, at } of unmatched) {
    if (at === undefined) writeSync(2, `ProductionChecks: ${message}\n`);
  }
}

function unmatchedAcknowledgements(
  acknowledgements: readonly Acknowledgement[], findings: readonly Finding[],
): Unmatched[] {
  const found = new Set(findings.map(({ rule, template, logicalId }) => keyOf(rule.id, template, logicalId)));
  return acknowledgements.flatMap(({ rule, construct }) => {
    const resources = resourcesOf(construct);
    if (resources.some(({ template, logicalId }) => found.has(keyOf(rule, template, logicalId)))) return [];
    return [{ message: unmatchedAcknowledgement(rule, construct.node.path), at: resources[0] }];
  });
}

/** The resources of a construct, which an acknowledgement covers. */
function resourcesOf(construct: IConstruct): { template: string; logicalId: string }[] {
  return construct.node.findAll().filter(CfnResource.isCfnResource).map(resource => ({
    template: resource.stack.templateFile,
    logicalId: resource.stack.resolve(resource.logicalId) as string,
  }));
}

function keyOf(rule: string, template: string, logicalId: string): string {
  return [rule, basename(template), logicalId].join('\n');
}
