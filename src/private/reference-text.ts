import {
  CfnElement, type CfnResource, DefaultTokenResolver, type IFragmentConcatenator, type IPostProcessor, type IResolvable, type IResolveContext,
  Reference, Tokenization,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { propertyOverridesOf, templateFragmentOf, unresolvedPropertiesOf } from './cdk-internals';
import { effectiveValue } from './effective-properties';

/**
 * A value as text in which each reference is named by the construct that it refers to. Two values refer to the same thing if
 * their texts are equal, wherever in the app they are used.
 *
 * Resolved values cannot be compared across an app: logical ids repeat in other stacks and stages, a reference to another
 * stack resolves to an export, and a reference to another account or Region throws an error.
 *
 * @param scope The construct that uses the value
 * @param value A token, a text with tokens, or a structure that contains them
 */
export function referenceText(scope: IConstruct, value: unknown): string {
  return textOf(withNamedReferences(scope, value));
}

/** The value, resolved, with the name of the construct and the attribute in place of each reference. */
export function withNamedReferences(scope: IConstruct, value: unknown): any {
  return Tokenization.resolve(value, { scope, resolver: new ReferenceNames(new TextConcatenator()), preparing: false });
}

/** The addresses (`node.addr`) of the constructs that a value refers to. */
export function addressesIn(scope: IConstruct, value: unknown): string[] {
  return [...referenceText(scope, value).matchAll(/<(c8[0-9a-f]{40})\./g)].map(([, address]) => address);
}

/** The properties of a resource as they are in the template, with overrides, and with named references. */
export function namedProperties(resource: CfnResource): Record<string, any> {
  const fragment = withNamedReferences(resource, templateFragmentOf(resource));
  return Object.values<any>(fragment?.Resources ?? {})[0]?.Properties ?? {};
}

/** One property of a resource, as `namedProperties` has it, without the time to resolve the others. */
export function namedProperty(resource: CfnResource, name: string): any {
  const field = fieldOf(name);
  if (!(field in resource)) return namedProperties(resource)[name]; // a resource without a class, such as a custom resource
  return withNamedReferences(resource, effectiveValue(resource, name, (resource as unknown as Record<string, unknown>)[field]));
}

/** A property as the resource and its overrides have it, unresolved. An override can be of a part of the property. */
export function unresolvedProperty(resource: CfnResource, name: string): [own: unknown, override: unknown] {
  const own = unresolvedPropertiesOf(resource);
  return [own[fieldOf(name)] ?? own[name], propertyOverridesOf(resource)[name]];
}

/** The field of a class of the CDK for a property of CloudFormation. */
function fieldOf(property: string): string {
  return property.charAt(0).toLowerCase() + property.slice(1);
}

class ReferenceNames extends DefaultTokenResolver {
  /** A reference is not resolved. The pseudo parameters of CloudFormation refer to no element, and resolve as usual. */
  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    if (Reference.isReference(token) && CfnElement.isCfnElement(token.target)) return `<${token.target.node.addr}.${token.displayName}>`;
    return super.resolveToken(token, context, postProcessor);
  }
}

class TextConcatenator implements IFragmentConcatenator {
  public join(left: any, right: any): any {
    return [left, right].filter(part => part !== undefined).map(textOf).join('');
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? '';
}
