import type { AppGraph } from './app-graph';
import { findTarget } from './function-target';
import type { LambdaFunction } from './lambda-function';
import type { Resource } from './resource';
import { member, Reference } from './value';

/** The environment variables in which the provider framework of CDK has its functions and its state machine. */
const FRAMEWORK_KEYS = ['USER_ON_EVENT_FUNCTION_ARN', 'USER_IS_COMPLETE_FUNCTION_ARN', 'WAITER_STATE_MACHINE_ARN'];

/** The path of a function that CDK creates for a provider. */
const PROVIDER = /(^|\/)(@aws-cdk--[\w-]+\.|framework-(onEvent|isComplete|onTimeout)$)/;

/** Marks functions that run only during a deployment: behind custom resources, or called by such functions. */
export function markDeployTime(app: AppGraph, functions: Iterable<LambdaFunction>): void {
  // the custom resource of a provider may be conditional, and absent in this scenario
  for (const fn of functions) if (PROVIDER.test(fn.path)) fn.deployTime = true;
  for (const resource of app.ofType(...app.types().filter(isCustomResource))) {
    const provider = findTarget(app, resource.get('ServiceToken'), resource).function;
    if (provider && hasNoTraffic(provider)) {
      provider.deployTime = true;
      markFramework(app, provider);
    }
    if (resource.type === 'Custom::Trigger') mark(findTarget(app, resource.get('HandlerArn'), resource).function);
  }
}

function isCustomResource(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

function markFramework(app: AppGraph, provider: LambdaFunction): void {
  for (const key of FRAMEWORK_KEYS) {
    const value = member(provider.resource.get('Environment.Variables'), key);
    mark(findTarget(app, value, provider.resource).function);
    const waiter = app.resourceOf(value, provider.resource, 'AWS::StepFunctions::StateMachine');
    if (waiter) functionsOfWaiter(app, waiter).forEach(fn => { fn.deployTime = true; });
  }
}

function functionsOfWaiter(app: AppGraph, machine: Resource): LambdaFunction[] {
  return [...app.mentioned(machine.get('DefinitionString'))].flatMap(resource => (
    findTarget(app, new Reference(resource, 'Arn'), machine).function ?? []));
}

function mark(fn: LambdaFunction | undefined): void {
  if (fn && hasNoTraffic(fn)) fn.deployTime = true;
}

function hasNoTraffic(fn: LambdaFunction): boolean {
  return fn.callers.length === 0 && fn.sources.length === 0 && fn.urls.length === 0;
}
