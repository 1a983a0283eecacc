import { PACKAGE_SIZE_RULES } from './package-size';
import { PROVISIONED_CONCURRENCY_RULES } from './provisioned-concurrency';
import { SCALING_RULES } from './scaling';
import { SNAPSTART_RULES } from './snapstart';
import type { Rule } from '../rule';

export const COLD_START_RULES: Rule[] = [
  ...PACKAGE_SIZE_RULES,
  ...PROVISIONED_CONCURRENCY_RULES,
  ...SCALING_RULES,
  ...SNAPSTART_RULES,
];
