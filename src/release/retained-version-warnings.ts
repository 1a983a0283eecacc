import { CfnCondition, type CfnElement, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { movingTagOf } from '../aws';
import { propertyOverridesOf, unresolvedPropertiesOf } from '../private/cdk-internals';
import { type Declarations, type DeployTimeValue, deployTimeValuesIn, textWithReferences } from '../private/deploy-time-values';
import { effectiveProperties, effectiveProperty } from '../private/effective-properties';
import { cfnFunctionOf } from '../private/function-definition';
import { warn } from '../private/validation';
import { contains } from '../private/value-search';

/** The properties that are not a part of a version, and the name, which a function cannot change. */
const NOT_IN_A_VERSION = ['CodeSigningConfigArn', 'Description', 'FunctionName', 'ReservedConcurrentExecutions', 'Tags', 'TenancyConfig'];
const REPOSITORY = 'AWS::ECR::Repository';
/** The key of an image, a dynamic reference, and the intrinsic functions that can select a value of a parameter. */
const DEPLOY_TIME = /^(imageUri|Ref|Fn::(?!GetAtt$|Join$|Select$|Split$|Base64$).*)$|\{\{resolve:/i;
const WARNED = Symbol.for('cdk-production-lambda.retainedVersionWarnings');

type Json = Record<string, unknown>;
type StackWithAliases = Stack & { [WARNED]?: { alias: IConstruct; fn: lambda.Function; said: Set<string> }[] };

/**
 * Warns at synth, when all references exist, of content that can change while the version's logical id does not: Lambda then runs the new
 * content only for `$LATEST`, and the alias keeps the version with the old one.
 */
export function warnUnversionedContent(alias: IConstruct, fn: lambda.Function): void {
  const stack: StackWithAliases = Stack.of(fn);
  const aliases = stack[WARNED] ??= [];
  aliases.push({ alias, fn, said: new Set() });
  if (aliases.length > 1) return;
  stack.node.addValidation({
    validate: () => {
      const elements = new Elements(stack);
      for (const each of aliases) warnAlias(each, elements);
      return [];
    },
  });
}

function warnAlias({ alias, fn, said }: { alias: IConstruct; fn: lambda.Function; said: Set<string> }, elements: Elements): void {
  if (!canBeUnversioned(cfnFunctionOf(fn)!)) return;
  const say = (id: `${string}.${string}`, message: string) => {
    if (said.has(message)) return;
    said.add(message);
    warn(alias, id, message);
  };
  const properties = effectiveProperties(fn.node.defaultChild as CfnElement);
  const content = Object.fromEntries(Object.entries(properties).filter(([name]) => !NOT_IN_A_VERSION.includes(name)));
  const values = withoutDescribed(fn, deployTimeValuesIn(content, elements).filter(({ imported }) => !imported), elements);
  if (values.length > 0) say('CanaryAlias.deployTimeValues', deployTimeMessage(fn, values));
  const uri = (properties.Code as Json | undefined)?.ImageUri;
  const tag = movingTagOf(textWithReferences(uri));
  if (tag !== undefined && !elements.hasImmutableRepository(uri)) say('CanaryAlias.movingImageTag', movingTagMessage(fn, tag));
}

/** Whether a function has an image or a value that the deployment can know first: most have neither, and resolving a function takes time. */
function canBeUnversioned(resource: lambda.CfnFunction): boolean {
  const stack = Stack.of(resource);
  return contains(resource, [unresolvedPropertiesOf(resource), propertyOverridesOf(resource)], {
    reference: ({ target }) => target instanceof CfnParameter || !target.node.scopes.includes(stack),
    text: text => DEPLOY_TIME.test(text),
  });
}

/** A version whose description changes is replaced, so a value in the description publishes a version. */
function withoutDescribed(fn: lambda.Function, values: DeployTimeValue[], elements: Elements): DeployTimeValue[] {
  if (values.length === 0) return values;
  const version = fn.currentVersion.node.defaultChild as lambda.CfnVersion;
  const description: unknown = effectiveProperty(version, 'Description', version.description);
  const described = deployTimeValuesIn({ description }, elements).map(({ source }) => source);
  return values.filter(({ source }) => !described.includes(source));
}

function deployTimeMessage(fn: lambda.Function, values: DeployTimeValue[]): string {
  const list = values.map(({ property, source }) => `'${property}' is the value of ${source}`).join(', ');
  // Everybody who can read the function can read the description.
  const described = values.some(({ source }) => source.startsWith('the secret ')) ? ''
    : "; or repeat it in 'currentVersionOptions.description' of the function, which publishes a version for each new value";
  return `a change of a value that only the deployment knows publishes no version of ${fn.node.path}, starts no release, and leaves the alias `
    + `at the old value: ${list}; use a value that is known at synth (an asset, the context, StringParameter.valueFromLookup), or read it at run time`
    + described;
}

function movingTagMessage(fn: lambda.Function, tag: string): string {
  return `the image tag '${tag}' of ${fn.node.path} can move to another image without a change of the template, which publishes no version and `
    + "starts no release; use an asset (DockerImageCode.fromImageAsset), a digest or a unique tag in 'tagOrDigest', or a repository with immutable tags";
}

/** The parameters, conditions and repositories of a stack by their logical ids, read once for all aliases of the stack. */
class Elements implements Declarations {
  private byId?: Map<string, CfnElement>;

  constructor(private readonly stack: Stack) {}

  public sourceOf(name: string): string | undefined {
    if (name.startsWith('AWS::')) return undefined;
    const parameter = this.find(name);
    if (!(parameter instanceof CfnParameter)) return undefined;
    const given = this.givenByParent(name);
    if (given !== undefined) return given.source;
    if (parameter.noEcho) return `the secret parameter ${name}`;
    return parameter.type.startsWith('AWS::SSM::') ? `the SSM parameter ${ssmNameOf(this.stack, parameter) ?? name}` : `the parameter ${name}`;
  }

  public condition(name: string): unknown {
    const condition = this.find(name);
    return condition instanceof CfnCondition ? this.stack.resolve(condition.expression) : undefined;
  }

  /** Whether the value refers to an ECR repository of the stack in which a tag keeps its image. */
  public hasImmutableRepository(value: unknown): boolean {
    const ids = [...JSON.stringify(value).matchAll(/"(?:Ref":|Fn::GetAtt":\[)"(\w+)"/g)].map(([, id]) => id);
    return ids.some(id => {
      const element = this.find(id);
      return element !== undefined && effectiveProperties(element).ImageTagMutability === 'IMMUTABLE';
    });
  }

  /** The source of a parameter that the parent of a nested stack passes: a reference to a resource is as constant as within one stack. */
  private givenByParent(name: string): { source: string | undefined } | undefined {
    const { nestedStackParent: parent, nestedStackResource: resource } = this.stack;
    if (parent === undefined || resource === undefined) return undefined;
    const given = effectiveProperties(resource).Parameters as Json | undefined;
    if (given === undefined || !Object.hasOwn(given, name)) return undefined;
    const value = given[name];
    if (typeof value !== 'object') return { source: `the parameter ${name}` };
    return { source: deployTimeValuesIn({ [name]: value }, new Elements(parent)).find(({ imported }) => !imported)?.source };
  }

  private find(id: string): CfnElement | undefined {
    this.byId ??= new Map(this.stack.node.findAll().filter(isDeclaration)
      .filter(element => element.stack === this.stack).map(element => [this.stack.resolve(element.logicalId) as string, element]));
    return this.byId.get(id);
  }
}

function isDeclaration(construct: IConstruct): construct is CfnElement {
  return construct instanceof CfnParameter || construct instanceof CfnCondition
    || (CfnResource.isCfnResource(construct) && construct.cfnResourceType === REPOSITORY);
}

function ssmNameOf(stack: Stack, parameter: CfnParameter): string | undefined {
  const name: unknown = stack.resolve(parameter.default);
  return typeof name === 'string' ? name : undefined;
}
