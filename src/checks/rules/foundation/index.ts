import { ALIAS_NAMES_RULES } from './alias-names';
import { ASYNCHRONOUS_INVOCATION_RULES } from './asynchronous-invocation';
import { CODE_SIGNING_RULES } from './code-signing';
import { COMPUTE_MODES_RULES } from './compute-modes';
import { COVERAGE_RULES } from './coverage';
import { DEPLOYMENT_PACKAGE_RULES } from './deployment-package';
import { DURABLE_FUNCTIONS_RULES } from './durable-functions';
import { ENCRYPTION_KEYS_RULES } from './encryption-keys';
import { ENVIRONMENT_RULES } from './environment';
import { EVENT_SOURCE_MAPPINGS_RULES } from './event-source-mappings';
import { EVENT_TARGETS_RULES } from './event-targets';
import { FUNCTION_CALLS_RULES } from './function-calls';
import { FUNCTION_SETTINGS_RULES } from './function-settings';
import { IDEMPOTENCY_TABLES_RULES } from './idempotency-tables';
import { LAYERS_RULES } from './layers';
import { LOGS_RULES } from './logs';
import { OBSERVABILITY_RULES } from './observability';
import { PERMISSIONS_RULES } from './permissions';
import { QUEUE_CONCURRENCY_RULES } from './queue-concurrency';
import { QUEUES_RULES } from './queues';
import { REGIONS_RULES } from './regions';
import { RESOURCE_POLICY_RULES } from './resource-policy';
import { RUNTIME_RULES } from './runtime';
import { SERVICE_CALLERS_RULES } from './service-callers';
import { SNAPSHOTS_RULES } from './snapshots';
import { STATE_MACHINES_RULES } from './state-machines';
import { STREAMS_RULES } from './streams';
import { VPC_RULES } from './vpc';
import { WATCHED_FUNCTIONS_RULES } from './watched-functions';
import type { Rule } from '../rule';

export const FOUNDATION_RULES: Rule[] = [
  ...ALIAS_NAMES_RULES,
  ...ASYNCHRONOUS_INVOCATION_RULES,
  ...CODE_SIGNING_RULES,
  ...COMPUTE_MODES_RULES,
  ...COVERAGE_RULES,
  ...DEPLOYMENT_PACKAGE_RULES,
  ...DURABLE_FUNCTIONS_RULES,
  ...ENCRYPTION_KEYS_RULES,
  ...ENVIRONMENT_RULES,
  ...EVENT_SOURCE_MAPPINGS_RULES,
  ...EVENT_TARGETS_RULES,
  ...FUNCTION_CALLS_RULES,
  ...FUNCTION_SETTINGS_RULES,
  ...IDEMPOTENCY_TABLES_RULES,
  ...LAYERS_RULES,
  ...LOGS_RULES,
  ...OBSERVABILITY_RULES,
  ...PERMISSIONS_RULES,
  ...QUEUES_RULES,
  ...REGIONS_RULES,
  ...QUEUE_CONCURRENCY_RULES,
  ...RESOURCE_POLICY_RULES,
  ...RUNTIME_RULES,
  ...SERVICE_CALLERS_RULES,
  ...SNAPSHOTS_RULES,
  ...STATE_MACHINES_RULES,
  ...STREAMS_RULES,
  ...VPC_RULES,
  ...WATCHED_FUNCTIONS_RULES,
];
