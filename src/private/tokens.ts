import { type Duration, Lazy, Token, Tokenization } from 'aws-cdk-lib';

/** A number within a text. CDK encodes a number token as a huge number, which a template literal would print. */
export function numberText(value: number): string {
  return Tokenization.stringifyNumber(value);
}

/** A number within a text that is read at synth, when overrides and aspects have changed it. */
export function lateNumberText(read: () => unknown): string {
  return Lazy.uncachedString({
    produce: () => {
      const value = read();
      return typeof value === 'number' ? numberText(value) : Token.asString(value);
    },
  });
}

/** A duration in seconds; undefined if it is absent or a token. */
export function knownSeconds(duration: Duration | undefined): number | undefined {
  return duration === undefined || duration.isUnresolved() ? undefined : duration.toSeconds();
}
