import { Token } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ProvisionedConcurrencyOptions, ProvisionedConcurrencyProps } from './provisioned-concurrency-props';
import { PROVISIONED_CONCURRENCY } from '../aws';
import { refuse, requireProps, requireRange } from '../private/validation';

/** Validates the props of a ProvisionedConcurrency against each other and against the function of the alias. */
export function validateProvisionedConcurrencyProps(path: string, props: ProvisionedConcurrencyProps): void {
  requireProps(path, props, 'alias', 'min', 'max');
  const { alias, ...options } = props;
  const fn = alias.lambda.node.defaultChild as lambda.CfnFunction | undefined;
  validateProvisionedConcurrencyOptions(path, options, fn?.reservedConcurrentExecutions);
  if ((alias.node.defaultChild as lambda.CfnAlias).routingConfig !== undefined) {
    refuse(path, `'alias' must have no static weights, got ${alias.node.path} with 'additionalVersions'; `
      + 'Lambda accepts weights or provisioned concurrency on an alias, not both');
  }
  if (fn?.snapStart !== undefined) {
    refuse(path, `'alias' must be of a function without SnapStart, got ${alias.node.path}; `
      + 'Lambda supports SnapStart or provisioned concurrency, not both');
  }
}

/** Validates the options against each other and against the function's reserved concurrency. */
export function validateProvisionedConcurrencyOptions(path: string, options: ProvisionedConcurrencyOptions, reserved: number | undefined): void {
  requireProps(path, options, 'min', 'max');
  const { min: least, utilizationMin, utilizationMax } = PROVISIONED_CONCURRENCY;
  const reason = 'with fewer the configuration is deleted and the next update of the alias fails';
  requireRange(path, 'min', options.min, least, Infinity, reason);
  requireOrder(path, options.min, options.max);
  requireReserved(path, options.max, reserved);
  requireRange(path, 'targetUtilization', options.targetUtilization, utilizationMin, utilizationMax, 'it is a share of 1');
  for (const { min, max } of options.schedules ?? []) {
    requireRange(path, 'schedules.min', min, least, Infinity, reason);
    requireOrder(path, min, max ?? options.max, 'schedules.');
    requireReserved(path, max, reserved);
  }
}

function requireOrder(path: string, min: number, max: number, parent = ''): void {
  if (Token.isUnresolved(min) || Token.isUnresolved(max) || min <= max) return;
  refuse(path, `'${parent}min' must be at most 'max', got ${min} and ${max}; raise 'max'`);
}

function requireReserved(path: string, max: number | undefined, reserved: number | undefined): void {
  if (max === undefined || reserved === undefined || Token.isUnresolved(max) || Token.isUnresolved(reserved) || max <= reserved) return;
  refuse(path, `'max' must be at most the reserved concurrency ${reserved}, got ${max}; lower 'max' or raise 'reservedConcurrentExecutions'`);
}
