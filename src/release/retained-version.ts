import { type CfnResource, type IResolveContext, Lazy } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { computedLogicalIdOf, readWithoutDescriptionAndTags, isBeingWritten } from '../private/cdk-internals';
import { Profile } from '../profile';

/**
 * The current version of a function: retained when the next one is published (in a sandbox deleted), and published only for
 * changes of code and configuration.
 */
export function retainedVersion(fn: lambda.Function): lambda.IVersion {
  const version = fn.currentVersion;
  const resource = version.node.defaultChild as lambda.CfnVersion;
  if (resource.cfnOptions.deletionPolicy === undefined) version.applyRemovalPolicy(Profile.of(fn).removalPolicy);
  ignoreDescriptionAndTags(fn, resource);
  return version;
}

/**
 * CDK makes the description part of a version's logical id, and also the tags if an app from CDK 1 has set the flag
 * `@aws-cdk/aws-lambda:recognizeVersionProps` to false. A change of the description or of a cost center would then publish a
 * version and shift all traffic to it. So both are removed while the id is computed.
 */
function ignoreDescriptionAndTags(fn: lambda.Function, version: CfnResource): void {
  const computed = computedLogicalIdOf(version);
  if (computed === undefined) return;
  const cfnFunction = fn.node.defaultChild as lambda.CfnFunction;
  const compute = (context: IResolveContext): string => readWithoutDescriptionAndTags(cfnFunction, () => context.resolve(computed));
  // Computing the id is slow, and more than a dozen places contain it. CDK first searches for references, of which the id has
  // none, and then writes the template, during which nothing changes.
  let written: string | undefined;
  version.overrideLogicalId(Lazy.uncachedString({
    produce: context => {
      if (!context.preparing) return isBeingWritten(context) ? written ??= compute(context) : compute(context);
      written = undefined;
      return 'Version';
    },
  }));
}
