export { AppGraph } from './app-graph';
export type { Caller, CallerKind } from './callers';
export { scenariosOf } from './condition-scenarios';
export {
  admitted, clientsOf, connectsTo, engineFamily, proxiesOf, securityGroupsOf, touchesDatabase,
} from './database';
export type { Proxy } from './database';
export { EventSource, isFifo } from './event-source';
export type { Fields } from './fields';
export { hasStray, LATEST, targetOf } from './function-target';
export type { Target } from './function-target';
export { allFunctionsOf, functionsOf } from './functions';
export { LambdaFunction } from './lambda-function';
export { allows, covers, grantsOf, statementsOf } from './policy';
export type { Statement } from './policy';
export { configuredRouting, HOOKS, releasesOf, shiftsInSteps } from './release';
export type { Release } from './release';
export { Resource } from './resource';
export type { TemplateGraph, TemplateInput } from './template-graph';
export {
  asBoolean, asList, asNumber, asString, hasUnknown, isJson, isRecord, member, patternOf, Reference, show, Text, textOf,
  Unknown,
} from './value';
export type { Json, Value } from './value';
