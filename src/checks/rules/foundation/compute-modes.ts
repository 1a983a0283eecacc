import { LAMBDA } from '../../../aws';
import { isRecord, member, operationsOf } from '../../graph';
import type { AppGraph, Caller, LambdaFunction } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { protocolOf } from '../support/api-protocol';
import { eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { nameList } from '../support/name-list';
import { scalingTargetsOf } from '../support/scaling-targets';

/** The callers that pass no tenant ID. */
const WITHOUT_TENANT = [
  's3', 'sns', 'events', 'scheduler', 'logs', 'iot', 'ses', 'alb', 'cognito', 'firehose', 'secrets', 'authorizer',
];

const TENANT_PARAMETER = /^integration\.request\.header\.x-amz-tenant-id$/i;

/** The runtimes of Managed Instances with the lowest version, besides provided.al2023. */
const LEAST_VERSIONS = new Map([['java', 21], ['python3.', 13], ['nodejs', 22], ['dotnet', 8]]);

export const COMPUTE_MODES_RULES: Rule[] = [
  {
    id: 'LP-F141',
    category: 'foundation',
    severity: 'error',
    title: 'Managed Instances are combined with an incompatible feature',
    why:
      'Functions on Managed Instances scale with their instances. They support no provisioned or reserved '
      + 'concurrency, SnapStart, tenant isolation or network configuration of their own, and have at least '
      + `${LAMBDA.managedInstancesMemoryMinMiB} MB.`,
    fix: 'remove one of the two',
    source: SOURCE.lambda('lambda-managed-instances'),
    evaluate: eachFunction(managedInstancesConflict),
  },
  {
    id: 'LP-F144',
    category: 'foundation',
    severity: 'warning',
    title: 'Caller of a function with tenant isolation passes no tenant ID',
    why: 'Lambda rejects an invocation without a tenant ID. A REST API and the SDK can pass one.',
    fix: 'map X-Amz-Tenant-Id in the integration of a REST API, or invoke the function with the SDK',
    source: SOURCE.lambda('tenant-isolation'),
    evaluate: eachFunction(callerWithoutTenant),
  },
  {
    id: 'LP-F145',
    category: 'foundation',
    severity: 'warning',
    title: 'Runtime does not support Managed Instances',
    why: 'Managed Instances require Java 21, Python 3.13, Node.js 22, .NET 8, provided.al2023 or later.',
    fix: 'use a newer runtime',
    source: SOURCE.lambda('lambda-managed-instances-runtimes'),
    evaluate: eachFunction(runtimeWithoutInstances),
  },
];

function managedInstancesConflict(fn: LambdaFunction, app: AppGraph): Found {
  if (!fn.managedInstances || fn.resource.isUnknown('CapacityProviderConfig')) return undefined;
  const memory = fn.resource.number('MemorySize');
  const tooSmall = memory !== undefined && memory < LAMBDA.managedInstancesMemoryMinMiB;
  const clashes = [
    (fn.provisioned().length > 0 || scalingTargetsOf(app).some(target => target.fn === fn))
      && 'provisioned concurrency',
    fn.reserved !== undefined && 'reserved concurrency',
    fn.snapStart && 'SnapStart',
    !fn.resource.lacks('TenancyConfig') && !fn.resource.isUnknown('TenancyConfig') && 'tenant isolation',
    fn.inVpc && 'VpcConfig',
    tooSmall && `${memory} MB`,
  ].filter(clash => typeof clash === 'string');
  // only the first of them are documented as rejected
  const isRejected = clashes.some(clash => !['reserved concurrency', 'VpcConfig'].includes(clash));
  return clashes.length > 0 && {
    at: fn.resource,
    property: 'CapacityProviderConfig',
    must: 'must not be combined with an incompatible feature',
    got: nameList(clashes),
    severity: isRejected ? undefined : 'warning',
  };
}

function callerWithoutTenant(fn: LambdaFunction): Found {
  if (fn.resource.string('TenancyConfig.TenantIsolationMode') !== 'PER_TENANT') return undefined;
  return fn.callers.filter(passesNoTenant).map(({ resource, property }) => (
    { at: resource, property, must: `must pass a tenant ID to ${fn.path}`, got: 'none' }));
}

/** An HTTP API cannot pass a tenant ID, and a REST API does with a parameter of its integration. */
function passesNoTenant({ kind, resource, property }: Caller): boolean {
  if (kind === 'http') return protocolOf(resource) === 'HTTP';
  if (kind !== 'rest') return WITHOUT_TENANT.includes(kind);
  const operation = operationsOf(resource.template.app)
    .find(candidate => candidate.api === resource && candidate.property === property);
  const parameters = operation
    ? member(operation.integration, 'requestParameters') : resource.get('Integration.RequestParameters');
  const names = isRecord(parameters) ? Object.keys(parameters) : [];
  return (parameters === undefined || isRecord(parameters)) && !names.some(name => TENANT_PARAMETER.test(name));
}

function runtimeWithoutInstances(fn: LambdaFunction): Found {
  if (!fn.managedInstances || fn.runtime === 'provided.al2023') return undefined;
  const [, family, version] = /^(java|python3\.|nodejs|dotnet|provided|ruby|go)(\d+)?/.exec(fn.runtime) ?? [];
  if (family === undefined) return undefined;
  const least = LEAST_VERSIONS.get(family);
  return (least === undefined || Number(version) < least) && {
    at: fn.resource, property: 'Runtime', must: 'must support Managed Instances', got: fn.runtime,
  };
}
