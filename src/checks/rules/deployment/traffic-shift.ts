import { CODE_DEPLOY, shiftMinutes } from '../../../aws';
import { durationText } from '../../../private/duration-text';
import { LATEST, asBoolean, configuredRouting, isJson, isRecord, releasesOf } from '../../graph';
import type { AppGraph, LambdaFunction, Release, Resource, TemplateGraph } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { each, eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { eachRelease } from '../support/each-release';
import { invocationsOf } from '../support/invocations';
import { outOfRange } from '../support/out-of-range';

const GROUP = 'AWS::CodeDeploy::DeploymentGroup';
const UPDATE = 'CodeDeployLambdaAliasUpdate';
const LIMITS = SOURCE.codeDeploy('limits');

export const TRAFFIC_SHIFT_RULES: Rule[] = [
  {
    id: 'LP-P09',
    category: 'deployment',
    severity: 'warning',
    title: 'All traffic shifts in one step',
    why: 'A bad version affects every user immediately.',
    fix: 'use CodeDeployDefault.LambdaCanary10Percent10Minutes',
    source: SOURCE.codeDeploy('deployment-configurations'),
    practice: true,
    setByProfile: true,
    evaluate: eachRelease(allAtOnce),
  },
  {
    id: 'LP-P10',
    category: 'deployment',
    severity: 'error',
    title: 'Traffic shift is out of range',
    why:
      'A step is 1 to 99 %, an interval at least one minute. The time from the first to the last step is '
      + `at most ${durationText(CODE_DEPLOY.shiftMaxMinutes * 60)}.`,
    fix: 'use larger steps or shorter intervals',
    source: LIMITS,
    evaluate: each('AWS::CodeDeploy::DeploymentConfig', shiftOutOfRange),
  },
  {
    id: 'LP-P11',
    category: 'deployment',
    severity: 'error',
    title: 'Deployment takes too long',
    why: 'CodeDeploy limits a deployment to 50 hours, and each hook may use one of them.',
    fix: 'shorten the traffic shift',
    source: LIMITS,
    evaluate: eachRelease(deploymentTooLong),
  },
  {
    id: 'LP-P19',
    category: 'deployment',
    severity: 'error',
    title: 'Caller bypasses the canary',
    why: 'A caller of $LATEST receives new code immediately, before CodeDeploy shifts any traffic.',
    fix: 'invoke the alias instead',
    source: SOURCE.lambda('configuration-aliases'),
    evaluate: eachRelease(callersBypassCanary),
  },
  {
    id: 'LP-P20',
    category: 'deployment',
    severity: 'error',
    title: 'Deployment group releases no alias',
    why:
      'CloudFormation deploys through CodeDeploy only if the UpdatePolicy of an alias names the group. The '
      + 'UpdatePolicy is missing or was overwritten.',
    fix: 'set UpdatePolicy.CodeDeployLambdaAliasUpdate on the alias',
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html',
    evaluate: app => [...each(GROUP, groupWithoutAlias)(app), ...eachFunction(preferenceWithoutAlias)(app)],
  },
];

function allAtOnce({ group, routing }: Release): Found {
  if (group && routing?.kind === 'all-at-once') {
    return {
      at: group,
      property: 'DeploymentConfigName',
      must: 'must shift traffic in steps',
      got: group.get('DeploymentConfigName'),
    };
  }
  return undefined;
}

function shiftOutOfRange(config: Resource): Found {
  const routing = configuredRouting(config);
  const key = routing?.kind === 'canary' ? 'Canary' : 'Linear';
  const property = (name: string) => `TrafficRoutingConfig.TimeBased${key}.${key}${name}`;
  const minutes = routing && shiftMinutes(routing);
  return [
    ...outOfRange(config, property('Percentage'), CODE_DEPLOY.trafficPercentageMin, CODE_DEPLOY.trafficPercentageMax),
    routing?.interval !== undefined
      && routing.interval < 1 && {
      at: config,
      property: property('Interval'),
      must: 'must be at least 1 minute',
      got: routing.interval,
    },
    minutes !== undefined
      && minutes > CODE_DEPLOY.shiftMaxMinutes && {
      at: config,
      property: property('Interval'),
      must: `must shift within ${durationText(CODE_DEPLOY.shiftMaxMinutes * 60)}`,
      got: `${durationText(minutes * 60)} in total`,
    },
  ];
}

function deploymentTooLong({ group, routing, hooks }: Release): Found {
  const minutes = routing && shiftMinutes(routing);
  const total = (minutes ?? 0) + hooks.length * CODE_DEPLOY.hookMaxMinutes;
  if (group && total > CODE_DEPLOY.deploymentMaxHours * 60) {
    return {
      at: group,
      property: 'DeploymentConfigName',
      must: `must end within ${durationText(CODE_DEPLOY.deploymentMaxHours * 3_600)}`,
      got: `${durationText(total * 60)} with ${hooks.length} hooks`,
    };
  }
  return undefined;
}

function callersBypassCanary({ alias, function: fn }: Release): Found {
  return (fn ? invocationsOf(fn) : [])
    .filter(({ qualifier }) => qualifier === LATEST)
    .map(({ at, property }) => ({ at, property, must: `must be the alias ${alias.path}`, got: LATEST }));
}

function groupWithoutAlias(group: Resource, app: AppGraph): Found {
  const application = app.resourceOf(group.get('ApplicationName'), group, 'AWS::CodeDeploy::Application');
  if (application?.string('ComputePlatform') === 'Lambda' && !isReleased(app, group)) {
    return {
      at: group,
      property: 'ApplicationName',
      must: 'must be named in the UpdatePolicy of an alias',
      got: 'no alias',
    };
  }
  return undefined;
}

/** SAM rejects the template. */
function preferenceWithoutAlias(fn: LambdaFunction): Found {
  const preference = fn.resource.template.resolve(fn.serverless('DeploymentPreference'));
  if (!isRecord(preference) || fn.serverless('AutoPublishAlias') !== undefined) return undefined;
  if (asBoolean(preference.Enabled ?? true) !== true) return undefined;
  return {
    at: fn.resource,
    property: 'DeploymentPreference',
    must: 'must be set beside AutoPublishAlias',
    got: undefined,
    fix: 'set AutoPublishAlias: live, or set DeploymentPreference.Enabled to false',
  };
}

/** Whether an alias is released by the group, or by a group that is not known, or under a condition. */
function isReleased(app: AppGraph, group: Resource): boolean {
  const groups = app.view(releasedGroups);
  return groups.has(group) || groups.has(undefined) || app.templates.some(releasesByCondition);
}

/** Whether an alias has an update policy in another scenario, but not in this one. */
function releasesByCondition(template: TemplateGraph): boolean {
  return Object.entries(template.section('Resources')).some(([id, raw]) => {
    if (!isJson(raw) || raw.Type !== 'AWS::Lambda::Alias' || !JSON.stringify(raw).includes(UPDATE)) return false;
    return template.resources.get(id)?.attributes.lacks(`UpdatePolicy.${UPDATE}`) ?? true;
  });
}

function releasedGroups(app: AppGraph): Set<Resource | undefined> {
  return new Set(releasesOf(app).map(release => release.group));
}
