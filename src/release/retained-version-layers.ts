import { type CfnElement, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { layersOf } from '../private/cdk-internals';
import { effectiveProperty } from '../private/effective-properties';

/** Whether the app creates the layer, so that a new content is a new version of the layer behind the same reference. */
export function isOwnLayer(layer: lambda.ILayerVersion): boolean {
  return layer.node.defaultChild !== undefined;
}

/** The layers of the function's stack that only its resource refers to. */
export function layersOnResource(fn: lambda.Function): CfnElement[] {
  const resource = fn.node.defaultChild as lambda.CfnFunction;
  const layers = effectiveProperty(resource, 'Layers', resource.layers);
  const references = Array.isArray(layers) ? layers.flatMap(layer => typeof layer?.Ref === 'string' ? [layer.Ref as string] : []) : [];
  if (references.length === 0) return [];
  const stack = Stack.of(fn);
  const known: unknown[] = layersOf(fn).filter(isOwnLayer).map(layer => stack.resolve((layer.node.defaultChild as CfnElement).logicalId));
  const unknown = references.filter(reference => !known.includes(reference));
  if (unknown.length === 0) return [];
  return stack.node.findAll().filter((construct): construct is CfnElement => construct instanceof lambda.CfnLayerVersion
    && construct.stack === stack && unknown.includes(stack.resolve(construct.logicalId)));
}
