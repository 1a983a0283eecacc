import { LAMBDA, oldestSnapStartRuntime } from '../../../aws';
import { hasStray } from '../../graph';
import type { LambdaFunction } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { eachFunction } from '../support/each';
import type { Found } from '../support/each';

const SNAPSTART = SOURCE.lambda('snapstart');

export const SNAPSTART_RULES: Rule[] = [
  {
    id: 'LP-C01',
    category: 'cold-start',
    severity: 'error',
    title: 'SnapStart is combined with provisioned concurrency',
    why: 'Lambda supports one of them for a function.',
    fix: 'remove one of them',
    source: SNAPSTART,
    evaluate: eachFunction(snapStartWithProvisionedConcurrency),
  },
  {
    id: 'LP-C02',
    category: 'cold-start',
    severity: 'error',
    title: 'SnapStart is not supported by the runtime',
    why: 'SnapStart requires Java 11, Python 3.12 or .NET 8, or later.',
    fix: 'move to one of these runtimes, or remove SnapStart',
    source: SNAPSTART,
    elsewhere: 'CDK throws for its own functions',
    evaluate: eachFunction(snapStartNotSupported),
  },
  {
    id: 'LP-C03',
    category: 'cold-start',
    severity: 'error',
    title: 'SnapStart is combined with a file system or a large /tmp',
    why: 'SnapStart supports neither mounted file systems nor more than 512 MB of /tmp.',
    fix: 'remove SnapStart or the storage setting',
    source: SNAPSTART,
    elsewhere: 'CDK throws for its own functions',
    evaluate: eachFunction(snapStartWithStorage),
  },
  {
    id: 'LP-C04',
    category: 'cold-start',
    severity: 'error',
    title: 'SnapStart has no published version',
    why: 'Lambda creates snapshots of published versions only, never of $LATEST.',
    fix: 'publish a version and route an alias to it',
    source: SNAPSTART,
    elsewhere: 'CDK: a warning on every function with SnapStart, and W2530',
    evaluate: eachFunction(snapStartWithoutVersion),
  },
  {
    id: 'LP-C05',
    category: 'cold-start',
    severity: 'info',
    title: 'SnapStart is charged on this runtime',
    why: 'For Python and .NET AWS charges for each published version while it is active, and for each restore.',
    fix: 'delete versions that no alias uses',
    source: SNAPSTART,
    evaluate: eachFunction(snapStartCharged),
  },
  {
    id: 'LP-C06',
    category: 'cold-start',
    severity: 'warning',
    title: 'Credentials are part of the snapshot',
    why:
      'Credentials that are read during initialization are stored in the snapshot. They may be expired or '
      + 'revoked when it is restored.',
    fix: 'fetch them in the handler or in an after-restore hook, with a TTL',
    source: SOURCE.lambda('snapstart-uniqueness'),
    evaluate: eachFunction(credentialsInSnapshot),
  },
  {
    id: 'LP-C07',
    category: 'cold-start',
    severity: 'info',
    title: 'Java snapshots are deleted after 14 idle days',
    why: 'The next invocation fails with SnapStartNotReadyException while Lambda creates a new snapshot.',
    fix: 'retry the invocation, or invoke the function regularly',
    source: SNAPSTART,
    evaluate: eachFunction(javaSnapshotExpires),
  },
];

function snapStartWithProvisionedConcurrency(fn: LambdaFunction): Found {
  if (!fn.snapStart) return undefined;
  return fn
    .provisioned()
    .map(({ resource, amount }) => ({
      at: resource,
      property: 'ProvisionedConcurrencyConfig',
      must: `must not be set with SnapStart on ${fn.path}`,
      got: amount,
    }));
}

function snapStartNotSupported(fn: LambdaFunction): Found {
  if (
    fn.snapStart
    && (/^(nodejs|ruby|provided|go)/.test(fn.runtime)
      || /^(java8|python3\.([0-9]|1[01])$|dotnet(core|5|6))/.test(fn.runtime))
  ) {
    const oldest = oldestSnapStartRuntime(fn.runtime);
    return {
      at: fn.resource,
      property: 'SnapStart.ApplyOn',
      must: `must not be set for ${fn.runtime}`,
      got: 'PublishedVersions',
      fix: oldest === undefined
        ? 'remove SnapStart, or use provisioned concurrency'
        : `move to ${oldest} or later, or remove SnapStart`,
    };
  }
  return undefined;
}

function snapStartWithStorage(fn: LambdaFunction): Found {
  if (!fn.snapStart) return undefined;
  const storage = fn.resource.number('EphemeralStorage.Size');
  return [
    fn.resource.list('FileSystemConfigs').length > 0 && {
      at: fn.resource,
      property: 'FileSystemConfigs',
      must: 'must not be set with SnapStart',
      got: fn.resource.list('FileSystemConfigs').length,
    },
    storage !== undefined
      && storage > LAMBDA.snapStartEphemeralStorageMaxMiB && {
      at: fn.resource,
      property: 'EphemeralStorage.Size',
      must: `must be at most ${LAMBDA.snapStartEphemeralStorageMaxMiB} MB with SnapStart`,
      got: storage,
    },
  ];
}

function snapStartWithoutVersion(fn: LambdaFunction): Found {
  if (
    fn.snapStart
    && fn.versions.length === 0
    && fn.aliases.length === 0
    && !hasStray(fn.app, 'AWS::Lambda::Version')
  ) {
    return {
      at: fn.resource,
      property: 'SnapStart.ApplyOn',
      must: 'must be used with a published version',
      got: 'no version in the app',
    };
  }
  return undefined;
}

function snapStartCharged(fn: LambdaFunction): Found {
  if (fn.snapStart && /^(python|dotnet)/.test(fn.runtime)) {
    return {
      at: fn.resource,
      property: 'SnapStart.ApplyOn',
      must: `must shorten cold starts enough for its charges on ${fn.runtime}`,
      got: 'PublishedVersions',
    };
  }
  return undefined;
}

function credentialsInSnapshot(fn: LambdaFunction): Found {
  if (!fn.snapStart) return undefined;
  return fn.environment
    .filter(
      ([key]) => /(SECRET|PASSWORD|TOKEN|ACCESS_KEY|CREDENTIAL)/i.test(key) && !/(ARN|NAME|ID|URL|TTL)$/i.test(key),
    )
    .map(([key]) => ({
      at: fn.resource,
      property: `Environment.Variables.${key}`,
      must: 'must not contain credentials with SnapStart',
      got: 'a value',
    }));
}

function javaSnapshotExpires(fn: LambdaFunction): Found {
  if (fn.snapStart && /^java/.test(fn.runtime)) {
    return {
      at: fn.resource,
      property: 'SnapStart.ApplyOn',
      must: 'must have callers that retry SnapStartNotReadyException',
      got: 'PublishedVersions',
    };
  }
  return undefined;
}
