import { LAMBDA } from '../../../aws';
import { isJson, LATEST, patternOf, releasesOf, show } from '../../graph';
import type { AppGraph, LambdaFunction, Release, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { each, eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { eachRelease } from '../support/each-release';

const ALIAS = 'AWS::Lambda::Alias';
const WEIGHTS = 'RoutingConfig.AdditionalVersionWeights';
const ROUTING = SOURCE.lambda('configuring-alias-routing');
const VERSIONS = SOURCE.lambda('configuration-versions');

export const ALIASES_AND_VERSIONS_RULES: Rule[] = [
  {
    id: 'LP-P01',
    category: 'deployment',
    severity: 'error',
    title: 'Alias routes to more than two versions',
    why: 'An alias distributes traffic between at most two versions.',
    fix: 'configure at most one additional version',
    source: ROUTING,
    evaluate: each(ALIAS, moreThanTwoVersions),
  },
  {
    id: 'LP-P02',
    category: 'deployment',
    severity: 'error',
    title: 'Alias with CodeDeploy has fixed weights',
    why: 'CodeDeploy sets the weights of the alias. Fixed weights undo its traffic shift.',
    fix: 'remove RoutingConfig',
    source: ROUTING,
    evaluate: eachRelease(weightsWithCodeDeploy),
  },
  {
    id: 'LP-P03',
    category: 'deployment',
    severity: 'error',
    title: 'Alias has weights and provisioned concurrency',
    why: 'The two settings are mutually exclusive.',
    fix: 'remove one of them, or shift traffic with CodeDeploy',
    source: ROUTING,
    elsewhere: 'CDK and cfn-lint: F3020',
    evaluate: each(ALIAS, weightsWithProvisionedConcurrency),
  },
  {
    id: 'LP-P04',
    category: 'deployment',
    severity: 'warning',
    title: 'Previous version is deleted',
    why: 'A rollback requires the previous version, which CloudFormation deletes with its resource.',
    fix: 'set DeletionPolicy to Retain (currentVersionOptions.removalPolicy)',
    source: VERSIONS,
    practice: true,
    setByProfile: true,
    evaluate: eachFunction(versionsNotRetained),
  },
  {
    id: 'LP-P06',
    category: 'deployment',
    severity: 'error',
    title: 'New code does not publish a new version',
    why:
      'Without S3ObjectVersion the template does not change with the object, and Lambda publishes no ' + 'version.',
    fix: 'set S3ObjectVersion, or use an asset',
    source: VERSIONS,
    elsewhere: 'CDK: the warning codeFromBucketObjectVersionNotSpecified',
    practice: true,
    evaluate: eachFunction(codeWithoutObjectVersion),
  },
  {
    id: 'LP-P21',
    category: 'deployment',
    severity: 'warning',
    title: 'Asynchronous configurations of the alias and of $LATEST differ',
    why:
      'The configuration applies to one qualifier. Callers of the alias and callers of $LATEST have '
      + 'different retries and destinations.',
    fix: 'remove the configuration of $LATEST',
    source: SOURCE.lambda('invocation-async-configuring'),
    evaluate: eachFunction(asyncConfigurationsDiffer),
  },
  {
    id: 'LP-P48',
    category: 'deployment',
    severity: 'warning',
    title: 'Alias has fixed weights without CodeDeploy',
    why:
      'The new version keeps its share of the traffic until the template changes. No alarm rolls it back, and the '
      + 'other users keep the old version.',
    fix: 'remove RoutingConfig, and shift traffic with CodeDeploy (UpdatePolicy.CodeDeployLambdaAliasUpdate)',
    source: ROUTING,
    practice: true,
    evaluate: each(ALIAS, weightsWithoutCodeDeploy),
  },
  {
    id: 'LP-P49',
    category: 'deployment',
    severity: 'error',
    title: 'Two aliases of a function have the same name',
    why: 'The name is unique within the function. Lambda rejects the second alias, and the deployment fails.',
    fix: 'remove one of the two aliases, or give it another name',
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html',
    evaluate: eachFunction(aliasesOfOneName),
  },
];

function moreThanTwoVersions(alias: Resource): Found {
  if (alias.list(WEIGHTS).length > LAMBDA.aliasVersionsMax - 1) {
    return {
      at: alias,
      property: WEIGHTS,
      must: `must have at most ${LAMBDA.aliasVersionsMax - 1} version beside the main one`,
      got: alias.list(WEIGHTS).length,
    };
  }
  return undefined;
}

function weightsWithCodeDeploy({ alias }: Release): Found {
  if (alias.list(WEIGHTS).length > 0) {
    return {
      at: alias,
      property: WEIGHTS,
      must: 'must not be set on an alias that CodeDeploy releases',
      got: alias.list(WEIGHTS).length,
    };
  }
  return undefined;
}

/** A weight from a parameter is not fixed: the operator shifts the traffic. */
function weightsWithoutCodeDeploy(alias: Resource, app: AppGraph): Found {
  const weights = alias.list(WEIGHTS).map((_, index) => alias.number(`${WEIGHTS}.${index}.FunctionWeight`));
  const fixed = weights.find(weight => weight !== undefined && weight > 0);
  if (fixed === undefined || app.view(releasedAliases).has(alias)) return undefined;
  return {
    at: alias,
    property: WEIGHTS,
    must: 'must not be fixed on an alias that CodeDeploy does not release',
    got: fixed,
  };
}

function aliasesOfOneName(fn: LambdaFunction): Found {
  const names = new Set<string>();
  return fn.aliases.flatMap(alias => {
    const name = alias.string('Name');
    if (name === undefined) return [];
    const isTaken = names.has(name);
    names.add(name);
    return isTaken ? [{ at: alias, property: 'Name', must: `must be unique within ${fn.path}`, got: name }] : [];
  });
}

function releasedAliases(app: AppGraph): Set<Resource> {
  return new Set(releasesOf(app).map(({ alias }) => alias));
}

function weightsWithProvisionedConcurrency(alias: Resource): Found {
  if (
    alias.list(WEIGHTS).length > 0
    && alias.number('ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions') !== undefined
  ) {
    return {
      at: alias,
      property: WEIGHTS,
      must: 'must not be set beside ProvisionedConcurrencyConfig',
      got: alias.list(WEIGHTS).length,
    };
  }
  return undefined;
}

function versionsNotRetained(fn: LambdaFunction): Found {
  return fn.servedVersions()
    .filter(version => !/^Retain/.test(version.policy('DeletionPolicy') ?? ''))
    .map(version => ({
      at: version,
      property: 'DeletionPolicy',
      must: 'must be Retain for rollbacks',
      got: version.policy('DeletionPolicy'),
    }));
}

function codeWithoutObjectVersion(fn: LambdaFunction): Found {
  const key = patternOf(fn.resource.get('Code.S3Key'));
  const isServerless = fn.serverless('AutoPublishAlias') !== undefined;
  if (
    // a version with the hash of its code, as of the Serverless Framework, is replaced with the code
    fn.versions.some(version => version.lacks('CodeSha256'))
    && fn.resource.lacks('Code.S3ObjectVersion')
    && !fn.resource.lacks('Code.S3Key')
    && !isAsset(fn.resource)
    && /^[^/]*$|\.(zip|jar)$/.test(key)
    && !/[0-9a-f]{32}/.test(key)
    && !key.includes('*')
  ) {
    return {
      at: fn.resource,
      property: isServerless ? 'CodeUri.Version' : 'Code.S3ObjectVersion',
      must: 'must be set for a function with versions',
      got: undefined,
      ...isServerless && { fix: 'set Bucket, Key and Version in CodeUri, or name a local folder' },
    };
  }
  return undefined;
}

/** CDK names the folder of an asset, whose key in the bucket is its hash. */
function isAsset({ raw: { Metadata } }: Resource): boolean {
  return isJson(Metadata) && Metadata['aws:asset:path'] !== undefined;
}

function asyncConfigurationsDiffer(fn: LambdaFunction): Found {
  const onAlias = fn.asyncConfigs.find(({ target }) => target.alias);
  const onLatest = fn.asyncConfigs.find(({ target }) => target.qualifier === LATEST);
  if (onAlias && onLatest && asyncSettings(onAlias.resource) !== asyncSettings(onLatest.resource)) {
    return {
      at: onLatest.resource,
      property: 'Qualifier',
      must: `must have the values of ${onAlias.resource.path}`,
      got: LATEST,
    };
  }
  return undefined;
}

function asyncSettings(resource: Resource): string {
  return ['MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig']
    .map(property => show(resource.get(property)))
    .join();
}
