import type { AppGraph } from './app-graph';
import { targetOf } from './functions';
import type { LambdaFunction } from './lambda-function';
import type { Resource } from './resource';
import { predefinedRouting } from '../../aws';
import type { TrafficRouting } from '../../aws';

const GROUP = 'AWS::CodeDeploy::DeploymentGroup';
const UPDATE = 'UpdatePolicy.CodeDeployLambdaAliasUpdate';
/** The attributes of an alias that name its lifecycle hooks. */
export const HOOKS = ['BeforeAllowTrafficHook', 'AfterAllowTrafficHook'].map(hook => `${UPDATE}.${hook}`);

/** An alias that CodeDeploy releases. */
export interface Release {
  readonly alias: Resource;
  /** @default - not part of the app */
  readonly function?: LambdaFunction;
  /** @default - not part of the app */
  readonly group?: Resource;
  /** @default - not known */
  readonly routing?: TrafficRouting;
  readonly hooks: Resource[];
}

export function releasesOf(app: AppGraph): Release[] {
  return app.view(compute);
}

function compute(app: AppGraph): Release[] {
  return app.ofType('AWS::Lambda::Alias')
    .filter(alias => !alias.attributes.lacks(UPDATE))
    .map(alias => {
      const group = app.resourceOf(alias.attributes.get(`${UPDATE}.DeploymentGroupName`), alias, GROUP);
      return {
        alias,
        function: targetOf(app, alias.get('FunctionName'), alias).function,
        group,
        routing: group && routingOf(app, group),
        hooks: HOOKS.flatMap(hook => targetOf(app, alias.attributes.get(hook), alias).function?.resource ?? []),
      };
    });
}

export function shiftsInSteps(routing: TrafficRouting | undefined): boolean {
  return routing !== undefined && routing.kind !== 'all-at-once';
}

function routingOf(app: AppGraph, group: Resource): TrafficRouting | undefined {
  const config = app.resourceOf(group.get('DeploymentConfigName'), group, 'AWS::CodeDeploy::DeploymentConfig');
  return config ? configuredRouting(config) : predefinedRouting(group.string('DeploymentConfigName') ?? '');
}

/** The routing of a deployment configuration of the app. */
export function configuredRouting(config: Resource): TrafficRouting | undefined {
  const type = config.string('TrafficRoutingConfig.Type');
  if (type === 'AllAtOnce') return { kind: 'all-at-once' };
  const key = type === 'TimeBasedCanary' ? 'Canary' : type === 'TimeBasedLinear' ? 'Linear' : undefined;
  if (key === undefined) return undefined;
  const read = (name: string) => config.number(`TrafficRoutingConfig.TimeBased${key}.${key}${name}`);
  return { kind: key === 'Canary' ? 'canary' : 'linear', percentage: read('Percentage'), interval: read('Interval') };
}
