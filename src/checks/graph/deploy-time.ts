import type { AppGraph } from './app-graph';
import { targetOf } from './lambda';
import type { LambdaFunction } from './lambda';
import type { Resource } from './resource';
import { member, Reference } from './value';

/** By these the provider framework of CDK knows the functions that it calls, and the state machine that waits for them. */
const FRAMEWORK_KEYS = ['USER_ON_EVENT_FUNCTION_ARN', 'USER_IS_COMPLETE_FUNCTION_ARN', 'WAITER_STATE_MACHINE_ARN'];

/** Marks the functions that run only while a stack is deployed: those behind custom resources, and those that these call. */
export function markDeployTime(app: AppGraph): void {
  for (const resource of app.ofType(...app.types().filter(type => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource'))) {
    const provider = targetOf(app, resource.get('ServiceToken'), resource).function;
    if (provider && unused(provider)) {
      provider.deployTime = true;
      framework(app, provider);
    }
    if (resource.type === 'Custom::Trigger') mark(targetOf(app, resource.get('HandlerArn'), resource).function);
  }
}

function framework(app: AppGraph, provider: LambdaFunction): void {
  for (const key of FRAMEWORK_KEYS) {
    const value = member(provider.resource.get('Environment.Variables'), key);
    mark(targetOf(app, value, provider.resource).function);
    const waiter = app.resourceOf(value, provider.resource, 'AWS::StepFunctions::StateMachine');
    if (waiter) callees(app, waiter).forEach(fn => { fn.deployTime = true; });
  }
}

function callees(app: AppGraph, machine: Resource): LambdaFunction[] {
  return [...app.mentioned(machine.get('DefinitionString'))].flatMap(resource => targetOf(app, new Reference(resource, 'Arn'), machine).function ?? []);
}

function mark(fn: LambdaFunction | undefined): void {
  if (fn && unused(fn)) fn.deployTime = true;
}

/** Nothing of the app calls it but the deployment. */
function unused(fn: LambdaFunction): boolean {
  return fn.callers.length === 0 && fn.sources.length === 0 && fn.urls.length === 0;
}
