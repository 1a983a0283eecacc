import { alarmSentence, alarmsOf } from './alarms';
import type { AppView } from './app-view';
import { shown } from './app-view';
import { bypassesAlias, invocationsOf } from './callers';
import type { Invocation } from './callers';
import { failuresOf } from './failures';
import { grantData } from './grants';
import { packageOf } from './packages';
import type { Say } from './phrases';
import { releaseOf } from './releases';
import type { ReleaseSimulator } from './releases';
import type { CallerData, FunctionCost, FunctionData, TimeoutStep } from './report-data';
import { duration } from './units';
import { daysBetween, LAMBDA, RDS, RUNTIME_ENDS, RUNTIME_NOTICE_DAYS } from '../../aws';
import { asNumber, connectsTo, patternOf, proxiesOf } from '../../checks/graph';
import type { LambdaFunction, Resource } from '../../checks/graph';
import { knownSum } from '../../checks/rules/support/known-sum';
import { scalingTargetsOf } from '../../checks/rules/support/scaling-targets';
import type { Range } from '../cost/arithmetic';
import { exactly, sum } from '../cost/arithmetic';
import { MINUTES_A_MONTH } from '../cost/prices';
import type { FunctionTraffic } from '../cost/traffic';

export interface FunctionInputs {
  readonly view: AppView;
  readonly say: Say;
  readonly today: string;
  readonly simulator: ReleaseSimulator;
  /** Requests a minute for which releases are simulated; the stated traffic if it is not set. */
  readonly rates?: readonly number[];
  readonly traffic: FunctionTraffic;
  readonly cost: FunctionCost;
  readonly findings: readonly number[];
}

export function functionData(fn: LambdaFunction, inputs: FunctionInputs): FunctionData {
  const { view, say, today, simulator, traffic, cost, findings } = inputs;
  const { resource } = fn;
  const invocations = invocationsOf(fn, say);
  return {
    id: view.idOf(resource),
    name: view.nameOf(resource),
    path: shown(fn.path),
    template: view.stackOf(resource.template.input),
    logicalId: shown(resource.logicalId),
    runtime: fn.isImage ? say('containerImage') : shown(fn.runtime || '?'),
    runtimeEnd: runtimeEnd(fn, today),
    architecture: shown(patternOf(resource.list('Architectures')[0] ?? 'x86_64')),
    memoryMiB: resource.number('MemorySize', LAMBDA.memoryUnsetMiB),
    timeoutSeconds: fn.timeout,
    reservedConcurrency: fn.reserved,
    provisionedConcurrency: provisionedRange(fn),
    coldStart: coldStartOf(fn),
    callers: callerTexts(fn, invocations, view, say),
    timeouts: timeoutsOf(fn, invocations, view, say),
    release: releaseOf(fn, view, simulator, inputs.rates ?? [releaseRate(traffic.requestsPerMonth.max)], say),
    alarms: alarmsOf(fn).map(alarm => alarmSentence(alarm, each => view.nameOf(each), say)),
    failures: failuresOf(fn, view, say),
    grants: grantData(fn, view, say),
    grantsComplete: fn.grants?.complete ?? false,
    package: packageOf(fn),
    environment: fn.environment.map(([name]) => shown(name)),
    traffic,
    cost,
    findings,
  };
}

function runtimeEnd(fn: LambdaFunction, today: string): FunctionData['runtimeEnd'] {
  const date = Object.hasOwn(RUNTIME_ENDS, fn.runtime) ? RUNTIME_ENDS[fn.runtime].deprecated : undefined;
  if (date === undefined) return undefined;
  const daysLeft = daysBetween(today, date);
  return { date, state: daysLeft < 0 ? 'ended' : daysLeft < RUNTIME_NOTICE_DAYS ? 'soon' : 'supported' };
}

/** Requests a minute in steps of 1, 2 and 5, at most as many as the stated traffic has: functions of one step share a simulation. */
function releaseRate(requestsPerMonth: number): number {
  const perMinute = Math.min(1_000_000, Math.max(0.001, requestsPerMonth / MINUTES_A_MONTH));
  const power = 10 ** Math.floor(Math.log10(perMinute));
  const step = [5, 2, 1].find(each => each * power <= perMinute * (1 + 1e-9)) ?? 1;
  return Number((step * power).toPrecision(1));
}

function coldStartOf(fn: LambdaFunction): FunctionData['coldStart'] {
  if (fn.managedInstances) return 'managed-instances';
  if (provisionedRange(fn) !== undefined) return 'provisioned';
  return fn.snapStart ? 'snap-start' : 'on-demand';
}

