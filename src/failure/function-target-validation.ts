import { Duration, Token } from 'aws-cdk-lib';
import type { FunctionTargetOptions } from './function-target-props';
import { EVENT_BRIDGE } from '../aws';
import { refuse, requireDuration, requireRange } from '../private/validation';

/** Throws an error if EventBridge would reject the options. */
export function validateFunctionTargetOptions(path: string, options: FunctionTargetOptions): void {
  const { maxEventAge, retryAttempts, deadLetterQueue } = options;
  const { eventAgeMinSeconds, eventAgeMaxSeconds, retryAttemptsMax } = EVENT_BRIDGE;
  requireDuration(path, 'maxEventAge', maxEventAge, eventAgeMinSeconds, eventAgeMaxSeconds);
  requireRange(path, 'retryAttempts', retryAttempts, 0, retryAttemptsMax, 'it is a number of attempts');
  if (deadLetterQueue?.fifo) {
    refuse(path, "'deadLetterQueue' must be a standard queue, got a FIFO queue; "
      + 'EventBridge cannot deliver to FIFO queues');
  }
}

/** CDK's Schedule rejects tokens. */
export function validateScheduleOptions(path: string, options: FunctionTargetOptions): void {
  for (const prop of ['maxEventAge', 'retryAttempts'] as const) {
    if (isToken(options[prop])) {
      refuse(path, `'${prop}' of a schedule must be known at synthesis, got a token, which CDK's Schedule rejects; `
        + 'set a number');
    }
  }
}

function isToken(value: Duration | number | undefined): boolean {
  return value instanceof Duration ? value.isUnresolved() : Token.isUnresolved(value);
}
