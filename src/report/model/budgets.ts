import type { AppView } from './app-view';
import { shown } from './app-view';
import { concurrencyLimit, provisionedRange } from './functions';
import type { Say } from './phrases';
import type { Budget, BudgetPart } from './report-data';
import { number } from './units';
import { CLOUD_FORMATION, IAM, LAMBDA, RDS } from '../../aws';
import { clientsOf, minimumBytes, proxiesOf } from '../../checks/graph';
import type { LambdaFunction, Resource } from '../../checks/graph';
import { defaultMaxConnections, poolSize } from '../../checks/rules/support/connections';
import { CLUSTER, INSTANCE } from '../../checks/rules/support/each-database';
import { largestResourcePolicy } from '../../checks/rules/support/function-policy';

const CAPACITY_PAGE = 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html';
const CONCURRENCY_PAGE = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';
const STACK_PAGE = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html';
const IAM_PAGE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';
/** The default of the account quota in a Region; a new account can have less. */
const ACCOUNT_CONCURRENCY = 1_000;
/** Policies are reported from this share of their limit on. */
const POLICY_SHARE = 0.5;
/** Advice about a stack begins at this share of the limit. */
const STACK_SHARE = 0.7;

export function budgetsOf(view: AppView, stackBytes: ReadonlyMap<string, number>, say: Say): Budget[] {
  return [...connectionBudgets(view, say), ...concurrencyBudget(view, say), ...stackBudgets(view, stackBytes, say), ...policyBudgets(view, say)];
}

/** One budget for each proxy, and for each database that functions reach without a proxy. */
function connectionBudgets(view: AppView, say: Say): Budget[] {
  const proxies = view.graphs.flatMap(proxiesOf);
  const behind = new Set(proxies.flatMap(({ databases }) => databases));
  const ofProxies = proxies.map(({ proxy, group, databases }) => {
    const percent = group?.number('ConnectionPoolConfigurationInfo.MaxConnectionsPercent', RDS.proxyConnectionsPercentMax) ?? RDS.proxyConnectionsPercentMax;
    return connectionBudget(proxy, databases[0], percent, 1, clientsOf(proxy.template.app, proxy), say);
  });
  const direct = view.ofType(CLUSTER, INSTANCE).filter(database => !behind.has(database))
    .map(database => connectionBudget(database, database, RDS.functionShare * 100, 2, clientsOf(database.template.app, database), say));
  return [...ofProxies, ...direct].filter(({ parts }) => parts.length > 0);
}

function connectionBudget(
  subject: Resource, database: Resource | undefined, percent: number, versions: number, clients: readonly LambdaFunction[], say: Say,
): Budget {
  const all = database?.type === CLUSTER ? defaultMaxConnections(database) : undefined;
  const limit = all === undefined ? undefined : Math.floor(all * percent / 100);
  const parts = clients.map((fn): BudgetPart => {
    const [concurrency, pool] = [concurrencyLimit(fn), poolSize(fn)];
    const twice = versions > 1 ? ` × ${say('twoVersions')}` : '';
    return {
      label: shown(fn.path),
      value: concurrency === undefined ? undefined : concurrency * pool * versions,
      arithmetic: concurrency === undefined ? say('noLimit') : `${concurrency} × ${pool}${twice}`,
    };
  });
  return {
    kind: 'connections',
    label: say('connectionsOf', { name: shown((database ?? subject).path) }),
    unit: say('connections'),
    parts,
    used: total(parts),
    limit,
    limitText: limit === undefined ? say('limitUnknown') : say('percentOf', { limit: number(limit), percent: number(percent), all: number(all!) }),
    source: CAPACITY_PAGE,
    ...parts.some(({ value }) => value === undefined) && { advice: say('adviceReserve') },
  };
}

function total(parts: readonly BudgetPart[]): number {
  return parts.reduce((sum, { value = 0 }) => sum + value, 0);
}

/** Reserved concurrency and provisioned concurrency without a reservation, against the quota of each account and Region. */
function concurrencyBudget(view: AppView, say: Say): Budget[] {
  const accounts = new Map<string, LambdaFunction[]>();
  for (const fn of view.functions) {
    const { account, region } = fn.resource.template.input;
    const place = [account, region].filter(each => each !== undefined).map(shown).join(', ');
    accounts.set(place, [...accounts.get(place) ?? [], fn]);
  }
  return [...accounts].flatMap(([place, functions]) => accountBudget(functions, accounts.size > 1 ? place : '', say));
}

