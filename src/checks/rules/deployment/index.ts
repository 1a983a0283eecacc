import { ALARM_METRICS_RULES } from './alarm-metrics';
import { ALARMS_RULES } from './alarms';
import { ALIASES_AND_VERSIONS_RULES } from './aliases-and-versions';
import { GITHUB_ROLE_RULES } from './github-role';
import { HOOKS_RULES } from './hooks';
import { PUBLISHING_RULES } from './publishing';
import { TRAFFIC_SHIFT_RULES } from './traffic-shift';
import type { Rule } from '../rule';

export const DEPLOYMENT_RULES: Rule[] = [
  ...ALARM_METRICS_RULES,
  ...ALARMS_RULES,
  ...ALIASES_AND_VERSIONS_RULES,
  ...GITHUB_ROLE_RULES,
  ...HOOKS_RULES,
  ...PUBLISHING_RULES,
  ...TRAFFIC_SHIFT_RULES,
];
