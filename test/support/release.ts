import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { plainFunction } from './plain-function';
import { CanaryAlias, type CanaryAliasOptions } from '../../src';
import { ReleaseModel } from '../../src/release/power/release-model';

type Json = Record<string, any>;

/** The resources of a stack with one function and its canary alias. */
export function releaseResources(options: CanaryAliasOptions = {}, fn: Partial<lambda.FunctionProps> = {}): Json {
  const stack = new Stack(new App(), 'Stack');
  const environment = { POWERTOOLS_METRICS_NAMESPACE: 'Payments' };
  new CanaryAlias(stack, 'Live', { function: plainFunction(stack, 'Pay', { timeout: Duration.seconds(10), environment, ...fn }), ...options });
  return Template.fromStack(stack).toJSON().Resources;
}

/** The release of that alias, as the evaluator reads it from the template, after a change of the template. */
export function releaseModel(options: CanaryAliasOptions = {}, change: (resources: Json) => void = () => undefined): ReleaseModel {
  const resources = releaseResources(options);
  change(resources);
  return ReleaseModel.fromResources(resources);
}

/** An alarm of the template, by a part of its logical id. */
export function alarmIn(resources: Json, name: string): Json {
  return resources[Object.keys(resources).find(id => resources[id].Type === 'AWS::CloudWatch::Alarm' && id.includes(name))!].Properties;
}
