import type { AppView } from './app-view';
import { shown } from './app-view';
import type { Say } from './phrases';
import type { ReleaseAtTraffic, ReleaseData, ReleaseStep } from './report-data';
import { number } from './units';
import type { TrafficRouting } from '../../aws';
import { percentageOf, shiftMinutes } from '../../aws';
import type { AppGraph, Json, LambdaFunction, Release, Resource } from '../../checks/graph';
import { asNumber, isJson, LATEST, releasesOf } from '../../checks/graph';
import { alarmsOfRelease, hasNoAlarms } from '../../checks/rules/support/release-alarms';
import { outcomesOf } from '../../release/power/outcomes';
import { ReleaseModel } from '../../release/power/release-model';

/** The error rate that a release tolerates, in percent, if its alarms do not state one. */
const THRESHOLD_UNSET = 1;
/** CloudWatch has the metrics of a minute one minute later. */
const METRIC_DELAY_MINUTES = 1;

/** Simulations by release and traffic: aliases with equal alarms have equal outcomes. */
export class ReleaseSimulator {
  private readonly known = new Map<string, ReleaseAtTraffic>();

  public at({ alias, group }: Release, thresholdPercent: number, requestsPerMinute: number): ReleaseAtTraffic {
    const resources = fragmentOf(alias, group!);
    const key = `${requestsPerMinute} ${thresholdPercent} ${canonical(resources)}`;
    const found = this.known.get(key) ?? {
      requestsPerMinute,
      ...outcomesOf(ReleaseModel.fromResources(resources, alias.logicalId), thresholdPercent, requestsPerMinute, METRIC_DELAY_MINUTES),
    };
    this.known.set(key, found);
    return found;
  }
}

/** The release of a function by its first alias that CodeDeploy releases; undefined if it has no alias. */
export function releaseOf(
  fn: LambdaFunction, view: AppView, simulator: ReleaseSimulator, rates: readonly number[], say: Say,
): ReleaseData | undefined {
  const release = releasesOf(fn.app).find(each => each.function === fn);
  const alias = release?.alias ?? fn.aliases[0];
  if (alias === undefined) return undefined;
  const name = shown(alias.string('Name') ?? LATEST);
  const base = { alias: name, path: shown(alias.path) };
  if (release === undefined) {
    return { ...base, text: say('releaseAtOnce', { alias: name }), steps: [{ minute: 0, percent: 100 }], shiftMinutes: 0, hooks: [], outcomes: [] };
  }
  const { routing, hooks } = release;
  const shift = routing && shiftMinutes(routing);
  return {
    ...base,
    text: releaseText(release, name, say),
    steps: routing === undefined || shift === undefined ? [] : stepsOf(routing, shift),
    shiftMinutes: shift,
    hooks: hooks.map(hook => view.nameOf(hook)),
    ...simulated(release, shift, simulator, rates, say),
  };
}

/** The routing in words: `10 % for 10 min`. */
export function routingText(routing: TrafficRouting | undefined, say: Say): string {
  if (routing === undefined) return say('shiftUnknown');
  const { kind, percentage = 100, interval = 0 } = routing;
  if (kind === 'all-at-once') return say('shiftAtOnce');
  return say(kind === 'canary' ? 'shiftCanary' : 'shiftLinear', { percent: number(percentage), minutes: number(interval) });
}

function releaseText(release: Release, alias: string, say: Say): string {
  const { routing, group } = release;
  const events = (group?.list('AutoRollbackConfiguration.Events') ?? []).map(String);
  const isEnabled = group !== undefined && group.boolean('AutoRollbackConfiguration.Enabled', false) !== false;
  const reasons = isEnabled ? [
    ...events.includes('DEPLOYMENT_FAILURE') ? [say('onFailure')] : [],
    ...events.includes('DEPLOYMENT_STOP_ON_REQUEST') ? [say('onStop')] : [],
    ...events.includes('DEPLOYMENT_STOP_ON_ALARM') ? [say('onAlarm')] : [],
  ] : [];
  return reasons.length === 0
    ? say('releaseNoRollback', { alias, shift: routingText(routing, say) })
    : say('releaseText', { alias, shift: routingText(routing, say), reasons: reasons.join(', ') });
}

