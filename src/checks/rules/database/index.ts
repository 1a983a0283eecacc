import type { Rule } from '../rule';
import { CLUSTER_RULES } from './cluster';
import { PROXY_RULES } from './proxy';

export const DATABASE_RULES: Rule[] = [...CLUSTER_RULES, ...PROXY_RULES];
