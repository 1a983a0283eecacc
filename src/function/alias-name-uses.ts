import { AspectPriority, Aspects, CfnOutput, CfnResource, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { findDefinitionUses, warnOfOtherAliases } from './definition-uses';
import { warnOfFullStacks } from './stack-size-warning';
import { withinStage } from '../private/across-stages';
import { propertyOverridesOf, unresolvedPropertiesOf } from '../private/cdk-internals';
import { addressesIn, namedProperties, namedProperty, unresolvedProperty, withNamedReferences } from '../private/reference-text';
import { warn } from '../private/validation';
import { contains } from '../private/value-search';

const WATCHED = Symbol.for('cdk-production-lambda.AliasNameUses');
/** The name of an alias as CDK derives it from the alias's ARN: `<function>:<alias>`. */
const ALIAS_NAME = /\{\\*"Fn::Select\\*":\[6,\{\\*"Fn::Split\\*":\[\\*":\\*",\\*"<(c8[0-9a-f]{40})\.Ref>\\*"\]\}\]\}:[\w-]+/;
/** The properties in which a service wants the name of the function alone. */
const NAMES: Record<string, readonly string[]> = {
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::Logs::LogStream': ['LogGroupName'],
  'AWS::Logs::MetricFilter': ['LogGroupName'],
  'AWS::Logs::SubscriptionFilter': ['LogGroupName'],
  'Custom::LogRetention': ['LogGroupName'],
  'AWS::Lambda::EventInvokeConfig': ['FunctionName'],
};
/** What refers to the function and must not refer to its alias, in either form. */
const OF_FUNCTION: Record<string, readonly string[]> = { 'AWS::Lambda::Version': ['FunctionName'], 'AWS::Lambda::Alias': ['FunctionName'] };
const USE = "use the name of the function: 'definition.functionName' of a ProductionFunction, 'lambda.functionName' of an alias";
/** Resources that no service validates against the functions of the account: what they name wrongly has no effect, and no error. */
const READ_AS_TEXT = new RegExp(`^AWS::(${[
  'IAM::(Policy|RolePolicy|ManagedPolicy|Role)', 'CloudWatch::\\w+', 'Logs::\\w+', 'SQS::QueuePolicy', 'SNS::TopicPolicy', 'S3::BucketPolicy', 'KMS::Key',
  'ApplicationAutoScaling::ScalableTarget', 'Lambda::Function', 'ECS::TaskDefinition', 'SSM::Parameter', 'XRay::Group',
].join('|')})$`);
/** An ARN that is a reference, with a qualifier behind it. */
const QUALIFIED_ARN = /<c8[0-9a-f]{40}\.Ref>(?=:[\w*$])/g;
/** A slash, also as links to the console write it. */
const SLASH = '(?:/|%2F|[%$]252F)';
/** What a text says that has the name of an alias in it, by the id of the warning. */
const SILENT_USES: readonly [id: string, pattern: RegExp, message: string][] = [
  ['aliasAsLogGroup', new RegExp(['', 'aws', 'lambda', ALIAS_NAME.source].join(SLASH)),
    `the text names the log group /aws/lambda/<function>:<alias>, which does not exist; use 'logGroup.logGroupName' or 'logGroup.logGroupArn', or ${USE}`],
  ['aliasAsDimension', new RegExp(`FunctionName\\\\*"?\\s*[=,]\\s*[\\\\"']+${ALIAS_NAME.source}`),
    "the dimension 'FunctionName' contains <function>:<alias>, which no metric has, and the widget or expression has no data; "
    + `use metric() of the function, which adds the dimension 'Resource', or ${USE}`],
  ['aliasQualifiedTwice', new RegExp(`function:${ALIAS_NAME.source}:[\\w*$]`),
    `the text names <function>:<alias>:<qualifier>, which no function has; use 'functionArn' alone for the alias, or ${USE}`],
  ['aliasInConsoleLink', new RegExp(`/functions/${ALIAS_NAME.source}`),
    `the link to the console contains <function>:<alias>, and the console finds no such function; ${USE}`],
];

/** Finds the resources that use the name of an alias where the name of the function is required. Each stage is read once. */
export function watchAliasNames(construct: IConstruct): void {
  const root = Stage.of(construct) ?? construct.node.root;
  if (WATCHED in root) return;
  Object.defineProperty(root, WATCHED, { value: true });
  construct.node.addValidation({
    validate: () => {
      const resources = withinStage(root).filter(CfnResource.isCfnResource);
      const aliases = aliasesIn(resources);
      return [...resources.flatMap(resource => findRejectedNames(resource, aliases)), ...findDefinitionUses(resources)];
    },
  });
  Aspects.of(root).add({
    visit: node => {
      if (node !== root) return;
      const constructs = withinStage(root);
      const resources = constructs.filter(CfnResource.isCfnResource);
      const aliases = aliasesIn(resources);
      for (const resource of resources) warnOfSilentUses(resource, aliases);
      for (const output of constructs.filter(child => child instanceof CfnOutput)) {
        warnOfText(output, text(withNamedReferences(output, output.value)), aliases);
      }
      warnOfOtherAliases(resources);
      warnOfFullStacks(resources);
    },
  }, { priority: AspectPriority.READONLY });
}

/** The addresses of the aliases. */
function aliasesIn(resources: CfnResource[]): ReadonlySet<string> {
  return new Set(resources.filter(({ cfnResourceType }) => cfnResourceType === 'AWS::Lambda::Alias').map(({ node }) => node.addr));
}

/** CloudWatch Logs rejects a colon in a name, and Lambda publishes no version of an alias. */
function findRejectedNames(resource: CfnResource, aliases: ReadonlySet<string>): string[] {
  const [names = [], ofFunction = []] = [NAMES[resource.cfnResourceType], OF_FUNCTION[resource.cfnResourceType]];
  if (names.length + ofFunction.length === 0) return [];
  return [
    ...names.filter(name => canNameAlias(resource, name) && ALIAS_NAME.test(text(namedProperty(resource, name)))),
    ...ofFunction.filter(name => canNameAlias(resource, name) && refersToAny(aliases, resource, namedProperty(resource, name))),
  ].map(name => `'${name}' of ${resource.node.path} must not contain the name of an alias, got <function>:<alias>, and the deployment would fail; ${USE}`);
}

function refersToAny(aliases: ReadonlySet<string>, at: CfnResource | CfnOutput, value: unknown): boolean {
  return addressesIn(at, value).some(address => aliases.has(address));
}

function warnOfSilentUses(resource: CfnResource, aliases: ReadonlySet<string>): void {
  const { cfnResourceType: type } = resource;
  // The other properties of a function are read by Lambda, and resolving them takes the most time.
  const read = type === 'AWS::Lambda::Function' ? 'Environment' : undefined;
  if (READ_AS_TEXT.test(type) && !(type in NAMES) && canNameAlias(resource, read)) {
    const values = read === undefined ? namedProperties(resource) : withNamedReferences(resource, unresolvedProperty(resource, read));
    if (/^AWS::CloudWatch::(Alarm|AnomalyDetector)$/.test(type)) warnOfDimensions(resource, values);
    warnOfText(resource, text(values), aliases);
  }
  if (/^(AWS::CloudFormation::CustomResource|Custom::.*)$/.test(type)) warnOfServiceToken(resource, aliases);
}

/**
 * Whether a resource, or one property of it, has a reference from which the ARN of an alias can come: most have none, and resolving a
 * resource takes time.
 */
function canNameAlias(resource: CfnResource, property?: string): boolean {
  const values = property === undefined
    ? [unresolvedPropertiesOf(resource), propertyOverridesOf(resource)] : unresolvedProperty(resource, property);
  return contains(resource, values, {
    reference: ({ target, displayName }) => {
      const type = CfnResource.isCfnResource(target) ? target.cfnResourceType : undefined;
      return type === 'AWS::Lambda::Alias' || (displayName === 'Ref' && type !== 'AWS::Lambda::Function');
    },
  });
}

function warnOfText(at: CfnResource | CfnOutput, value: string, aliases: ReadonlySet<string>): void {
  for (const [id, pattern, message] of SILENT_USES) {
    const isQualifiedArn = id === 'aliasQualifiedTwice' && refersToAny(aliases, at, text(value.match(QUALIFIED_ARN)));
    if (isQualifiedArn || pattern.test(value)) warn(CfnResource.isCfnResource(at) ? at.node.scope! : at, `ProductionFunction.${id}`, message);
  }
}

/** CloudFormation rejects a change of the token: "Modifying service token is not allowed". */
function warnOfServiceToken(resource: CfnResource, aliases: ReadonlySet<string>): void {
  if (!refersToAny(aliases, resource, namedProperties(resource).ServiceToken)) return;
  warn(resource.node.scope ?? resource, 'ProductionFunction.aliasAsServiceToken',
    "'serviceToken' is the ARN of an alias, and CloudFormation rejects a change of the token of a deployed custom resource; "
    + "use 'definition.functionArn' of the ProductionFunction, or leave the function a lambda.Function");
}

/** Lambda's metrics have the name of the function in `FunctionName`, and `<function>:<alias>` in `Resource`. */
function warnOfDimensions(alarm: CfnResource, { Dimensions, SingleMetricAnomalyDetector, Metrics = [] }: Record<string, any>): void {
  const metrics = [{ Dimensions }, SingleMetricAnomalyDetector ?? {}, ...Metrics.map((metric: any) => metric.MetricStat?.Metric ?? {})];
  for (const { Dimensions: dimensions = [] } of metrics) {
    const isAlias = (name: string) => dimensions.some((dimension: any) => dimension.Name === name && ALIAS_NAME.test(text(dimension.Value)));
    if (!isAlias('FunctionName') && !isAlias('function_name')) continue;
    warn(alarm.node.scope ?? alarm, 'ProductionFunction.aliasAsDimension',
      "the dimension 'FunctionName' contains <function>:<alias>, which no metric has, and the alarm would never fire; "
      + `use metric() of the function, which adds the dimension 'Resource', or ${USE}`);
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? '';
}
