import { groupBy } from './group-by';
import { EVENT_BUS_POLICY, LOGS_RESOURCE_POLICIES, RESOURCE_POLICIES } from '../../../aws';
import { minimumBytes, patternOf } from '../../graph';
import type { AppGraph, Resource, Value } from '../../graph';
import type { Problem } from '../rule';

const EVENT_BUS = 'AWS::Events::EventBus';
const SHORTEST_BUS = 'arn:aws:events:us-east-1:123456789012:event-bus/b';

/** Resource policies above the quota of their service, as far as the app shows it. */
export function oversizedPolicies(app: AppGraph): Problem[] {
  return [...documents(app), ...eventBuses(app), ...logs(app)];
}

function documents(app: AppGraph): Problem[] {
  return Object.entries(RESOURCE_POLICIES).flatMap(([type, { property, maxBytes, maxStatements = Infinity }]) => (
    app.ofType(type).flatMap((policy): Problem[] => {
      const statements = policy.list(`${property}.Statement`).length;
      if (statements > maxStatements) {
        const must = `must be at most ${maxStatements} statements`;
        return [{ at: policy, property: `${property}.Statement`, must, got: statements }];
      }
      const bytes = minimumBytes(policy.get(property));
      return bytes <= maxBytes
        ? [] : [{ at: policy, property, must: `must be at most ${maxBytes} bytes`, got: `at least ${bytes}` }];
    })));
}

/** Each resource is a statement in the policy of its bus. */
function eventBuses(app: AppGraph): Problem[] {
  const { type, maxBytes } = EVENT_BUS_POLICY;
  return [...groupBy(app.ofType(type), policy => busOf(app, policy)).values()].flatMap((policies): Problem[] => {
    const bytes = minimumBytes({ Version: '2012-10-17', Statement: policies.map(statementOf) });
    return bytes <= maxBytes ? [] : [{
      at: policies[0],
      property: 'Statement',
      must: `must be at most ${maxBytes} bytes with the other statements of its event bus`,
      got: `at least ${bytes} in ${policies.length} statements`,
      severity: 'warning', // the quota can be raised
      fix: 'use one statement with a list of accounts or the condition aws:PrincipalOrgID, or raise the quota',
    }];
  });
}

/** The bus of the app, or the name of another one in its environment. */
function busOf(app: AppGraph, policy: Resource): Resource | string {
  const value = policy.get('EventBusName');
  const name = policy.lacks('EventBusName') ? 'default' : patternOf(value);
  return app.resourceOf(value, policy, EVENT_BUS)
    ?? app.ofType(EVENT_BUS).find(bus => bus.template === policy.template && bus.string('Name') === name)
    ?? `${name} ${environmentOf(policy)}`;
}

function statementOf(policy: Resource): Value {
  if (!policy.lacks('Statement')) return policy.get('Statement');
  const account = policy.get('Principal');
  return {
    Sid: policy.get('StatementId'),
    Effect: 'Allow',
    Principal: account === '*' ? account : { AWS: account },
    Action: policy.get('Action'),
    Resource: SHORTEST_BUS,
    ...policy.lacks('Condition') ? {} : { Condition: policy.get('Condition') },
  };
}

/** CloudWatch Logs has a number of policies for an account and Region, which no request raises. */
function logs(app: AppGraph): Problem[] {
  const { types, max } = LOGS_RESOURCE_POLICIES;
  return [...groupBy(app.ofType(...types), environmentOf).values()].flatMap((policies): Problem[] => (
    policies.length <= max ? [] : [{
      at: policies[max],
      property: 'PolicyName',
      must: `must be one of at most ${max} resource policies of CloudWatch Logs in an account and Region`,
      got: `${policies.length} in the app`,
      fix: 'create one policy whose resource is a pattern of the log groups, and no policy for each log group',
    }]));
}

/** The account and Region of a resource, or its template if they are not known. */
function environmentOf({ template: { input } }: Resource): string {
  return input.account && input.region ? `${input.account}/${input.region}` : input.name;
}
