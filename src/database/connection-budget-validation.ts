import type { ConnectionBudgetEntry, ConnectionBudgetProps } from './connection-budget-props';
import { requireRange, requireWhole } from '../private/validation';

/** A budget is not a construct: the messages name its class instead of a path. */
const PATH = 'ConnectionBudget';

/** Validates the props of a ConnectionBudget. */
export function validateConnectionBudgetProps({ maxConnections, connectionsPercent }: ConnectionBudgetProps): void {
  requireRange(PATH, 'maxConnections', maxConnections, 1, Infinity, 'it is a number of connections');
  requireWhole(PATH, 'maxConnections', maxConnections);
  requireRange(PATH, 'connectionsPercent', connectionsPercent, 1, 100, 'it is a percentage');
  requireWhole(PATH, 'connectionsPercent', connectionsPercent);
}

/** Validates the entry of a function. */
export function validateConnectionBudgetEntry(path: string, { pool, maxConcurrency }: ConnectionBudgetEntry): void {
  requireRange(path, 'pool', pool, 1, Infinity, 'it is a number of connections');
  requireWhole(path, 'pool', pool);
  requireRange(path, 'maxConcurrency', maxConcurrency, 1, Infinity, 'it is a number of execution environments');
  requireWhole(path, 'maxConcurrency', maxConcurrency);
}
