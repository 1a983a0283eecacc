import { CODE_DEPLOY, shiftMinutes } from '../../../aws';
import { durationText } from '../../../private/duration-text';
import { shiftsInSteps } from '../../graph';
import type { Release, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import type { Metric } from '../support/alarm-metrics';
import { each } from '../support/each';
import type { Found } from '../support/each';
import { eachRelease } from '../support/each-release';
import { eachReleaseAlarm, hasNoAlarms } from '../support/release-alarms';

const GROUP = 'AWS::CodeDeploy::DeploymentGroup';
const LIMITS = SOURCE.codeDeploy('limits');
const GROUPS = SOURCE.codeDeploy('deployment-groups-configure-advanced-options');

export const ALARMS_RULES: Rule[] = [
  {
    id: 'LP-P08',
    category: 'deployment',
    severity: 'error',
    title: 'Canary has no alarms',
    why: 'Without alarms CodeDeploy shifts all traffic to a version that fails every request.',
    fix: 'add alarms on the errors and the duration of the new version',
    source: GROUPS,
    practice: true,
    evaluate: eachRelease(canaryWithoutAlarms),
  },
  {
    id: 'LP-P12',
    category: 'deployment',
    severity: 'warning',
    title: 'Canary alarm covers all versions',
    why: 'The failures of 10 % of the requests are diluted by the other 90 %.',
    fix: 'use the dimensions FunctionName, Resource (<function>:<alias>) and ExecutedVersion',
    source: SOURCE.lambda('monitoring-metrics-view'),
    evaluate: eachReleaseAlarm(alarmOnAllVersions),
  },
  {
    id: 'LP-P13',
    category: 'deployment',
    severity: 'warning',
    title: 'Alarm is slower than the traffic shift',
    why: 'When the alarm fires, the new version already receives all traffic.',
    fix: 'use a period of 1 minute and few datapoints, or a longer interval',
    source: GROUPS,
    evaluate: eachReleaseAlarm(alarmSlowerThanShift),
  },
  {
    id: 'LP-P14',
    category: 'deployment',
    severity: 'error',
    title: 'Deployment group has more than 50 alarms',
    why: `A deployment group supports ${CODE_DEPLOY.alarmsMax} alarms.`,
    fix: 'use a composite alarm',
    source: LIMITS,
    evaluate: each(GROUP, tooManyAlarms),
  },
  {
    id: 'LP-P15',
    category: 'deployment',
    severity: 'error',
    title: 'Rollback on alarms is set without alarms',
    why: 'DEPLOYMENT_STOP_ON_ALARM has no effect without alarms.',
    fix: 'add alarms, or remove the event',
    source: GROUPS,
    elsewhere: 'CDK throws for its own groups',
    evaluate: each(GROUP, rollbackWithoutAlarms),
  },
  {
    id: 'LP-P16',
    category: 'deployment',
    severity: 'warning',
    title: 'Deployment continues when alarms cannot be read',
    why: 'An outage of CloudWatch, or a disabled alarm configuration, has the same result as a healthy ' + 'version.',
    fix: 'set IgnorePollAlarmFailure to false and Enabled to true',
    source: GROUPS,
    evaluate: each(GROUP, alarmsNotPolled),
  },
  {
    id: 'LP-P31',
    category: 'deployment',
    severity: 'warning',
    title: 'Alarms do not roll back the deployment',
    why: 'Without DEPLOYMENT_STOP_ON_ALARM CodeDeploy stops the deployment and leaves the weights unchanged.',
    fix: 'enable AutoRollbackConfiguration with DEPLOYMENT_STOP_ON_ALARM',
    source: SOURCE.codeDeploy('deployments-rollback-and-redeploy'),
    evaluate: eachRelease(alarmsWithoutRollback),
  },
];

function canaryWithoutAlarms({ group, routing }: Release): Found {
  if (group && shiftsInSteps(routing) && hasNoAlarms(group)) {
    return { at: group, property: 'AlarmConfiguration.Alarms', must: 'must contain an alarm', got: undefined };
  }
  return undefined;
}

function alarmOnAllVersions({ alias }: Release, alarm: Resource, metrics: readonly Metric[]): Found {
  let isOfFunction = false;
  for (const metric of metrics) {
    if (metric.namespace !== 'AWS/Lambda') continue;
    const { names } = metric.dimensions;
    if (names.includes('Resource')) return undefined;
    isOfFunction ||= names.includes('FunctionName');
  }
  return isOfFunction && {
    at: alarm,
    property: 'Dimensions',
    must: `must contain Resource for the alias ${alias.path}`,
    got: 'FunctionName only',
  };
}

function alarmSlowerThanShift({ group, routing }: Release, alarm: Resource, metrics: readonly Metric[]): Found {
  const minutes = routing && shiftMinutes(routing);
  const periods = metrics.flatMap(({ period }) => period ?? []);
  const datapoints = alarm.lacks('DatapointsToAlarm')
    ? alarm.number('EvaluationPeriods')
    : alarm.number('DatapointsToAlarm');
  const needed = datapoints === undefined || periods.length === 0 ? undefined : Math.max(...periods) * datapoints;
  if (minutes !== undefined && needed !== undefined && needed > minutes * 60) {
    return {
      at: alarm,
      property: 'Period',
      must: `must detect a failure within ${durationText(minutes * 60)} (the traffic shift of ${group!.path})`,
      got: durationText(needed),
    };
  }
  return undefined;
}

function tooManyAlarms(group: Resource): Found {
  if (group.list('AlarmConfiguration.Alarms').length > CODE_DEPLOY.alarmsMax) {
    return {
      at: group,
      property: 'AlarmConfiguration.Alarms',
      must: `must be at most ${CODE_DEPLOY.alarmsMax}`,
      got: group.list('AlarmConfiguration.Alarms').length,
    };
  }
  return undefined;
}

function rollbackWithoutAlarms(group: Resource): Found {
  if (group.list('AutoRollbackConfiguration.Events').includes('DEPLOYMENT_STOP_ON_ALARM') && hasNoAlarms(group)) {
    return {
      at: group,
      property: 'AlarmConfiguration.Alarms',
      must: 'must contain an alarm for DEPLOYMENT_STOP_ON_ALARM',
      got: undefined,
    };
  }
  return undefined;
}

function alarmsNotPolled(group: Resource): Found {
  return [
    group.boolean('AlarmConfiguration.IgnorePollAlarmFailure') === true && {
      at: group,
      property: 'AlarmConfiguration.IgnorePollAlarmFailure',
      must: 'must be false',
      got: true,
    },
    group.boolean('AlarmConfiguration.Enabled') === false
      && group.list('AlarmConfiguration.Alarms').length > 0 && {
      at: group,
      property: 'AlarmConfiguration.Enabled',
      must: 'must be true',
      got: false,
    },
  ];
}

function alarmsWithoutRollback({ group }: Release): Found {
  if (
    group
    && group.list('AlarmConfiguration.Alarms').length > 0
    && !group.isUnknown('AutoRollbackConfiguration')
    && !group.isUnknown('AutoRollbackConfiguration.Events')
    && !group.list('AutoRollbackConfiguration.Events').includes('DEPLOYMENT_STOP_ON_ALARM')
  ) {
    return {
      at: group,
      property: 'AutoRollbackConfiguration.Events',
      must: 'must contain DEPLOYMENT_STOP_ON_ALARM',
      got: group.get('AutoRollbackConfiguration.Events'),
    };
  }
  return undefined;
}
