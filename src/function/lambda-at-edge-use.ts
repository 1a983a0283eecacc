import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { onUseAtEdge } from '../private/cdk-internals';

/** Rejects a distribution that uses a version of the function at Lambda@Edge. */
export function rejectUseAtEdge(construct: Construct, definition: lambda.Function): void {
  let isAtEdge = false;
  onUseAtEdge(definition, () => isAtEdge = true);
  construct.node.addValidation({
    validate: () => !isAtEdge ? [] : ["'edgeLambdas' of a distribution must not use a ProductionFunction, got one; Lambda@Edge supports no environment "
      + 'variables, aliases, tracing or arm64, use cloudfront.experimental.EdgeFunction or lambda.Function'],
  });
}
