import { AspectPriority, Aspects, CfnResource, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { warnOfFullStacks } from './stack-size-warning';
import { withinStage } from '../private/across-stages';
import { templateFragmentOf } from '../private/cdk-internals';
import { addressesIn, withNamedReferences } from '../private/reference-text';
import { warn } from '../private/validation';

const WATCHED = Symbol.for('cdk-production-lambda.AliasNameUses');
/** The name of an alias as CDK derives it from the alias's ARN: `<function>:<alias>`. */
const ALIAS_NAME = /\{\\*"Fn::Select\\*":\[6,\{\\*"Fn::Split\\*":\[\\*":\\*",\\*"<(c8[0-9a-f]{40})\.Ref>\\*"\]\}\]\}:[\w-]+/;
/** The properties in which a service wants the name of the function alone. */
const NAMES: Record<string, readonly string[]> = {
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::Logs::MetricFilter': ['LogGroupName'],
  'AWS::Logs::SubscriptionFilter': ['LogGroupName'],
  'AWS::Lambda::Version': ['FunctionName'],
};
const USE = "use the name of the function: 'definition.functionName' of a ProductionFunction, 'lambda.functionName' of an alias";

/** Finds the resources that use the name of an alias where the name of the function is required. Each stage is read once. */
export function watchAliasNames(construct: IConstruct): void {
  const root = Stage.of(construct) ?? construct.node.root;
  if (WATCHED in root) return;
  Object.defineProperty(root, WATCHED, { value: true });
  construct.node.addValidation({ validate: () => resourcesIn(root).flatMap(findRejectedNames) });
  Aspects.of(root).add({
    visit: node => {
      if (node !== root) return;
      const resources = resourcesIn(root);
      resources.forEach(warnOfSilentUses);
      warnOfFullStacks(resources);
    },
  }, { priority: AspectPriority.READONLY });
}

function resourcesIn(root: IConstruct): CfnResource[] {
  return withinStage(root).filter((node): node is CfnResource => CfnResource.isCfnResource(node));
}

/** CloudWatch Logs rejects a colon in a name, and Lambda publishes no version of an alias. */
function findRejectedNames(resource: CfnResource): string[] {
  const names = NAMES[resource.cfnResourceType];
  if (names === undefined) return [];
  const properties = namedProperties(resource);
  return names.filter(name => ALIAS_NAME.test(text(properties[name]))).map(name =>
    `'${name}' of ${resource.node.path} must not contain the name of an alias, got <function>:<alias>, and the deployment would fail; ${USE}`);
}

function warnOfSilentUses(resource: CfnResource): void {
  if (resource.cfnResourceType === 'AWS::CloudWatch::Alarm') return warnOfDimensions(resource);
  if (/^AWS::IAM::(Policy|ManagedPolicy|Role)$/.test(resource.cfnResourceType)) warnOfLogGroups(resource);
  if (/^(AWS::CloudFormation::CustomResource|Custom::.*)$/.test(resource.cfnResourceType)) warnOfServiceToken(resource);
}

/** CloudFormation rejects a change of the token: "Modifying service token is not allowed". */
function warnOfServiceToken(resource: CfnResource): void {
  const [address] = addressesIn(resource, namedProperties(resource).ServiceToken);
  const isAlias = withinStage(Stage.of(resource) ?? resource.node.root).some(node =>
    node.node.addr === address && CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::Lambda::Alias');
  if (!isAlias) return;
  warn(resource.node.scope ?? resource, 'ProductionFunction.aliasAsServiceToken',
    "'serviceToken' is the ARN of an alias, and CloudFormation rejects a change of the token of a deployed custom resource; "
    + "use 'definition.functionArn' of the ProductionFunction, or leave the function a lambda.Function");
}

/** Lambda's metrics have the name of the function in `FunctionName`, and `<function>:<alias>` in `Resource`. */
function warnOfDimensions(alarm: CfnResource): void {
  const { Dimensions, Namespace, Metrics = [] } = namedProperties(alarm);
  const metrics = [{ Dimensions, Namespace }, ...Metrics.map((metric: any) => metric.MetricStat?.Metric ?? {})];
  for (const { Dimensions: dimensions = [] } of metrics) {
    const isAlias = (name: string) => dimensions.some((dimension: any) => dimension.Name === name && ALIAS_NAME.test(text(dimension.Value)));
    if (!isAlias('FunctionName') && !isAlias('function_name')) continue;
    warn(alarm.node.scope ?? alarm, 'ProductionFunction.aliasAsDimension',
      "the dimension 'FunctionName' contains <function>:<alias>, which no metric has, and the alarm would never fire; "
      + `use metric() of the function, which adds the dimension 'Resource', or ${USE}`);
  }
}

function warnOfLogGroups(policy: CfnResource): void {
  const document = text(namedProperties(policy));
  if (!new RegExp(`log-group:/aws/lambda/${ALIAS_NAME.source}`).test(document)) return;
  warn(policy.node.scope ?? policy, 'ProductionFunction.aliasAsLogGroup',
    `a statement names the log group /aws/lambda/<function>:<alias>, which does not exist; use 'logGroup.logGroupArn', or ${USE}`);
}

function namedProperties(resource: CfnResource): Record<string, any> {
  const fragment = withNamedReferences(resource, templateFragmentOf(resource));
  return Object.values<any>(fragment?.Resources ?? {})[0]?.Properties ?? {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? '';
}