function accountBudget(functions: readonly LambdaFunction[], place: string, say: Say): Budget[] {
  const parts = functions.flatMap((fn): BudgetPart[] => {
    const provisioned = provisionedRange(fn)?.max;
    if (fn.reserved !== undefined) return [{ label: shown(fn.path), value: fn.reserved, arithmetic: say('reservedText', { n: fn.reserved }) }];
    return provisioned === undefined ? [] : [{ label: shown(fn.path), value: provisioned, arithmetic: say('provisionedText', { n: provisioned }) }];
  });
  if (parts.length === 0) return [];
  const limit = ACCOUNT_CONCURRENCY - LAMBDA.unreservedConcurrencyMin;
  return [{
    kind: 'concurrency',
    label: `${say('concurrencyOfAccount')}${place === '' ? '' : ` (${place})`}`,
    unit: say('executions'),
    parts,
    used: total(parts),
    limit,
    limitText: say('concurrencyLimit', { limit, quota: number(ACCOUNT_CONCURRENCY), rest: LAMBDA.unreservedConcurrencyMin }),
    source: CONCURRENCY_PAGE,
  }];
}

function stackBudgets(view: AppView, stackBytes: ReadonlyMap<string, number>, say: Say): Budget[] {
  return view.templates.flatMap(({ input, resources }): Budget[] => {
    const name = view.stackOf(input);
    const functions = [...resources.values()].filter(({ type }) => type === 'AWS::Lambda::Function').length;
    const bytesOfStack = stackBytes.get(input.name);
    const max = CLOUD_FORMATION.resourcesMax;
    const isNear = resources.size > STACK_SHARE * max;
    const stack: Budget = {
      kind: 'resources',
      label: say('resourcesOf', { name }),
      unit: say('resources'),
      used: resources.size,
      limit: max,
      parts: byService(resources.values()),
      limitText: say('ofLimit', { limit: max }),
      source: STACK_PAGE,
      ...isNear && functions > 0 && {
        advice: say('adviceSplit', { each: number(resources.size / functions), functions: Math.floor(max * functions / resources.size), has: functions }),
      },
    };
    if (bytesOfStack === undefined) return [stack];
    return [stack, {
      kind: 'template',
      label: say('templateOf', { name }),
      unit: say('bytes'),
      used: bytesOfStack,
      limit: CLOUD_FORMATION.templateMaxBytes,
      parts: [{ label: name, value: bytesOfStack, arithmetic: say('sizeOfFile') }],
      limitText: say('ofLimit', { limit: number(CLOUD_FORMATION.templateMaxBytes) }),
      source: STACK_PAGE,
    }];
  });
}

/** The resources of a stack by service, the most first. */
function byService(resources: Iterable<Resource>): BudgetPart[] {
  const counts = new Map<string, number>();
  for (const { type } of resources) {
    const service = shown(type.split('::')[1] ?? type);
    counts.set(service, (counts.get(service) ?? 0) + 1);
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([label, value]) => ({ label, value, arithmetic: `${value}` }));
}

/** Function and role policies that have used half of their limit. */
function policyBudgets(view: AppView, say: Say): Budget[] {
  const budgets: Budget[] = [];
  const add = (label: string, parts: BudgetPart[], limit: number, source: string) => {
    if (total(parts) < POLICY_SHARE * limit) return;
    budgets.push({ kind: 'policy', label, unit: say('bytes'), parts, used: total(parts), limit, limitText: say('ofLimit', { limit: number(limit) }), source });
  };
  for (const fn of view.functions) {
    const { bytes, permissions } = largestResourcePolicy(fn);
    const parts = [{ label: shown(fn.path), value: bytes, arithmetic: say('permissionsText', { n: permissions.length }) }];
    add(say('functionPolicyOf', { name: shown(fn.path) }), parts, LAMBDA.resourcePolicyMaxBytes, CONCURRENCY_PAGE);
  }
  for (const role of view.ofType('AWS::IAM::Role')) {
    const policies = role.template.app.ofType('AWS::IAM::Policy').filter(policy => role.template.app.mentioned(policy.list('Roles')).has(role));
    const documents = [
      ...role.items('Policies').map(policy => policy.get('PolicyDocument')), ...policies.map(policy => policy.get('PolicyDocument')),
    ];
    const parts = documents.map((document, i) => ({ label: `${i + 1}`, value: minimumBytes(document), arithmetic: say('atLeastBytes') }));
    add(say('rolePolicyOf', { name: shown(role.path) }), parts, IAM.inlinePoliciesMaxCharacters, IAM_PAGE);
  }
  return budgets;
}
