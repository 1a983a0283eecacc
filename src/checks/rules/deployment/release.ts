import { CODE_DEPLOY, LAMBDA } from '../../../limits';
import { configured, HOOKS, LATEST, patternOf, releasesOf, show, targetOf } from '../../graph';
import type { AppGraph, Release, Resource, Shift } from '../../graph';
import { each, eachFunction } from '../each';
import { outside } from '../foundation/failure';
import { entrances } from '../http/stages-and-urls';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';

const ALIAS = 'AWS::Lambda::Alias';
const GROUP = 'AWS::CodeDeploy::DeploymentGroup';
const WEIGHTS = 'RoutingConfig.AdditionalVersionWeights';
const ROUTING = SOURCE.lambda('configuring-alias-routing');
const VERSIONS = SOURCE.lambda('configuration-versions');
const LIMITS = SOURCE.codeDeploy('limits');
const GROUPS = SOURCE.codeDeploy('deployment-groups-configure-advanced-options');
const HOOKS_PAGE = SOURCE.codeDeploy('reference-appspec-file-structure-hooks');

/** Versions, aliases and CodeDeploy. */
export const RELEASE_RULES: Rule[] = [
  {
    id: 'LP-P01',
    article: 'deployment',
    severity: 'error',
    title: 'an alias over more than two versions',
    why: 'an alias shares traffic between two versions at most',
    fix: 'keep one additional version',
    source: ROUTING,
    evaluate: each(ALIAS, alias => alias.list(WEIGHTS).length > LAMBDA.aliasVersionsMax - 1
      && { at: alias, property: WEIGHTS, must: `must have at most ${LAMBDA.aliasVersionsMax - 1} version beside the main one`, got: alias.list(WEIGHTS).length }),
  },
  {
    id: 'LP-P02',
    article: 'deployment',
    severity: 'error',
    title: 'weights beside CodeDeploy',
    why: 'CodeDeploy sets the weights of an alias itself; fixed ones undo its shift',
    fix: 'remove RoutingConfig',
    source: ROUTING,
    evaluate: eachRelease(({ alias }) => (alias.list(WEIGHTS).length > 0 ? [{ at: alias, property: WEIGHTS, must: 'must not be set where CodeDeploy shifts', got: alias.list(WEIGHTS).length }] : [])),
  },
  {
    id: 'LP-P03',
    article: 'deployment',
    severity: 'error',
    title: 'weights beside provisioned concurrency',
    why: 'an alias has either of them',
    fix: 'remove one, or shift with CodeDeploy',
    source: ROUTING,
    elsewhere: 'CDK and cfn-lint: F3020',
    evaluate: each(ALIAS, alias => alias.list(WEIGHTS).length > 0 && alias.number('ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions') !== undefined
      && { at: alias, property: WEIGHTS, must: 'must not be set beside ProvisionedConcurrencyConfig', got: alias.list(WEIGHTS).length }),
  },
  {
    id: 'LP-P04',
    article: 'deployment',
    severity: 'warning',
    title: 'the previous version is deleted',
    why: 'a rollback needs the version that served before; CloudFormation deletes it with its resource',
    fix: 'set DeletionPolicy to Retain (currentVersionOptions.removalPolicy)',
    source: VERSIONS,
    practice: true,
    evaluate: eachFunction(fn => fn.versions.filter(version => fn.aliases.some(alias => alias.target('FunctionVersion') === version) && !/^Retain/.test(version.policy('DeletionPolicy') ?? ''))
      .map(version => ({ at: version, property: 'DeletionPolicy', must: 'must be Retain for rollbacks', got: version.policy('DeletionPolicy') }))),
  },
  {
    id: 'LP-P06',
    article: 'deployment',
    severity: 'error',
    title: 'new code makes no new version',
    why: 'without S3ObjectVersion the template does not change when the object does, and nothing is published',
    fix: 'set S3ObjectVersion, or use an asset',
    source: VERSIONS,
    elsewhere: 'CDK: the warning codeFromBucketObjectVersionNotSpecified',
    practice: true,
    // a version that names the hash of its code is replaced with it, as the Serverless Framework does
    evaluate: eachFunction(fn => fn.versions.some(version => version.lacks('CodeSha256')) && fn.resource.lacks('Code.S3ObjectVersion') && !fn.resource.lacks('Code.S3Key') && fn.resource.raw.Metadata === undefined
      && /^[^/]*$|\.(zip|jar)$/.test(patternOf(fn.resource.get('Code.S3Key'))) && !/[0-9a-f]{32}/.test(patternOf(fn.resource.get('Code.S3Key'))) && !patternOf(fn.resource.get('Code.S3Key')).includes('*')
      && { at: fn.resource, property: 'Code.S3ObjectVersion', must: 'must be set for a function with versions', got: undefined }),
  },
  {
    id: 'LP-P09',
    article: 'deployment',
    severity: 'warning',
    title: 'all traffic at once',
    why: 'every user meets a bad version at the same time',
    fix: 'use CodeDeployDefault.LambdaCanary10Percent5Minutes',
    source: SOURCE.codeDeploy('deployment-configurations'),
    practice: true,
    evaluate: eachRelease(({ group, shift }) => (group && shift?.kind === 'all-at-once'
      ? [{ at: group, property: 'DeploymentConfigName', must: 'must shift step by step', got: group.get('DeploymentConfigName') }] : [])),
  },
  {
    id: 'LP-P10',
    article: 'deployment',
    severity: 'error',
    title: 'a shift out of range',
    why: `a step is 1 to 99 %, an interval a minute or more, and from the first shift to the last pass at most ${CODE_DEPLOY.shiftMaxMinutes} minutes`,
    fix: 'use larger steps or shorter intervals',
    source: LIMITS,
    evaluate: each('AWS::CodeDeploy::DeploymentConfig', config => {
      const shift = configured(config);
      const key = shift?.kind === 'canary' ? 'Canary' : 'Linear';
      const property = (name: string) => `TrafficRoutingConfig.TimeBased${key}.${key}${name}`;
      const minutes = shift && shiftMinutes(shift);
      return [
        ...outside(config, property('Percentage'), CODE_DEPLOY.trafficPercentageMin, CODE_DEPLOY.trafficPercentageMax),
        ...(shift?.minutes !== undefined && shift.minutes < 1 ? [{ at: config, property: property('Interval'), must: 'must be at least 1 minute', got: shift.minutes }] : []),
        ...(minutes !== undefined && minutes > CODE_DEPLOY.shiftMaxMinutes
          ? [{ at: config, property: property('Interval'), must: `must shift within ${CODE_DEPLOY.shiftMaxMinutes} minutes`, got: `${minutes} in all` }] : []),
      ];
    }),
  },
  {
    id: 'LP-P11',
    article: 'deployment',
    severity: 'error',
    title: 'the deployment takes too long',
    why: 'CodeDeploy gives a deployment 50 h, and each hook may take one of them',
    fix: 'shorten the shift',
    source: LIMITS,
    evaluate: eachRelease(({ group, shift, hooks }) => {
      const minutes = shift && shiftMinutes(shift);
      const total = (minutes ?? 0) + hooks.length * CODE_DEPLOY.hookMaxMinutes;
      return group && total > CODE_DEPLOY.deploymentMaxHours * 60
        ? [{ at: group, property: 'DeploymentConfigName', must: `must end within ${CODE_DEPLOY.deploymentMaxHours} h`, got: `${total} minutes with ${hooks.length} hooks` }] : [];
    }),
  },
  {
    id: 'LP-P16',
    article: 'deployment',
    severity: 'warning',
    title: 'a deployment goes on when alarms cannot be read',
    why: 'an outage of CloudWatch, or a switched-off configuration, looks like a good version',
    fix: 'set IgnorePollAlarmFailure to false and Enabled to true',
    source: GROUPS,
    evaluate: each(GROUP, group => [
      ...(group.boolean('AlarmConfiguration.IgnorePollAlarmFailure') === true ? [{ at: group, property: 'AlarmConfiguration.IgnorePollAlarmFailure', must: 'must be false', got: true }] : []),
      ...(group.boolean('AlarmConfiguration.Enabled') === false && group.list('AlarmConfiguration.Alarms').length > 0 ? [{ at: group, property: 'AlarmConfiguration.Enabled', must: 'must be true', got: false }] : []),
    ]),
  },
  {
    id: 'LP-P17',
    article: 'deployment',
    severity: 'error',
    title: 'a hook that cannot do its work',
    why: 'the hook must be a function of its own, and have time to call the new version and report',
    fix: 'use a separate function with a timeout of 30 s or more',
    source: HOOKS_PAGE,
    evaluate: eachRelease(release => release.hooks.flatMap(hook => [
      ...(hook === release.function?.resource ? [{ at: release.alias, property: 'UpdatePolicy.CodeDeployLambdaAliasUpdate', must: 'must have a hook that is not the function itself', got: hook.path }] : []),
      ...(hook.lacks('Timeout') ? [{ at: hook, property: 'Timeout', must: `must be set, as it is a hook of ${release.alias.path} (the default is 3 s)`, got: undefined }] : []),
    ])),
  },
  {
    id: 'LP-P18',
    article: 'deployment',
    severity: 'warning',
    title: 'CodeDeploy may not call the hook',
    why: 'its managed policy lets it invoke functions named CodeDeployHook_* only',
    fix: 'grant lambda:InvokeFunction to the role of the group, or let its name begin with CodeDeployHook_',
    source: HOOKS_PAGE,
    evaluate: app => releasesOf(app).flatMap(({ alias }) => HOOKS.flatMap(property => {
      const value = alias.attributes.get(property);
      return typeof value === 'string' && targetOf(app, value, alias).function === undefined && !/(^|:)CodeDeployHook_/.test(value)
        ? [{ at: alias, property, must: 'must be named CodeDeployHook_*', got: value }] : [];
    })),
  },
  {
    id: 'LP-P19',
    article: 'deployment',
    severity: 'error',
    title: 'traffic goes past the canary',
    why: 'what calls $LATEST meets new code at once, before CodeDeploy shifts anything',
    fix: 'point it at the alias',
    source: SOURCE.lambda('configuration-aliases'),
    evaluate: eachRelease(({ alias, function: fn }) => (fn ? entrances(fn) : []).filter(({ qualifier }) => qualifier === LATEST)
      .map(({ at: where, property }) => ({ at: where, property, must: `must be the alias ${alias.path}`, got: LATEST }))),
  },
  {
    id: 'LP-P20',
    article: 'deployment',
    severity: 'error',
    title: 'a deployment group that releases nothing',
    why: 'CloudFormation shifts through CodeDeploy only where the UpdatePolicy of the alias says so; something removed or overwrote it',
    fix: 'set UpdatePolicy.CodeDeployLambdaAliasUpdate on the alias',
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html',
    evaluate: each(GROUP, (group, app) => {
      const application = app.resourceOf(group.get('ApplicationName'), group, 'AWS::CodeDeploy::Application');
      return application?.string('ComputePlatform') === 'Lambda' && !releasing(app, group)
        && { at: group, property: 'ApplicationName', must: 'must be named in the UpdatePolicy of an alias', got: 'no alias' };
    }),
  },
  {
    id: 'LP-P21',
    article: 'deployment',
    severity: 'warning',
    title: 'two async configurations that differ',
    why: 'the configuration is per qualifier: callers of the alias get one, callers of $LATEST the other',
    fix: 'keep the one on the alias',
    source: SOURCE.lambda('invocation-async-configuring'),
    evaluate: eachFunction(fn => {
      const onAlias = fn.asyncConfigs.find(({ target }) => target.alias);
      const onLatest = fn.asyncConfigs.find(({ target }) => target.qualifier === LATEST);
      const text = (resource: Resource) => ['MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig'].map(property => show(resource.get(property))).join();
      return onAlias && onLatest && text(onAlias.resource) !== text(onLatest.resource)
        && { at: onLatest.resource, property: 'Qualifier', must: `must have the values of ${onAlias.resource.path}`, got: LATEST };
    }),
  },
];

/** Checks every alias that CodeDeploy shifts. */
export function eachRelease(check: (release: Release) => Problem[]): (app: AppGraph) => Problem[] {
  return app => releasesOf(app).flatMap(check);
}

/** Some alias shifts through the group, or through one that the templates do not show. */
function releasing(app: AppGraph, group: Resource): boolean {
  const groups = app.view(groupsOfReleases);
  return groups.has(group) || groups.has(undefined);
}

function groupsOfReleases(app: AppGraph): Set<Resource | undefined> {
  return new Set(releasesOf(app).map(release => release.group));
}

/** From the first shift to the last. */
export function shiftMinutes({ kind, percentage, minutes }: Shift): number | undefined {
  if (kind === 'all-at-once' || minutes === undefined) return undefined;
  if (kind === 'canary') return minutes;
  return percentage === undefined || percentage <= 0 ? undefined : minutes * (Math.ceil(100 / percentage) - 1);
}
