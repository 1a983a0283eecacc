import { type Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import type { IdempotencyStoreProps } from './idempotency-store-props';
import { HTTP_RETRY_SECONDS } from '../aws';
import { durationText } from '../private/duration-text';
import { refuse } from '../private/validation';

/** Throws an error if props contradict each other or the Region of the stack. */
export function validateIdempotencyStoreProps(path: string, region: string, props: IdempotencyStoreProps): void {
  validateExpiresAfter(path, props.expiresAfter);
  if (props.encryptionKey && Token.isUnresolved(region)) {
    refuse(path, "'encryptionKey' must be set in a stack that defines its Region, got a stack without one; "
      + "set 'env' on the stack");
  }
  if (props.removalPolicy === RemovalPolicy.DESTROY && props.deletionProtection) {
    refuse(path, "'deletionProtection' must not be set with 'removalPolicy' DESTROY, got both, "
      + 'and the stack could not be deleted; leave one out');
  }
}

export function validateExpiresAfter(path: string, expiresAfter: Duration | undefined): void {
  const seconds = expiresAfter?.toSeconds();
  if (seconds === undefined || Token.isUnresolved(seconds) || seconds >= HTTP_RETRY_SECONDS) return;
  refuse(path, `'expiresAfter' must be at least ${durationText(HTTP_RETRY_SECONDS)}, in which clients retry an HTTP request, `
    + `got ${durationText(seconds)}; raise it`);
}
