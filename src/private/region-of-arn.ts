import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { referentOf } from './event-sources';
import { refuse } from './validation';

/** The Region that an ARN names, or of the stack whose resource it refers to; undefined if it is not known. */
export function regionOfArn(arn: string | undefined): string | undefined {
  return known(partOf(arn, 3, stack => stack.region));
}

/** The account that an ARN names, or of the stack whose resource it refers to; undefined if it is not known. */
export function accountOfArn(arn: string | undefined): string | undefined {
  return known(partOf(arn, 4, stack => stack.account));
}

/** Whether two accounts or Regions are known and differ. */
export function isElsewhere(one: string | undefined, other: string | undefined): boolean {
  return known(one) !== undefined && known(other) !== undefined && one !== other;
}

/** Throws an error if an ARN names another Region than that of a construct, and both are known. */
export function requireSameRegion(path: string, prop: string, arn: string | undefined, construct: IConstruct): void {
  const { region } = Stack.of(construct);
  const other = regionOfArn(arn);
  if (!isElsewhere(other, region)) return;
  refuse(path, `'${prop}' must be in ${region}, the Region of ${construct.node.path}, got ${other}, where Lambda does not poll; `
    + 'create the function in that Region, or forward the events with EventBridge');
}

function partOf(arn: string | undefined, index: number, ofStack: (stack: Stack) => string): string | undefined {
  if (arn === undefined) return undefined;
  const parts = arn.split(':');
  if (parts.length > index && parts[0] === 'arn') return parts[index];
  const resource = referentOf(arn);
  return resource && ofStack(resource.stack);
}

function known(value: string | undefined): string | undefined {
  return value === undefined || value === '' || Token.isUnresolved(value) ? undefined : value;
}
