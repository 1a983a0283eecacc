import { type CfnResource, type IResolveContext, Lazy } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Profile } from '../profile';

/** Where CDK is in a template, the metadata of a resource, and `tree.json`. */
const WRITTEN = /^(Resources|data|aws:cdk:cloudformation:.*)$/;

/** The current version, kept when the next one comes (in a sandbox: deleted) and published for changes of code and configuration only. */
export function keptVersion(fn: lambda.Function): lambda.IVersion {
  const version = fn.currentVersion;
  const resource = version.node.defaultChild as lambda.CfnVersion;
  if (resource.cfnOptions.deletionPolicy === undefined) version.applyRemovalPolicy(Profile.of(fn).removalPolicy);
  ignoreDescriptionAndTags(fn, resource);
  return version;
}

/**
 * CDK makes the description part of a version's logical id, and the tags too where an app from CDK 1 has set the flag
 * `@aws-cdk/aws-lambda:recognizeVersionProps` to false, so that a better wording or a new cost centre would publish a
 * version and shift all traffic to it. While the id is computed, both are out of sight.
 */
function ignoreDescriptionAndTags(fn: lambda.Function, version: CfnResource): void {
  // The id that Function.currentVersion computes is only to be had from the field that keeps it.
  const holder = version as unknown as { _logicalIdOverride?: string };
  const computed = holder._logicalIdOverride;
  if (computed === undefined) return;
  const cfnFunction = fn.node.defaultChild as lambda.CfnFunction;
  const compute = (context: IResolveContext): string => {
    const { description, tags } = cfnFunction;
    const { renderTags } = tags;
    cfnFunction.description = undefined;
    tags.renderTags = () => undefined;
    try {
      return context.resolve(computed);
    } finally {
      cfnFunction.description = description;
      tags.renderTags = renderTags;
    }
  };
  // Computing the id takes long, and more than a dozen places name it. CDK first looks for references, of which the id has
  // none, and then writes what it has, while nothing changes any more.
  let written: string | undefined;
  version.overrideLogicalId(Lazy.uncachedString({
    produce: context => {
      if (!context.preparing) return WRITTEN.test(context.documentPath[0]) ? written ??= compute(context) : compute(context);
      written = undefined;
      return 'Version';
    },
  }));
}
