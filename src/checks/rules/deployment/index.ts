import type { Rule } from '../rule';
import { ALARM_RULES } from './alarms';
import { OIDC_RULES } from './oidc';
import { RELEASE_RULES } from './release';

export const DEPLOYMENT_RULES: Rule[] = [...RELEASE_RULES, ...ALARM_RULES, ...OIDC_RULES];
