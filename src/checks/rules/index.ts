import { COLD_START_RULES } from './cold-start';
import { DATABASE_RULES } from './database';
import { DEPLOYMENT_RULES } from './deployment';
import { FOUNDATION_RULES } from './foundation';
import { HTTP_RULES } from './http';
import type { Category, Rule } from './rule';

/** The categories in the order of docs/RULES.md. */
export const CATEGORIES: readonly Category[] = ['foundation', 'database', 'http', 'deployment', 'cold-start'];

/** Every rule, by category and id. */
export const RULES: readonly Rule[] = [
  ...FOUNDATION_RULES, ...HTTP_RULES, ...DATABASE_RULES, ...DEPLOYMENT_RULES, ...COLD_START_RULES,
].sort((a, b) => CATEGORIES.indexOf(a.category) - CATEGORIES.indexOf(b.category) || (a.id < b.id ? -1 : 1));
