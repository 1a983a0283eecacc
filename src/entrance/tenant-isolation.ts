import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { EntranceKind } from './entrance-capabilities';
import type { RestApiEntranceOptions } from './entrance-props';
import { type ResolvedRoute, routeKey } from './resolved-route';
import { effectiveProperty } from '../private/effective-properties';
import { cfnFunctionOf, definitionOf } from '../private/function-definition';

/** The request parameter of an integration with which Lambda selects the execution environment of a tenant. */
export const TENANT_ID_HEADER = 'integration.request.header.X-Amz-Tenant-Id';

const DEFAULT_SOURCE = 'method.request.header.X-Amz-Tenant-Id';

/** Whether a function has an execution environment for each tenant. An imported function is unknown. */
export function isTenantIsolated(fn: lambda.IFunction): boolean {
  const resource = cfnFunctionOf(definitionOf(fn));
  const config = resource && effectiveProperty(resource, 'TenancyConfig', resource.tenancyConfig) as Record<string, unknown> | undefined;
  return config !== undefined && config !== null && (config.tenantIsolationMode ?? config.TenantIsolationMode) === 'PER_TENANT';
}

/** Where a REST API takes the id of the tenant from. */
export function tenantIdSource({ tenantIdSource: source }: RestApiEntranceOptions): string {
  return source ?? DEFAULT_SOURCE;
}

/** Whether a value is a mapping expression of a REST API. */
export function isMappingExpression(source: string): boolean {
  return /^(method\.request\.(header|querystring|path)|context|stageVariables)\.[\w.:$-]+$/.test(source);
}

/**
 * Finds a function with tenant isolation behind an entrance that cannot pass the tenant. Called again at synthesis.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/tenant-isolation.html
 */
export function findTenancyProblems(kind: EntranceKind, route: ResolvedRoute): string[] {
  if (kind === EntranceKind.REST_API || !isTenantIsolated(route.function)) return [];
  return [`'function' of ${routeKey(route)} must not have tenant isolation, got 'tenancyConfig' PER_TENANT: ${kind} cannot pass the tenant to Lambda; `
    + "use Entrance.restApi(), which maps 'tenantIdSource', or a function without tenant isolation"];
}

/** Finds a function that has tenant isolation only after its route was added, whose method passes no tenant. */
export function findLateTenancy(fn: lambda.IFunction): string[] {
  if (!isTenantIsolated(fn)) return [];
  return [`'tenancyConfig' of ${fn.node.path} must be set before its route is added, got PER_TENANT later, and the route passes no tenant to Lambda; `
    + 'set it as a prop of the function'];
}
