import { API_LIMITS_RULES } from './api-limits';
import { AUTHORIZERS_RULES } from './authorizers';
import { CORS_RULES } from './cors';
import { DOMAINS_RULES } from './domains';
import { FUNCTION_URLS_RULES } from './function-urls';
import { INVOCATION_RULES } from './invocation';
import { PRIVATE_APIS_RULES } from './private-apis';
import { STAGES_RULES } from './stages';
import { WEB_FUNCTIONS_RULES } from './web-functions';
import type { Rule } from '../rule';

export const HTTP_RULES: Rule[] = [
  ...API_LIMITS_RULES,
  ...AUTHORIZERS_RULES,
  ...CORS_RULES,
  ...DOMAINS_RULES,
  ...FUNCTION_URLS_RULES,
  ...INVOCATION_RULES,
  ...PRIVATE_APIS_RULES,
  ...STAGES_RULES,
  ...WEB_FUNCTIONS_RULES,
];
