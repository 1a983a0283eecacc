import { LAMBDA } from '../../../limits';
import { hasStray } from '../../graph';
import { eachFunction } from '../each';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';

const SNAPSTART = SOURCE.lambda('snapstart');

/** Functions that start from a snapshot. */
export const SNAPSTART_RULES: Rule[] = [
  {
    id: 'LP-C01',
    article: 'cold-start',
    severity: 'error',
    title: 'SnapStart with provisioned concurrency',
    why: 'Lambda has either of them for a function',
    fix: 'remove one',
    source: SNAPSTART,
    evaluate: eachFunction(fn => (fn.snapStart ? fn.provisioned().map(({ resource, amount }) => ({
      at: resource, property: 'ProvisionedConcurrencyConfig', must: `must not be set with the SnapStart of ${fn.path}`, got: amount,
    })) : undefined)),
  },
  {
    id: 'LP-C02',
    article: 'cold-start',
    severity: 'error',
    title: 'SnapStart on a runtime without it',
    why: 'SnapStart is for Java 11, Python 3.12 and .NET 8 or later',
    fix: 'remove SnapStart',
    source: SNAPSTART,
    elsewhere: 'CDK throws for its own functions',
    evaluate: eachFunction(fn => fn.snapStart && (/^(nodejs|ruby|provided|go)/.test(fn.runtime) || /^(java8|python3\.([0-9]|1[01])$|dotnet(core|5|6))/.test(fn.runtime))
      && { at: fn.resource, property: 'SnapStart.ApplyOn', must: `must not be set for ${fn.runtime}`, got: 'PublishedVersions' }),
  },
  {
    id: 'LP-C03',
    article: 'cold-start',
    severity: 'error',
    title: 'SnapStart with a file system or a large /tmp',
    why: 'a snapshot holds neither mounted file systems nor more than 512 MB of /tmp',
    fix: 'remove SnapStart or the other',
    source: SNAPSTART,
    elsewhere: 'CDK throws for its own functions',
    evaluate: eachFunction(fn => {
      if (!fn.snapStart) return undefined;
      const storage = fn.resource.number('EphemeralStorage.Size');
      return [
        ...(fn.resource.list('FileSystemConfigs').length > 0 ? [{ at: fn.resource, property: 'FileSystemConfigs', must: 'must not be set with SnapStart', got: fn.resource.list('FileSystemConfigs').length }] : []),
        ...(storage !== undefined && storage > LAMBDA.snapStartEphemeralStorageMaxMiB
          ? [{ at: fn.resource, property: 'EphemeralStorage.Size', must: `must be at most ${LAMBDA.snapStartEphemeralStorageMaxMiB} MB with SnapStart`, got: storage }] : []),
      ];
    }),
  },
  {
    id: 'LP-C04',
    article: 'cold-start',
    severity: 'error',
    title: 'SnapStart that nobody uses',
    why: '$LATEST never starts from a snapshot: only published versions do',
    fix: 'publish a version, and let an alias point at it',
    source: SNAPSTART,
    elsewhere: 'CDK: a warning always, and W2530',
    evaluate: eachFunction(fn => fn.snapStart && fn.versions.length === 0 && fn.aliases.length === 0 && !hasStray(fn.app, 'AWS::Lambda::Version')
      && { at: fn.resource, property: 'SnapStart.ApplyOn', must: 'must go with a published version', got: 'no version in the app' }),
  },
  {
    id: 'LP-C05',
    article: 'cold-start',
    severity: 'info',
    title: 'SnapStart costs on this runtime',
    why: 'for Python and .NET each published version is charged while it is active, and each restore',
    fix: 'delete versions that no alias needs',
    source: SNAPSTART,
    evaluate: eachFunction(fn => fn.snapStart && /^(python|dotnet)/.test(fn.runtime)
      && { at: fn.resource, property: 'SnapStart.ApplyOn', must: `must be worth its charges for ${fn.runtime}`, got: 'PublishedVersions' }),
  },
  {
    id: 'LP-C06',
    article: 'cold-start',
    severity: 'warning',
    title: 'credentials in a snapshot',
    why: 'what Init reads is frozen into the snapshot, and is stale or revoked when it is restored',
    fix: 'fetch it in the handler or in an after-restore hook, with a TTL',
    source: SOURCE.lambda('snapstart-uniqueness'),
    evaluate: eachFunction(fn => (fn.snapStart ? fn.environment.filter(([key]) => /(SECRET|PASSWORD|TOKEN|ACCESS_KEY|CREDENTIAL)/i.test(key) && !/(ARN|NAME|ID|URL|TTL)$/i.test(key))
      .map(([key]) => ({ at: fn.resource, property: `Environment.Variables.${key}`, must: 'must not hold credentials with SnapStart', got: 'a value' })) : undefined)),
  },
  {
    id: 'LP-C07',
    article: 'cold-start',
    severity: 'info',
    title: 'snapshots of Java go after 14 idle days',
    why: 'the first call after that fails with SnapStartNotReadyException while a new one is made',
    fix: 'retry that call, or invoke now and then',
    source: SNAPSTART,
    evaluate: eachFunction(fn => fn.snapStart && /^java/.test(fn.runtime)
      && { at: fn.resource, property: 'SnapStart.ApplyOn', must: 'must go with callers that retry', got: 'PublishedVersions' }),
  },
];
