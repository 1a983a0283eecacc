/**
 * Quotas of CodeDeploy on the Lambda compute platform.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
 */
export const CODE_DEPLOY = {
  trafficPercentageMin: 1,
  trafficPercentageMax: 99,
  /** From the first to the last shift of traffic. */
  shiftMaxMinutes: 2_880,
  deploymentMaxHours: 50,
  hookMaxMinutes: 60,
  alarmsMax: 50,
  groupNameMaxCharacters: 100,
} as const;

/** The traffic routing of a deployment configuration. */
export interface TrafficRouting {
  readonly kind: 'all-at-once' | 'canary' | 'linear';
  /**
   * Percentage of the traffic that each step shifts.
   *
   * @default - all traffic, or not known
   */
  readonly percentage?: number;
  /**
   * Minutes between two steps.
   *
   * @default - there is one step, or not known
   */
  readonly interval?: number;
}

const PREDEFINED = /^CodeDeployDefault\.Lambda(?:(AllAtOnce)|(Canary|Linear)(\d+)Percent(?:Every)?(\d+)Minutes?)$/;

/**
 * The routing of a predefined deployment configuration; undefined for other names.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
 */
export function predefinedRouting(name: string): TrafficRouting | undefined {
  const [match, allAtOnce, kind, percentage, interval] = PREDEFINED.exec(name) ?? [];
  if (match === undefined) return undefined;
  if (allAtOnce !== undefined) return { kind: 'all-at-once' };
  return { kind: kind === 'Canary' ? 'canary' : 'linear', percentage: Number(percentage), interval: Number(interval) };
}

/** Minutes from the first to the last shift of traffic; undefined if they are not known. */
export function shiftMinutes(routing: TrafficRouting): number | undefined {
  const steps = stepsBeforeTheLast(routing);
  if (steps === 0) return 0;
  return steps === undefined || routing.interval === undefined ? undefined : routing.interval * steps;
}

/** The percentage of the traffic that the new version has in a minute of the shift, from 0 on. */
export function percentageOf(routing: TrafficRouting, minute: number): number {
  const { kind, percentage = 100, interval = 1 } = routing;
  if (minute < 0) return 0;
  if (minute >= (shiftMinutes(routing) ?? 0)) return 100;
  return kind === 'linear' ? percentage * (1 + Math.floor(minute / interval)) : percentage;
}

/** The highest percentage of the traffic that the new version has before it has all; undefined if it is not known. */
export function highestCanaryPercentage(routing: TrafficRouting): number | undefined {
  const steps = stepsBeforeTheLast(routing);
  if (steps === 0) return 100;
  return steps === undefined || routing.percentage === undefined ? undefined : routing.percentage * steps;
}

function stepsBeforeTheLast({ kind, percentage }: TrafficRouting): number | undefined {
  if (kind === 'all-at-once') return 0;
  if (kind === 'canary') return 1;
  return percentage === undefined || percentage <= 0 ? undefined : Math.ceil(100 / percentage) - 1;
}
