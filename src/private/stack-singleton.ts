import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** The construct in each stack that holds what all functions of the stack share. */
const PARENT = 'ProductionLambda';

/** Returns the stack's only construct of that id, and creates it if the stack has none yet. */
export function stackSingleton<T extends Construct>(scope: Construct, id: string, create: (parent: Construct) => T): T {
  const stack = Stack.of(scope);
  const parent = (stack.node.tryFindChild(PARENT) as Construct | undefined) ?? new Construct(stack, PARENT);
  return (parent.node.tryFindChild(id) as T | undefined) ?? create(parent);
}
