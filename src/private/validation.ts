import { type Duration, Token, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { withPythonNames } from './caller-names';
import { durationText } from './duration-text';

/** Throws an error that says what to do: `'prop' must be <limit>, got <value>; <fix> (at <path>)`. */
export function refuse(path: string, message: string): never {
  throw new Error(withPythonNames(withoutTokens(`${message} (at ${path})`)));
}

/** Adds a warning to a construct, which its user can acknowledge by the id `cdk-production-lambda:<Class>.<what>`. */
export function warn(construct: IConstruct, id: `${string}.${string}`, message: string): void {
  Validations.of(construct).addWarning(`cdk-production-lambda:${id}`, withPythonNames(message));
}

/** Throws an error if a number is outside [min, max]. Tokens and absent values pass, because their value is not known. */
export function requireRange(path: string, prop: string, value: number | undefined, min: number, max: number, fix: string): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  const allowed = max === Infinity ? `at least ${min}` : `between ${min} and ${max}`;
  if (!(value >= min && value <= max)) refuse(path, `'${prop}' must be ${allowed}, got ${value}; ${fix}`);
}

/**
 * Throws an error if a duration is outside of [min, max] seconds, or has a fraction of a second while `min` has none. Tokens and
 * absent values pass.
 *
 * @param fix The default is to raise or to lower the value
 */
export function requireDuration(path: string, prop: string, duration: Duration | undefined, min: number, max: number, fix?: string): void {
  if (duration === undefined || duration.isUnresolved()) return;
  const seconds = Number.isInteger(min) ? wholeSeconds(path, prop, duration) : duration.toSeconds({ integral: false });
  if (seconds >= min && seconds <= max) return;
  const allowed = max === Infinity ? `at least ${durationText(min)}` : `between ${durationText(min)} and ${durationText(max)}`;
  refuse(path, `'${prop}' must be ${allowed}, got ${durationText(seconds)}; ${fix ?? (seconds < min ? 'raise it' : 'lower it')}`);
}

/** Throws an error if a number has a fraction. Tokens and absent values pass. */
export function requireWhole(path: string, prop: string, value: number | undefined): void {
  if (value === undefined || Token.isUnresolved(value) || Number.isInteger(value)) return;
  refuse(path, `'${prop}' must be a whole number, got ${value}; round it`);
}

/** A duration in seconds. Throws an error if it has a fraction of a second, which AWS does not accept. */
export function wholeSeconds(path: string, prop: string, duration: Duration): number {
  const seconds = duration.toSeconds({ integral: false });
  if (!Token.isUnresolved(seconds) && !Number.isInteger(seconds)) {
    refuse(path, `'${prop}' must be a whole number of seconds, got ${durationText(seconds)}; round it`);
  }
  return seconds;
}

/** The text of a token (`${Token[TOKEN.12]}`) is CDK's, and nothing that somebody wrote. */
function withoutTokens(message: string): string {
  return message.replace(/'[$#]\{Token\[[^\]]*\]\}'/g, 'a token').replace(/[$#]\{Token\[[^\]]*\]\}/g, '<token>');
}
