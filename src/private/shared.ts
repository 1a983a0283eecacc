import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** The construct that holds, once per stack, what all functions of the stack share. */
const HOME = 'ProductionLambda';

/** Returns the stack's one construct of that id, making it where it is missing. */
export function sharedInStack<T extends Construct>(scope: Construct, id: string, create: (home: Construct) => T): T {
  const stack = Stack.of(scope);
  const home = (stack.node.tryFindChild(HOME) as Construct | undefined) ?? new Construct(stack, HOME);
  return (home.node.tryFindChild(id) as T | undefined) ?? create(home);
}
