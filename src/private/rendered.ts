import { type CfnElement, Stack } from 'aws-cdk-lib';

type Json = Record<string, any>;

/** The part of CfnResource that is private to CDK: what `addPropertyOverride` was told. */
interface Overridden {
  readonly rawOverrides?: { readonly Properties?: Json };
}

/** The part of CfnElement that is internal to CDK: what stands in the template, overrides included. */
interface RendersTemplate {
  _toCloudFormation(): unknown;
}

/** The resources that an element puts into the template, as they stand now. */
export function renderedResources(element: CfnElement): Json[] {
  const fragment = Stack.of(element).resolve((element as unknown as RendersTemplate)._toCloudFormation());
  return Object.values<Json>(fragment?.Resources ?? {});
}

/** A property as it would stand in the template now: an override goes before what the resource was given. */
export function standing(resource: CfnElement, property: string, given: unknown): unknown {
  const { Properties: overrides = {} } = (resource as unknown as Overridden).rawOverrides ?? {};
  return Stack.of(resource).resolve(property in overrides ? overrides[property] : given);
}

/** The properties of a resource as they stand now. */
export function renderedProperties(element: CfnElement): Json {
  return renderedResources(element)[0]?.Properties ?? {};
}
