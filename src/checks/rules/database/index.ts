import { CLUSTER_CAPACITY_RULES } from './cluster-capacity';
import { CONNECTIONS_RULES } from './connections';
import { DATA_API_RULES } from './data-api';
import { DATA_PROTECTION_RULES } from './data-protection';
import { DYNAMODB_TABLES_RULES } from './dynamodb-tables';
import { MASTER_SECRET_RULES } from './master-secret';
import { PROXY_RULES } from './proxy';
import { PROXY_AUTHENTICATION_RULES } from './proxy-authentication';
import { PROXY_POOL_RULES } from './proxy-pool';
import type { Rule } from '../rule';

export const DATABASE_RULES: Rule[] = [
  ...CLUSTER_CAPACITY_RULES,
  ...CONNECTIONS_RULES,
  ...DATA_API_RULES,
  ...DATA_PROTECTION_RULES,
  ...DYNAMODB_TABLES_RULES,
  ...MASTER_SECRET_RULES,
  ...PROXY_RULES,
  ...PROXY_AUTHENTICATION_RULES,
  ...PROXY_POOL_RULES,
];
