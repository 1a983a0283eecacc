import { type CfnElement, Stack } from 'aws-cdk-lib';
import { propertyOverridesOf, templateFragmentOf } from './cdk-internals';

type Json = Record<string, any>;

/** The resources that an element would write into the template now. */
export function effectiveResources(element: CfnElement): Json[] {
  const fragment = Stack.of(element).resolve(templateFragmentOf(element));
  return Object.values<Json>(fragment?.Resources ?? {});
}

/** The value that a property has at synth, with its tokens: an override takes precedence over the value of the resource. */
export function effectiveValue(resource: CfnElement, property: string, value: unknown): unknown {
  const overrides = propertyOverridesOf(resource);
  return property in overrides ? overrides[property] : value;
}

/** The resolved value that the template would have now for a property. */
export function effectiveProperty(resource: CfnElement, property: string, value: unknown): unknown {
  return Stack.of(resource).resolve(effectiveValue(resource, property, value));
}

/** The properties that the template would have now, overrides included. */
export function effectiveProperties(element: CfnElement): Json {
  return effectiveResources(element)[0]?.Properties ?? {};
}
