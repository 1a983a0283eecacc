import { shown } from './app-view';
import type { Say } from './phrases';
import type { NodeKind } from './report-data';
import { HTTP_API, REST_API, synchronousTimeoutSeconds } from '../../aws';
import { operationsOf, patternOf } from '../../checks/graph';
import type { Caller, CallerKind, LambdaFunction, Resource, Target } from '../../checks/graph';
import { httpIntegrationSeconds, restIntegrationSeconds } from '../../checks/rules/support/integration-timeout';

/** Something that invokes a function: a resource, or a service that the resource policy names. */
export interface Invocation {
  readonly kind: NodeKind;
  /** The resource that sends the request or event. */
  readonly origin?: Resource;
  /** A service or account without a resource in the app. */
  readonly service?: string;
  /** The resource that connects the origin to the function. */
  readonly at: Resource;
  readonly target: Target;
  readonly isAsync: boolean;
  /** Who may call. */
  readonly access?: string;
  readonly waitsSeconds?: number;
  readonly label: string;
}

const KINDS: Record<CallerKind, NodeKind> = {
  s3: 'bucket',
  sns: 'topic',
  events: 'rule',
  scheduler: 'schedule',
  logs: 'service',
  iot: 'rule',
  ses: 'rule',
  rest: 'api',
  http: 'api',
  authorizer: 'api',
  alb: 'balancer',
  appsync: 'service',
  cognito: 'pool',
  states: 'states',
  pipes: 'service',
  firehose: 'stream',
  secrets: 'secret',
};

/** Whether the target is `$LATEST` or a version of a function that has an alias. */
export function bypassesAlias(fn: LambdaFunction, { alias, qualifier }: Target): boolean {
  return fn.aliases.length > 0 && alias === undefined && qualifier !== undefined && !fn.aliases.some(each => each.string('Name') === qualifier);
}

/** Every way to invoke the function except event source mappings. */
export function invocationsOf(fn: LambdaFunction, say: Say): Invocation[] {
  return [
    ...fn.urls.map(({ resource, target }): Invocation => ({
      kind: 'url',
      origin: resource,
      at: resource,
      target,
      isAsync: false,
      access: shown(resource.string('AuthType') ?? '?'),
      label: 'HTTPS',
      waitsSeconds: fn.timeout,
    })),
    ...fn.callers.map(caller => callerInvocation(caller, say)),
    ...servicesOf(fn),
  ];
}

function callerInvocation(caller: Caller, say: Say): Invocation {
  const { kind, resource, target, async: isAsync, origin } = caller;
  const balancer = kind === 'alb' ? balancerOf(resource) : undefined;
  const access = kind === 'http' || kind === 'rest' ? accessOf(caller) : kind === 'authorizer' ? say('authorizer') : undefined;
  return {
    kind: KINDS[kind],
    origin: balancer ?? (kind === 'rest' || kind === 'http' || kind === 'authorizer' || kind === 's3' || kind === 'sns' || kind === 'logs'
      ? origin ?? resource
      : resource),
    at: resource,
    target,
    isAsync: isAsync === true,
    access,
    waitsSeconds: waitsOf(caller),
    label: access ?? '',
  };
}

function waitsOf({ kind, resource, waitsSeconds, async: isAsync }: Caller): number | undefined {
  if (isAsync) return undefined;
  if (waitsSeconds !== undefined) return waitsSeconds;
  if (kind === 'rest') return restIntegrationSeconds(resource) ?? REST_API.integrationTimeoutDefaultSeconds;
  if (kind === 'http') return httpIntegrationSeconds(resource) ?? HTTP_API.integrationTimeoutMaxSeconds;
  return kind === 'cognito' ? synchronousTimeoutSeconds('cognito-idp.amazonaws.com') : undefined;
}

function balancerOf(group: Resource): Resource | undefined {
  const { app } = group.template;
  const forwards = [...app.ofType('AWS::ElasticLoadBalancingV2::Listener'), ...app.ofType('AWS::ElasticLoadBalancingV2::ListenerRule')]
    .find(each => app.mentioned([each.get('DefaultActions'), each.get('Actions')]).has(group));
  const listener = forwards?.type === 'AWS::ElasticLoadBalancingV2::ListenerRule' ? forwards.target('ListenerArn') : forwards;
  return listener?.target('LoadBalancerArn');
}

/** The authorization types of the routes or the method that the integration serves: `JWT`, `NONE, AWS_IAM`. */
function accessOf({ resource, origin }: Caller): string {
  const { app } = resource.template;
  const types = new Set<string>();
  if (resource.type === 'AWS::ApiGateway::Method') types.add(patternOf(resource.get('AuthorizationType') ?? 'NONE'));
  for (const route of resource.type === 'AWS::ApiGatewayV2::Integration' ? app.ofType('AWS::ApiGatewayV2::Route') : []) {
    if (app.mentioned(route.get('Target')).has(resource)) types.add(patternOf(route.get('AuthorizationType') ?? 'NONE'));
  }
  if (origin === resource) {
    for (const { api, secured } of operationsOf(app)) if (api === origin) types.add(secured === undefined ? '?' : secured ? 'AUTH' : 'NONE');
  }
  return shown([...types].sort().join(', '));
}

/** The principals of the resource policy without a resource in the app. */
function servicesOf(fn: LambdaFunction): Invocation[] {
  const known = new Set([...fn.callers.map(({ kind }) => kind as string), ...fn.urls.map(() => 'url')]);
  return fn.permissions.flatMap((permission): Invocation[] => {
    const principal = patternOf(permission.get('Principal'));
    const isKnown = [...known].some(kind => (SERVICE_OF[kind] ?? []).includes(principal)) || principal === '*' || known.has('url');
    if (isKnown || principal === '') return [];
    const target = { function: fn, alias: permission.target('FunctionName')?.type === 'AWS::Lambda::Alias' ? permission.target('FunctionName') : undefined };
    return [{ kind: 'service', service: shown(principal), at: permission, target, isAsync: false, label: '' }];
  });
}

const API_GATEWAY = ['apigateway.amazonaws.com'];
const SERVICE_OF: Record<string, string[]> = {
  s3: ['s3.amazonaws.com'],
  sns: ['sns.amazonaws.com'],
  events: ['events.amazonaws.com'],
  scheduler: ['scheduler.amazonaws.com'],
  rest: API_GATEWAY,
  http: API_GATEWAY,
  authorizer: API_GATEWAY,
  alb: ['elasticloadbalancing.amazonaws.com'],
  iot: ['iot.amazonaws.com'],
  cognito: ['cognito-idp.amazonaws.com'],
  secrets: ['secretsmanager.amazonaws.com'],
  ses: ['ses.amazonaws.com'],
  appsync: ['appsync.amazonaws.com'],
  firehose: ['firehose.amazonaws.com'],
  logs: ['logs.amazonaws.com'],
  states: ['states.amazonaws.com'],
  pipes: ['pipes.amazonaws.com'],
};
