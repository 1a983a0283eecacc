import type { AppGraph } from './app-graph';
import { callersOf } from './callers';
import { markDeployTime } from './deploy-time';
import { EventSource } from './event-source';
import { findTarget, functionsByResource, qualifiedTarget } from './function-target';
import type { Target } from './function-target';
import type { LambdaFunction } from './lambda-function';
import type { Resource } from './resource';
import { isSwitchedOff } from './switches';
import type { Value } from './value';

/** Every function of the app that serves traffic. */
export function functionsOf(app: AppGraph): LambdaFunction[] {
  return app.view(serving);
}

/** Every function of the app, including functions that run only during a deployment. */
export function allFunctionsOf(app: AppGraph): Iterable<LambdaFunction> {
  return app.view(build).values();
}

/** The function and the qualifier that a value refers to. */
export function targetOf(app: AppGraph, value: Value, from: Resource): Target {
  app.view(build);
  return findTarget(app, value, from);
}

function serving(app: AppGraph): LambdaFunction[] {
  return [...app.view(build).values()].filter(fn => !fn.deployTime);
}

/** Finds the function of every resource that belongs to one or invokes one. */
function build(app: AppGraph): Map<Resource, LambdaFunction> {
  for (const version of app.ofType('AWS::Lambda::Version')) ownerOf(app, version)?.versions.push(version);
  for (const permission of app.ofType('AWS::Lambda::Permission')) {
    ownerOf(app, permission)?.permissions.push(permission);
  }
  for (const config of app.ofType('AWS::Lambda::EventInvokeConfig')) addAsyncConfig(app, config);
  for (const url of app.ofType('AWS::Lambda::Url')) addUrl(app, url);
  for (const mapping of app.ofType('AWS::Lambda::EventSourceMapping')) {
    // a mapping that is switched off, perhaps for a redrive by hand, invokes nothing
    if (isSwitchedOff(mapping)) continue;
    const target = findTarget(app, mapping.get('FunctionName'), mapping);
    target.function?.sources.push(new EventSource(app, mapping, target));
  }
  for (const caller of callersOf(app)) caller.target.function?.callers.push(caller);
  const functions = app.view(functionsByResource);
  markDeployTime(app, functions.values());
  return functions;
}

function ownerOf(app: AppGraph, resource: Resource): LambdaFunction | undefined {
  return findTarget(app, resource.get('FunctionName'), resource).function;
}

function addAsyncConfig(app: AppGraph, resource: Resource): void {
  const fn = ownerOf(app, resource);
  fn?.asyncConfigs.push({ resource, target: qualifiedTarget(app, fn, resource, resource.get('Qualifier')) });
}

function addUrl(app: AppGraph, resource: Resource): void {
  const target = findTarget(app, resource.get('TargetFunctionArn'), resource);
  const fn = target.function;
  const isQualified = !resource.lacks('Qualifier');
  fn?.urls.push({
    resource, target: isQualified ? qualifiedTarget(app, fn, resource, resource.get('Qualifier')) : target,
  });
}