/** The provisioned concurrency of all aliases and versions, between the bounds of its scaling. */
export function provisionedRange(fn: LambdaFunction): Range | undefined {
  const targets = scalingTargetsOf(fn.app).filter(target => target.fn === fn);
  const amounts = fn.provisioned().map(({ resource, amount }): Range => {
    const scaling = targets.find(({ alias }) => alias === resource)?.target;
    if (scaling === undefined) return exactly(amount ?? 0);
    return { min: scaling.number('MinCapacity') ?? amount ?? 0, max: scaling.number('MaxCapacity') ?? amount ?? 0 };
  });
  return amounts.length === 0 ? undefined : sum(amounts);
}

/** The most concurrent executions of a function: its reservation, or the maxima of its queues if nothing else invokes it. */
export function concurrencyLimit(fn: LambdaFunction): number | undefined {
  const maxima = fn.sources.map(({ mapping }) => mapping.number('ScalingConfig.MaximumConcurrency'));
  const isBySources = fn.sources.length > 0 && fn.callers.length + fn.urls.length === 0;
  return fn.reserved ?? (isBySources ? knownSum(maxima) : undefined);
}

function callerTexts(fn: LambdaFunction, invocations: readonly Invocation[], view: AppView, say: Say): CallerData[] {
  const texts = new Map<string, CallerData>();
  const add = (text: string, isPast: boolean) => texts.set(`${text} ${isPast}`, { text, bypassesAlias: isPast });
  for (const { kind, origin, service, access, target, isAsync } of invocations) {
    const name = origin ? view.nameOf(origin) : service ?? '?';
    const details = [...access ? [say('access', { access })] : [], ...isAsync ? [say('asynchronous')] : [], ...scheduleOf(origin)];
    add([`${say(`kind_${kind}` as Parameters<Say>[0])} ${name}`, ...details].join(', '), bypassesAlias(fn, target));
  }
  for (const { mapping, origin, target, batchSize } of fn.sources) {
    const name = origin ? view.nameOf(origin) : shown(patternOf(mapping.get('EventSourceArn')) || '?');
    const most = mapping.number('ScalingConfig.MaximumConcurrency');
    const details = [say('batchOf', { n: batchSize ?? '?' }), ...most === undefined ? [] : [say('atMostConcurrent', { n: most })]];
    add([`${say('eventSource')} ${name}`, ...details].join(', '), bypassesAlias(fn, target));
  }
  return [...texts.values()];
}

/** The expression of a schedule or of a scheduled rule. */
export function scheduleOf(origin: Resource | undefined): string[] {
  const expression = origin?.string('ScheduleExpression');
  return expression === undefined ? [] : [shown(expression)];
}

/** The timeouts of a request from the client inwards. */
function timeoutsOf(fn: LambdaFunction, invocations: readonly Invocation[], view: AppView, say: Say): TimeoutStep[] {
  const waits = new Map<string, number>();
  for (const { origin, waitsSeconds, kind } of invocations) {
    if (waitsSeconds === undefined || kind === 'url') continue;
    const label = say('waits', { name: origin ? view.nameOf(origin) : '?' });
    waits.set(label, Math.min(waitsSeconds, waits.get(label) ?? Infinity));
  }
  const hidden = fn.sources.flatMap(({ origin }): TimeoutStep[] => (origin?.type !== 'AWS::SQS::Queue' ? [] : [{
    label: say('visibility', { name: view.nameOf(origin) }), seconds: origin.number('VisibilityTimeout', 30) ?? 30,
  }]));
  const borrow = connectsTo(fn).filter(({ type }) => type === 'AWS::RDS::DBProxy').flatMap((proxy): TimeoutStep[] => {
    const group = proxiesOf(fn.app).find(each => each.proxy === proxy)?.group;
    const seconds = asNumber(group?.get('ConnectionPoolConfigurationInfo.ConnectionBorrowTimeout')) ?? RDS.borrowTimeoutUnsetSeconds;
    return [{ label: say('borrows', { name: view.nameOf(proxy) }), seconds }];
  });
  return [
    ...[...waits].map(([label, seconds]) => ({ label, seconds })),
    ...hidden,
    ...fn.timeout === undefined ? [] : [{ label: say('functionTimeout'), seconds: fn.timeout }],
    ...borrow,
  ];
}

/** `512 MB, arm64, 10 s`. */
export function sizeText({ memoryMiB, architecture, timeoutSeconds }: Pick<FunctionData, 'memoryMiB' | 'architecture' | 'timeoutSeconds'>): string {
  return `${architecture}, ${memoryMiB ?? '?'} MB, ${timeoutSeconds === undefined ? '?' : duration(timeoutSeconds)}`;
}

/** The path of each function, with its stack where two functions have one path. */
export function functionTitles(functions: readonly FunctionData[]): ReadonlyMap<FunctionData, string> {
  const repeated = repeatedPaths(functions.map(({ path }) => path));
  return new Map(functions.map(fn => [fn, repeated.has(fn.path) ? `${fn.path} (${fn.template})` : fn.path]));
}

/** The paths that more than one function has: two templates without construct paths can have the same logical ID. */
export function repeatedPaths(paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.filter((path, index) => paths.indexOf(path) !== index));
}
