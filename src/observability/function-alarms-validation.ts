import { Token } from 'aws-cdk-lib';
import type { FunctionAlarmsProps } from './function-alarms-props';
import { ASYNC_INVOKE } from '../aws';
import { requireDuration, requireProps, requireRange } from '../private/validation';

/** Validates the props of a FunctionAlarms. */
export function validateFunctionAlarmsProps(path: string, props: FunctionAlarmsProps): void {
  requireProps(path, props, 'function');
  const { errorRateThreshold, durationThreshold, runbook, maxEventAge } = props;
  requireRange(path, 'errorRateThreshold', errorRateThreshold, 0, 99, 'it is the percentage of failed requests');
  requireRange(path, 'durationThreshold', durationThreshold, 1, 99, 'it is a percentage of the timeout');
  if (runbook !== undefined && !Token.isUnresolved(runbook)) {
    requireRange(path, 'runbook', runbook.length, 1, 500, 'it is a number of characters: link to a longer text');
  }
  requireDuration(path, 'maxEventAge', maxEventAge, ASYNC_INVOKE.eventAgeMinSeconds, ASYNC_INVOKE.eventAgeMaxSeconds,
    'use the maximum event age of asynchronous invocation');
}
