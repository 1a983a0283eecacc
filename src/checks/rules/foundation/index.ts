import { ASYNCHRONOUS_INVOCATION_RULES } from './asynchronous-invocation';
import { CODE_SIGNING_RULES } from './code-signing';
import { DURABLE_FUNCTIONS_RULES } from './durable-functions';
import { ENVIRONMENT_RULES } from './environment';
import { EVENT_SOURCE_MAPPINGS_RULES } from './event-source-mappings';
import { FUNCTION_SETTINGS_RULES } from './function-settings';
import { IDEMPOTENCY_TABLES_RULES } from './idempotency-tables';
import { LAYERS_RULES } from './layers';
import { LOGS_RULES } from './logs';
import { OBSERVABILITY_RULES } from './observability';
import { PERMISSIONS_RULES } from './permissions';
import { QUEUE_CONCURRENCY_RULES } from './queue-concurrency';
import { QUEUES_RULES } from './queues';
import { RESOURCE_POLICY_RULES } from './resource-policy';
import { RUNTIME_RULES } from './runtime';
import { SERVICE_CALLERS_RULES } from './service-callers';
import { STREAMS_RULES } from './streams';
import { VPC_RULES } from './vpc';
import type { Rule } from '../rule';

export const FOUNDATION_RULES: Rule[] = [
  ...ASYNCHRONOUS_INVOCATION_RULES,
  ...CODE_SIGNING_RULES,
  ...DURABLE_FUNCTIONS_RULES,
  ...ENVIRONMENT_RULES,
  ...EVENT_SOURCE_MAPPINGS_RULES,
  ...FUNCTION_SETTINGS_RULES,
  ...IDEMPOTENCY_TABLES_RULES,
  ...LAYERS_RULES,
  ...LOGS_RULES,
  ...OBSERVABILITY_RULES,
  ...PERMISSIONS_RULES,
  ...QUEUE_CONCURRENCY_RULES,
  ...QUEUES_RULES,
  ...RESOURCE_POLICY_RULES,
  ...RUNTIME_RULES,
  ...SERVICE_CALLERS_RULES,
  ...STREAMS_RULES,
  ...VPC_RULES,
];
