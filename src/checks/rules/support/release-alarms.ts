import { metricsOf } from './alarm-metrics';
import type { Metric } from './alarm-metrics';
import { collect } from './each';
import type { Found } from './each';
import { member, patternOf, releasesOf, shiftsInSteps } from '../../graph';
import type { AppGraph, Release, Resource } from '../../graph';
import type { Problem } from '../rule';

interface ReleaseAlarm {
  readonly release: Release;
  readonly alarm: Resource;
  readonly metrics: readonly Metric[];
}

/** Checks every alarm of a release that shifts traffic in steps. */
export function eachReleaseAlarm(
  check: (release: Release, alarm: Resource, metrics: readonly Metric[]) => Found,
): (app: AppGraph) => Problem[] {
  return app => collect(app.view(releaseAlarms), ({ release, alarm, metrics }) => (
    check(release, alarm, metrics)), app);
}

/** Whether the deployment group surely has no alarms. */
export function hasNoAlarms(group: Resource): boolean {
  const isKnown = group.lacks('AlarmConfiguration') || group.lacks('AlarmConfiguration.Alarms')
    || Array.isArray(group.get('AlarmConfiguration.Alarms'));
  return isKnown && group.list('AlarmConfiguration.Alarms').length === 0;
}

/** The alarms of a release with their metrics; undefined if one of them is not an alarm of the app. */
export function alarmsOfRelease(app: AppGraph, release: Release): readonly ReleaseAlarm[] | undefined {
  const { group } = release;
  if (!group || !Array.isArray(group.get('AlarmConfiguration.Alarms'))) return undefined;
  const found = alarmsOf(app, release);
  return found.length === group.list('AlarmConfiguration.Alarms').length ? found : undefined;
}

function releaseAlarms(app: AppGraph): ReleaseAlarm[] {
  return releasesOf(app).filter(({ routing }) => shiftsInSteps(routing))
    .flatMap(release => [...alarmsOf(app, release), ...alarmsInComposites(app, release)]);
}

/** The alarms of composite alarms, any of which stops the release. */
function alarmsInComposites(app: AppGraph, release: Release): ReleaseAlarm[] {
  const composites = release.group!.list('AlarmConfiguration.Alarms')
    .flatMap(entry => app.resourceOf(member(entry, 'Name'), release.alias, 'AWS::CloudWatch::CompositeAlarm') ?? [])
    .filter(composite => !/\b(AND|NOT)\b/.test(patternOf(composite.get('AlarmRule'))));
  return composites.flatMap(composite => [...app.mentioned(composite.get('AlarmRule'))])
    .filter(({ type }) => type === 'AWS::CloudWatch::Alarm')
    .map(alarm => ({ release, alarm, metrics: metricsOf(alarm) }));
}

function alarmsOf(app: AppGraph, release: Release): ReleaseAlarm[] {
  return release.group!.list('AlarmConfiguration.Alarms').flatMap(entry => {
    const alarm = app.resourceOf(member(entry, 'Name'), release.alias, 'AWS::CloudWatch::Alarm');
    return alarm ? [{ release, alarm, metrics: metricsOf(alarm) }] : [];
  });
}
