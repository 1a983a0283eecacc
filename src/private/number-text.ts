import { Tokenization } from 'aws-cdk-lib';

/** A number within a text; CDK encodes a number token as a huge number, which a template literal would print. */
export function numberText(value: number): string {
  return Tokenization.stringifyNumber(value);
}
