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

/**
 * Throws an error if a required prop is missing. Compilers and jsii check it before; a caller in JavaScript learns it here, for
 * example about a prop that has been renamed.
 */
export function requireProps<T extends object>(path: string, props: T, ...required: (keyof T & string)[]): void {
  for (const prop of required) {
    if (props?.[prop] !== undefined) continue;
    const given = typeof props === 'object' ? Object.keys(props ?? {}).map(name => `'${name}'`).join(', ') : '';
    refuse(path, `'${prop}' must be set, got ${given === '' ? 'no props' : `only ${given}`}; add it, or rename the prop that has its value`);
  }
}

/** What to do about a value: always, or if it is below or above the limits. The defaults are to raise and to lower it. */
type Fix = string | { readonly below?: string; readonly above?: string };

/** Throws an error if a number is outside [min, max]. Tokens and absent values pass, because their value is not known. */
export function requireRange(path: string, prop: string, value: number | undefined, min: number, max: number, fix: Fix = {}): void {
  if (!isKnownNumber(path, prop, value)) return;
  const allowed = max === Infinity ? `at least ${min}` : `between ${min} and ${max}`;
  if (!(value >= min && value <= max)) refuse(path, `'${prop}' must be ${allowed}, got ${value}; ${fixText(fix, value < min)}`);
}

/**
 * Throws an error if a duration is outside of [min, max] seconds, or has a fraction of a second while `min` has none. Tokens and
 * absent values pass.
 */
export function requireDuration(path: string, prop: string, duration: Duration | undefined, min: number, max: number, fix: Fix = {}): void {
  if (duration === undefined) return;
  // A caller in JavaScript can pass a number.
  if (typeof duration.isUnresolved !== 'function') refuse(path, `'${prop}' must be a Duration, got ${JSON.stringify(duration)}; write it as Duration.seconds(…)`);
  if (duration.isUnresolved()) return;
  const seconds = Number.isInteger(min) ? wholeSeconds(path, prop, duration) : duration.toSeconds({ integral: false });
  if (seconds >= min && seconds <= max) return;
  const allowed = max === Infinity ? `at least ${durationText(min)}` : `between ${durationText(min)} and ${durationText(max)}`;
  refuse(path, `'${prop}' must be ${allowed}, got ${durationText(seconds)}; ${fixText(fix, seconds < min)}`);
}

/** Throws an error if a number has a fraction. Tokens and absent values pass. */
export function requireWhole(path: string, prop: string, value: number | undefined): void {
  if (!isKnownNumber(path, prop, value) || Number.isInteger(value)) return;
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

/** Whether a value is a number that is known at synth. Throws an error if it is something else, which a caller in JavaScript can pass. */
function isKnownNumber(path: string, prop: string, value: number | undefined): value is number {
  if (value === undefined || Token.isUnresolved(value)) return false;
  if (typeof value !== 'number') refuse(path, `'${prop}' must be a number, got ${JSON.stringify(value)}; pass a number`);
  return true;
}

function fixText(fix: Fix, isBelow: boolean): string {
  if (typeof fix === 'string') return fix;
  return isBelow ? fix.below ?? 'raise it' : fix.above ?? 'lower it';
}

/** The text of a token (`${Token[TOKEN.12]}`) is CDK's, and nothing that somebody wrote. */
function withoutTokens(message: string): string {
  return message.replace(/'[$#]\{Token\[[^\]]*\]\}'/g, 'a token').replace(/[$#]\{Token\[[^\]]*\]\}/g, '<token>');
}
