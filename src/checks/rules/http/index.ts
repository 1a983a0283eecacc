import type { Rule } from '../rule';
import { API_RULES } from './rest-and-http';
import { STAGE_RULES } from './stages-and-urls';

export const HTTP_RULES: Rule[] = [...API_RULES, ...STAGE_RULES];
