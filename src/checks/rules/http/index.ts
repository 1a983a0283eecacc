import { API_LIMITS_RULES } from './api-limits';
import { AUTHORIZERS_RULES } from './authorizers';
import { CORS_RULES } from './cors';
import { DOMAINS_RULES } from './domains';
import { FUNCTION_URLS_RULES } from './function-urls';
import { INVOCATION_RULES } from './invocation';
import { STAGES_RULES } from './stages';
import type { Rule } from '../rule';

export const HTTP_RULES: Rule[] = [
  ...API_LIMITS_RULES,
  ...AUTHORIZERS_RULES,
  ...CORS_RULES,
  ...DOMAINS_RULES,
  ...FUNCTION_URLS_RULES,
  ...INVOCATION_RULES,
  ...STAGES_RULES,
];
