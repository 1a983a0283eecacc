import type { AppGraph } from './app-graph';
import { targetOf } from './lambda';
import type { LambdaFunction } from './lambda';
import type { Resource } from './resource';

const GROUP = 'AWS::CodeDeploy::DeploymentGroup';
const UPDATE = 'UpdatePolicy.CodeDeployLambdaAliasUpdate';
/** Where an alias names the functions that CodeDeploy calls. */
export const HOOKS = ['BeforeAllowTrafficHook', 'AfterAllowTrafficHook'].map(hook => `${UPDATE}.${hook}`);

/** How CodeDeploy shifts the traffic of an alias. */
export interface Release {
  readonly alias: Resource;
  /** @default - none of the app */
  readonly function?: LambdaFunction;
  /** @default - it comes from outside */
  readonly group?: Resource;
  /** @default - not known */
  readonly shift?: Shift;
  readonly hooks: Resource[];
}

export function releasesOf(app: AppGraph): Release[] {
  return app.view(compute);
}

function compute(app: AppGraph): Release[] {
  return app.ofType('AWS::Lambda::Alias').flatMap(alias => {
    if (alias.attributes.lacks(UPDATE)) return [];
    const hooks = HOOKS.flatMap(hook => targetOf(app, alias.attributes.get(hook), alias).function?.resource ?? []);
    const group = app.resourceOf(alias.attributes.get(`${UPDATE}.DeploymentGroupName`), alias, GROUP);
    return [{ alias, function: targetOf(app, alias.get('FunctionName'), alias).function, group, shift: group && shiftOf(app, group), hooks }];
  });
}

/** How traffic shifts, where the name or the configuration says so. */
export interface Shift {
  readonly kind: 'all-at-once' | 'canary' | 'linear';
  /** @default - all at once, or not known */
  readonly percentage?: number;
  /** @default - all at once, or not known */
  readonly minutes?: number;
}

export function shiftsInSteps(shift: Shift | undefined): boolean {
  return shift !== undefined && shift.kind !== 'all-at-once';
}

function shiftOf(app: AppGraph, group: Resource): Shift | undefined {
  const config = app.resourceOf(group.get('DeploymentConfigName'), group, 'AWS::CodeDeploy::DeploymentConfig');
  return config ? configured(config) : named(group.string('DeploymentConfigName') ?? '');
}

export function configured(config: Resource): Shift | undefined {
  const kind = config.string('TrafficRoutingConfig.Type');
  if (kind === 'AllAtOnce') return { kind: 'all-at-once' };
  const key = kind === 'TimeBasedCanary' ? 'Canary' : kind === 'TimeBasedLinear' ? 'Linear' : undefined;
  if (key === undefined) return undefined;
  const read = (name: string) => config.number(`TrafficRoutingConfig.TimeBased${key}.${key}${name}`);
  return { kind: key === 'Canary' ? 'canary' : 'linear', percentage: read('Percentage'), minutes: read('Interval') };
}

function named(name: string): Shift | undefined {
  if (/AllAtOnce$/.test(name)) return { kind: 'all-at-once' };
  const match = /Lambda(Canary|Linear)(\d+)Percent(?:Every)?(\d+)Minutes?$/.exec(name);
  return match ? { kind: match[1] === 'Canary' ? 'canary' : 'linear', percentage: Number(match[2]), minutes: Number(match[3]) } : undefined;
}
