import type { Rule } from '../rule';
import { PROVISIONED_RULES } from './provisioned';
import { SNAPSTART_RULES } from './snapstart';

export const COLD_START_RULES: Rule[] = [...SNAPSTART_RULES, ...PROVISIONED_RULES];
