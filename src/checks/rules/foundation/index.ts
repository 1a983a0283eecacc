import type { Rule } from '../rule';
import { CALLER_RULES } from './callers';
import { CONFIGURATION_RULES } from './configuration';
import { FAILURE_RULES } from './failure';
import { OBSERVABILITY_RULES } from './observability';
import { QUEUE_RULES } from './queues';
import { SECURITY_RULES } from './security';
import { STREAM_RULES } from './streams';

export const FOUNDATION_RULES: Rule[] = [
  ...CONFIGURATION_RULES, ...FAILURE_RULES, ...QUEUE_RULES, ...STREAM_RULES, ...OBSERVABILITY_RULES, ...SECURITY_RULES, ...CALLER_RULES,
];
