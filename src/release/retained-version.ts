import { createHash } from 'node:crypto';
import { type CfnResource, type IResolveContext, Lazy } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { isOwnLayer, layersOnResource } from './retained-version-layers';
import {
  computedLogicalIdOf, isBeingWritten, layersOf, readWithLayersRecognized, readWithoutDescriptionAndTags,
} from '../private/cdk-internals';
import { effectiveProperties } from '../private/effective-properties';
import { Profile } from '../profile';

/**
 * The current version of a function: retained when the next one is published (in a sandbox deleted), and published only for
 * changes of code and configuration, among them the content of layers.
 */
export function retainedVersion(fn: lambda.Function): lambda.IVersion {
  const version = fn.currentVersion;
  const resource = version.node.defaultChild as lambda.CfnVersion;
  if (resource.cfnOptions.deletionPolicy === undefined) version.applyRemovalPolicy(Profile.of(fn).removalPolicy);
  computeOwnLogicalId(fn, resource);
  return version;
}

/**
 * CDK makes the description part of a version's logical id, and also the tags if an app from CDK 1 has set the flag
 * `@aws-cdk/aws-lambda:recognizeVersionProps` to false. A change of the description or of a cost center would then publish a
 * version and shift all traffic to it. So both are removed while the id is computed. The content of layers is a part of the id
 * whether or not the app has set the flag `@aws-cdk/aws-lambda:recognizeLayerVersion`.
 */
function computeOwnLogicalId(fn: lambda.Function, version: CfnResource): void {
  const computed = computedLogicalIdOf(version);
  if (computed === undefined) return;
  const cfnFunction = fn.node.defaultChild as lambda.CfnFunction;
  const compute = (context: IResolveContext): string => withLayersOnResource(fn, withLayers(fn, () =>
    readWithoutDescriptionAndTags(cfnFunction, () => context.resolve(computed))));
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

/** Layers with a literal ARN are a part of CDK's id without the flag; so ids change for no function that has only such layers. */
function withLayers<T>(fn: lambda.Function, read: () => T): T {
  return layersOf(fn).some(isOwnLayer) ? readWithLayersRecognized(fn, read) : read();
}

/** CDK reads only the layers of its `Function`. Layers that were set on the resource, by an Aspect or an override, are added to the hash. */
function withLayersOnResource(fn: lambda.Function, id: string): string {
  const layers = layersOnResource(fn);
  if (layers.length === 0) return id;
  const hash = createHash('md5').update(id).update(JSON.stringify(layers.map(effectiveProperties))).digest('hex');
  return id.slice(0, -hash.length) + hash;
}
