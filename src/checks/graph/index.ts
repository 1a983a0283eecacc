export { domainOf, hasOpenPolicy, hasPolicy, isBehindMutualTls, isDefaultEndpointOn, isPrivate } from './api-access';
export { operationsOf } from './api-operations';
export type { ApiOperation } from './api-operations';
export { AppGraph, NAME_PROPERTIES } from './app-graph';
export type { Caller, CallerKind } from './callers';
export { mostEvaluations, NOT_PRODUCTION, referredName, scenariosOf } from './condition-scenarios';
export {
  admitted, clientsOf, connectsTo, engineFamily, proxiesOf, securityGroupsOf, touchesDatabase,
} from './database';
export type { Proxy } from './database';
export { durationOfProperty } from './duration-of-property';
export { EventSource, isFifo } from './event-source';
export type { Fields } from './fields';
export { hasStray, LATEST } from './function-target';
export type { Target } from './function-target';
export { allFunctionsOf, functionsOf, targetOf } from './functions';
export { invokeGrantsOf, mayBeInvokedByCode } from './invokers';
export { LambdaFunction } from './lambda-function';
export { allows, covers, grantsOf, statementsOf } from './policy';
export type { Statement } from './policy';
export { configuredRouting, HOOKS, releasesOf, shiftsInSteps } from './release';
export type { Release } from './release';
export { Resource } from './resource';
export { invocationStatesOf } from './state-machines';
export { isSwitchedOff } from './switches';
export { crossRegionExports } from './template-graph';
export type { AssetSource, TemplateGraph, TemplateInput, UnreadPart } from './template-graph';
export {
  asBoolean, asList, asNumber, asString, hasUnknown, identityOf, isJson, isRecord, member, minimumBytes,
  patternOf, Reference, show, Text, textOf,
  Unknown,
} from './value';
export type { Json, Value } from './value';
