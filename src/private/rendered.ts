import { type CfnElement, Stack } from 'aws-cdk-lib';

type Json = Record<string, any>;

/** The part of CfnElement that is internal to CDK: what stands in the template, overrides included. */
interface RendersTemplate {
  _toCloudFormation(): unknown;
}

/** The resources that an element puts into the template, as they stand now. */
export function renderedResources(element: CfnElement): Json[] {
  const fragment = Stack.of(element).resolve((element as unknown as RendersTemplate)._toCloudFormation());
  return Object.values<Json>(fragment?.Resources ?? {});
}

/** The properties of a resource as they stand now. */
export function renderedProperties(element: CfnElement): Json {
  return renderedResources(element)[0]?.Properties ?? {};
}
