import { Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** From this number of sources on, a statement allows all sources of the account. */
const SOURCES_MAX = 20;
const SOURCE = 'aws:SourceArn';

type AddToPolicy = (statement: iam.PolicyStatement) => iam.AddToResourcePolicyResult;

/** One statement, with the sources that it allows. */
interface Merged {
  readonly sources: unknown[];
  readonly result: iam.AddToResourcePolicyResult;
}

/**
 * Merges the statements of a resource policy that allow a service the same actions on behalf of one source each. A policy of SQS
 * has at most 20 statements and 8,192 bytes, and each rule, topic or bucket that uses a shared queue adds a statement.
 */
export class SourceStatements {
  private readonly merged = new Map<string, Merged>();

  constructor(private readonly owner: IConstruct) {}

  /** Adds the source of a statement to the statement with the same principal and actions; undefined if the statement has no single source. */
  public add(statement: iam.PolicyStatement, addToPolicy: AddToPolicy): iam.AddToResourcePolicyResult | undefined {
    const source = sourceOf(statement);
    if (source === undefined) return undefined;
    const { actions, resources, principals } = statement;
    const services = principals.map(({ policyFragment }) => policyFragment.principalJson);
    const key = JSON.stringify(Stack.of(this.owner).resolve([actions, resources, services]));
    const existing = this.merged.get(key);
    if (existing) {
      existing.sources.push(source);
      return existing.result;
    }
    const sources = [source];
    const condition = (all: boolean, render: () => unknown) => Lazy.uncachedAny({
      produce: () => all === sources.length > SOURCES_MAX ? render() : undefined,
    });
    const result = addToPolicy(new iam.PolicyStatement({
      actions,
      resources,
      principals: principals.map(principal => new WithoutConditions(principal)),
      conditions: {
        ArnEquals: condition(false, () => ({ [SOURCE]: sources.flat() })),
        StringEquals: condition(true, () => ({ 'aws:SourceAccount': Stack.of(this.owner).account })),
      },
    }));
    this.merged.set(key, { sources, result });
    return result;
  }
}

/** A principal whose conditions the merged statement replaces. CDK merges the conditions of a principal into the conditions of its statement. */
class WithoutConditions extends iam.PrincipalBase {
  public readonly policyFragment: iam.PrincipalPolicyFragment;

  constructor(principal: iam.IPrincipal) {
    super();
    this.policyFragment = new iam.PrincipalPolicyFragment(principal.policyFragment.principalJson);
  }

  public dedupeString(): string {
    return JSON.stringify(this.policyFragment.principalJson);
  }
}

/** The ARN in the only condition of a statement that allows a service to act for one source. */
function sourceOf({ effect, principals, notActions, notResources, conditions }: iam.PolicyStatement): unknown {
  const services = principals.length > 0 && principals.every(principal => principal instanceof iam.ServicePrincipal);
  if (effect !== iam.Effect.ALLOW || !services || notActions.length > 0 || notResources.length > 0) return undefined;
  const [[operator, keys], ...others] = Object.entries<Record<string, unknown>>(conditions).length > 0
    ? Object.entries<Record<string, unknown>>(conditions) : [['', {}] as [string, Record<string, unknown>]];
  if (others.length > 0 || !/^Arn(Equals|Like)$/.test(operator)) return undefined;
  const [key, ...more] = Object.keys(keys);
  return more.length === 0 && key.toLowerCase() === SOURCE.toLowerCase() ? keys[key] : undefined;
}
