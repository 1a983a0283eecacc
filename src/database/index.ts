export { ConnectionBudget, type ConnectionBudgetEntry, type ConnectionBudgetProps } from './connection-budget';
export { DataApiDatabase, type DataApiConnectOptions, type DataApiDatabaseProps } from './data-api-database';
export { DatabaseAlarms, type DatabaseAlarmsProps } from './database-alarms';
export { DatabaseCapacity, type ServerlessCapacityOptions } from './database-capacity';
export type { DatabaseProps } from './database-props';
export type { ProxiedDatabaseAttributes } from './imported-database';
export { Privilege, TablePrivilege } from './privilege';
export { ProxiedDatabase, type DatabaseUserOptions, type ProxiedDatabaseProps } from './proxied-database';
export type { ConnectOptions, IProxiedDatabase } from './proxied-database-ref';
