import { COLD_START_RULES } from './cold-start';
import { DATABASE_RULES } from './database';
import { DEPLOYMENT_RULES } from './deployment';
import { FOUNDATION_RULES } from './foundation';
import { HTTP_RULES } from './http';
import type { Rule } from './rule';

/** Every rule, by article and number. */
export const RULES: readonly Rule[] = [...FOUNDATION_RULES, ...HTTP_RULES, ...DATABASE_RULES, ...DEPLOYMENT_RULES, ...COLD_START_RULES]
  .sort((a, b) => order(a) - order(b) || (a.id < b.id ? -1 : 1));

function order(rule: Rule): number {
  return ['foundation', 'database', 'http', 'deployment', 'cold-start'].indexOf(rule.article);
}
