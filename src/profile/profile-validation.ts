import { type Duration, type Expiration, RemovalPolicy, Token } from 'aws-cdk-lib';
import { RDS, TAG } from '../aws';
import { refuse, requireDuration } from '../private/validation';

/** The settings of a profile, defaults included. */
interface EffectiveSettings {
  readonly removalPolicy: RemovalPolicy;
  readonly deletionProtection: boolean;
  readonly emptyBuckets: boolean;
  readonly backupRetention: Duration;
  readonly tags: { [key: string]: string };
}

/** Throws an error if settings contradict each other, or if AWS would reject them. */
export function validateProfile(path: string, { removalPolicy, deletionProtection, emptyBuckets, backupRetention, tags }: EffectiveSettings): void {
  const isDeleted = removalPolicy === RemovalPolicy.DESTROY;
  if (isDeleted && deletionProtection) {
    refuse(path, "'deletionProtection' must not be true with 'removalPolicy' DESTROY, got both, and no stack could be deleted; leave one out");
  }
  if (!isDeleted && emptyBuckets) {
    refuse(path, `'emptyBuckets' must be set with 'removalPolicy' DESTROY only, got ${removalPolicy}; leave it out, or set DESTROY`);
  }
  requireDuration(path, 'backupRetention', backupRetention, 86_400, RDS.backupRetentionMaxDays * 86_400);
  for (const [key, value] of Object.entries(tags)) {
    validateTag(path, `key of the tag '${key}'`, key, TAG.keyMaxLength);
    validateTag(path, `value of the tag '${key}'`, value, TAG.valueMaxLength);
  }
}

/** A caller in JavaScript can pass a text or a Date. */
export function validateExpiration(path: string, expires: Expiration | undefined): void {
  if (expires === undefined || typeof (expires.date as Date | undefined)?.getTime === 'function') return;
  refuse(path, `'expires' must be an Expiration, got ${JSON.stringify(expires)}; write it as Expiration.fromString('2027-01-31')`);
}

function validateTag(path: string, part: string, text: string, max: number): void {
  if (Token.isUnresolved(text)) return;
  if (text.length < 1 || text.length > max || !TAG.characters.test(text)) {
    refuse(path, `the ${part} must be 1 to ${max} letters, digits, spaces or _.:/=+-@, got '${text}'; ${text.length > max ? 'shorten it' : 'use only these characters'}`);
  }
}