function stepsOf(routing: TrafficRouting, shift: number): ReleaseStep[] {
  const steps: ReleaseStep[] = [];
  for (let minute = 0; minute <= shift; minute++) {
    const percent = Math.min(100, percentageOf(routing, minute));
    if (steps[steps.length - 1]?.percent !== percent) steps.push({ minute, percent });
  }
  return steps;
}

function simulated(
  release: Release, shift: number | undefined, simulator: ReleaseSimulator, rates: readonly number[], say: Say,
): Pick<ReleaseData, 'outcomes' | 'notSimulated'> {
  if (shift === 0) return { outcomes: [], notSimulated: say('notSimulatedAtOnce') };
  const alarms = alarmsOfRelease(release.alias.template.app, release);
  if (shift === undefined || release.group === undefined) return { outcomes: [], notSimulated: say('notSimulatedUnknown') };
  if (alarms?.length === 0 || hasNoAlarms(release.group)) return { outcomes: [], notSimulated: say('notSimulatedNoAlarm') };
  try {
    const threshold = thresholdOf(alarms?.map(({ alarm }) => alarm) ?? []);
    return { outcomes: rates.map(rate => simulator.at(release, threshold, rate)) };
  } catch {
    return { outcomes: [], notSimulated: say('notSimulatedUnknown') };
  }
}

/** The threshold in percent of the alarm on the error rate. */
function thresholdOf(alarms: readonly Resource[]): number {
  const isRate = (alarm: Resource) => JSON.stringify(alarm.raw).includes('100 *') && JSON.stringify(alarm.raw).includes('"Errors"');
  return asNumber(alarms.find(isRate)?.get('Threshold')) ?? THRESHOLD_UNSET;
}

/** The resources of one release as the template has them, by logical id. */
function fragmentOf(alias: Resource, group: Resource): Json {
  const { app } = alias.template;
  const config = app.resourceOf(group.get('DeploymentConfigName'), group, 'AWS::CodeDeploy::DeploymentConfig');
  const fn = alias.target('FunctionName');
  const alarms = alarmsIn(app, group);
  const all = [alias, group, ...fn ? [fn] : [], ...config ? [config] : [], ...alarms];
  return Object.fromEntries(all.map(resource => [resource.logicalId, resource.raw]));
}

function alarmsIn(app: AppGraph, group: Resource): Resource[] {
  return [...app.mentioned(group.get('AlarmConfiguration'))].filter(({ type }) => type === 'AWS::CloudWatch::Alarm');
}

/** Properties that do not change when an alarm fires. */
const IGNORED = new Set(['AlarmDescription', 'AlarmName', 'AlarmActions', 'OKActions', 'InsufficientDataActions', 'Tags', 'Metadata', 'DependsOn', 'Label']);
const OF_FUNCTION = new Set(['Environment']);

/** The fragment as text in which logical ids are numbers, so that equal releases have equal texts. */
function canonical(resources: Json): string {
  // durations are not simulated, so alarms on them have no part in the outcome
  const isSimulated = ([, resource]: [string, unknown]) => !JSON.stringify(resource).includes('"MetricName":"Duration"');
  const relevant = Object.fromEntries(Object.entries(resources).filter(isSimulated).map(([id, resource]) => {
    if (!isJson(resource) || resource.Type !== 'AWS::Lambda::Function') return [id, resource];
    const properties = isJson(resource.Properties) ? resource.Properties : {};
    return [id, { Type: resource.Type, Properties: Object.fromEntries(Object.entries(properties).filter(([key]) => OF_FUNCTION.has(key))) }];
  }));
  const numbers = new Map<string, string>();
  const text = JSON.stringify(relevant, (key, value: unknown) => (IGNORED.has(key) ? undefined : value));
  const version = /"FunctionVersion":\{"Fn::GetAtt":\["(\w+)"/.exec(text)?.[1];
  for (const id of [...Object.keys(resources), ...version === undefined ? [] : [version]]) numbers.set(id, `#${numbers.size}`);
  const environment = text.replace(/"Environment":\{"Variables":\{.*?"POWERTOOLS_METRICS_NAMESPACE":("[^"]*"|\{[^}]*\}).*?\}\}/, '"Namespace":$1');
  return environment.replace(/"(\w+)"/g, (whole, id: string) => (numbers.has(id) ? `"${numbers.get(id)}"` : whole));
}
