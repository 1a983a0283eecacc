import { type Duration, Token } from 'aws-cdk-lib';
import { refuse } from './validation';

/** A duration in seconds, where AWS takes no parts of them. */
export function wholeSeconds(path: string, prop: string, duration: Duration): number {
  const seconds = duration.toSeconds({ integral: false });
  if (!Token.isUnresolved(seconds) && !Number.isInteger(seconds)) {
    refuse(path, `'${prop}' must be a whole number of seconds, got ${seconds}; round it`);
  }
  return seconds;
}
