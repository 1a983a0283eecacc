import { CODE_DEPLOY } from '../../../limits';
import { member, releasesOf, shiftsInSteps } from '../../graph';
import type { AppGraph, Fields, Release, Resource } from '../../graph';
import { each } from '../each';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { eachRelease, shiftMinutes } from './release';

const GROUP = 'AWS::CodeDeploy::DeploymentGroup';
const LIMITS = SOURCE.codeDeploy('limits');
const GROUPS = SOURCE.codeDeploy('deployment-groups-configure-advanced-options');

/** The alarms that stop a release. */
export const ALARM_RULES: Rule[] = [
  {
    id: 'LP-P08',
    article: 'deployment',
    severity: 'error',
    title: 'a canary that nobody watches',
    why: 'without alarms CodeDeploy shifts all traffic to a version that fails every request',
    fix: 'add alarms on errors and duration of the new version',
    source: GROUPS,
    practice: true,
    evaluate: eachRelease(({ group, shift }) => (group && shiftsInSteps(shift) && noAlarms(group)
      ? [{ at: group, property: 'AlarmConfiguration.Alarms', must: 'must have an alarm', got: undefined }] : [])),
  },
  {
    id: 'LP-P12',
    article: 'deployment',
    severity: 'warning',
    title: 'the alarm of a canary watches all versions',
    why: 'ten percent of bad requests drown in ninety of good ones',
    fix: 'use the dimensions FunctionName, Resource (<function>:<alias>) and ExecutedVersion',
    source: SOURCE.lambda('monitoring-metrics-view'),
    evaluate: eachReleaseAlarm(({ alias }, alarm, all) => {
      const has = (name: string) => ({ of, at }: Metric) => of.items(at.dimensions).some(item => item.string('Name') === name);
      const metrics = all.filter(({ of, at }) => of.string(at.namespace) === 'AWS/Lambda');
      return !metrics.some(has('Resource')) && metrics.some(has('FunctionName'))
        ? [{ at: alarm, property: 'Dimensions', must: `must have Resource for the alias ${alias.path}`, got: 'FunctionName only' }] : [];
    }),
  },
  {
    id: 'LP-P13',
    article: 'deployment',
    severity: 'warning',
    title: 'the alarm is slower than the canary',
    why: 'when it fires, all traffic is on the new version already',
    fix: 'use a period of 60 s and few datapoints, or a longer interval',
    source: GROUPS,
    evaluate: eachReleaseAlarm(({ group, shift }, alarm, metrics) => {
      const minutes = shift && shiftMinutes(shift);
      const periods = metrics.flatMap(({ of, at }) => of.number(at.period) ?? []);
      const datapoints = alarm.lacks('DatapointsToAlarm') ? alarm.number('EvaluationPeriods') : alarm.number('DatapointsToAlarm');
      const needed = datapoints === undefined || periods.length === 0 ? undefined : Math.max(...periods) * datapoints;
      return minutes !== undefined && needed !== undefined && needed > minutes * 60
        ? [{ at: alarm, property: 'Period', must: `must need at most ${minutes * 60} s (the shift of ${group!.path})`, got: `${needed} s` }] : [];
    }),
  },
  {
    id: 'LP-P14',
    article: 'deployment',
    severity: 'error',
    title: 'more than 50 alarms on a group',
    why: `a deployment group takes ${CODE_DEPLOY.alarmsMax} alarms`,
    fix: 'use a composite alarm',
    source: LIMITS,
    evaluate: each(GROUP, group => group.list('AlarmConfiguration.Alarms').length > CODE_DEPLOY.alarmsMax
      && { at: group, property: 'AlarmConfiguration.Alarms', must: `must be at most ${CODE_DEPLOY.alarmsMax}`, got: group.list('AlarmConfiguration.Alarms').length }),
  },
  {
    id: 'LP-P15',
    article: 'deployment',
    severity: 'error',
    title: 'rollback on alarms that are not there',
    why: 'DEPLOYMENT_STOP_ON_ALARM without alarms never fires',
    fix: 'add alarms, or remove the event',
    source: GROUPS,
    elsewhere: 'CDK throws for its own groups',
    evaluate: each(GROUP, group => group.list('AutoRollbackConfiguration.Events').includes('DEPLOYMENT_STOP_ON_ALARM') && noAlarms(group)
      && { at: group, property: 'AlarmConfiguration.Alarms', must: 'must have an alarm for DEPLOYMENT_STOP_ON_ALARM', got: undefined }),
  },
  {
    id: 'LP-P31',
    article: 'deployment',
    severity: 'warning',
    title: 'alarms that do not roll back',
    why: 'CodeDeploy stops on the alarm and leaves the weights as they are unless it is told to go back',
    fix: 'enable AutoRollbackConfiguration with DEPLOYMENT_STOP_ON_ALARM',
    source: SOURCE.codeDeploy('deployments-rollback-and-redeploy'),
    evaluate: eachRelease(({ group }) => (group && group.list('AlarmConfiguration.Alarms').length > 0 && !group.isUnknown('AutoRollbackConfiguration') && !group.isUnknown('AutoRollbackConfiguration.Events')
      && !group.list('AutoRollbackConfiguration.Events').includes('DEPLOYMENT_STOP_ON_ALARM')
      ? [{ at: group, property: 'AutoRollbackConfiguration.Events', must: 'must have DEPLOYMENT_STOP_ON_ALARM', got: group.get('AutoRollbackConfiguration.Events') }] : [])),
  },
];

function eachReleaseAlarm(check: (release: Release, alarm: Resource, metrics: Metric[]) => Problem[]): (app: AppGraph) => Problem[] {
  return app => app.view(releaseAlarms).flatMap(({ release, alarm, metrics }) => check(release, alarm, metrics));
}

function releaseAlarms(app: AppGraph): { release: Release; alarm: Resource; metrics: Metric[] }[] {
  return releasesOf(app).filter(({ shift }) => shiftsInSteps(shift)).flatMap(release => release.group!.list('AlarmConfiguration.Alarms').flatMap(entry => {
    const alarm = app.resourceOf(member(entry, 'Name'), release.alias, 'AWS::CloudWatch::Alarm');
    return alarm ? [{ release, alarm, metrics: metricsOf(alarm) }] : [];
  }));
}

function noAlarms(group: Resource): boolean {
  return (group.lacks('AlarmConfiguration') || Array.isArray(group.get('AlarmConfiguration.Alarms')) || group.lacks('AlarmConfiguration.Alarms'))
    && group.list('AlarmConfiguration.Alarms').length === 0;
}

/** A metric that an alarm looks at, and where what is asked of it stands. */
interface Metric { readonly of: Fields; readonly at: typeof IN_ALARM }

const IN_ALARM = { namespace: 'Namespace', dimensions: 'Dimensions', period: 'Period' };
const IN_QUERY = { namespace: 'MetricStat.Metric.Namespace', dimensions: 'MetricStat.Metric.Dimensions', period: 'MetricStat.Period' };

function metricsOf(alarm: Resource): Metric[] {
  return alarm.lacks('Metrics') ? [{ of: alarm, at: IN_ALARM }] : alarm.items('Metrics').map(of => ({ of, at: IN_QUERY }));
}
