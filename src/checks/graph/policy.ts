import type { AppGraph } from './app-graph';
import type { Fields } from './fields';
import type { Resource } from './resource';
import { asList, asString, isRecord, member, patternOf, Reference, Text, Unknown } from './value';
import type { Value } from './value';
import { isSupportingManagedPolicy } from '../../aws';
import { type Condition, type StatementTexts, type WidePart, widePartsOf } from '../../private/policy-wildcards';

/** One statement of an IAM policy, with its place in the template. */
export class Statement {
  public readonly effect: string;
  /** In lower case, with `*` for unknown parts. */
  public readonly actions: readonly string[];

  constructor(public readonly holder: Resource, public readonly property: string, private readonly fields: Fields) {
    this.effect = patternOf(fields.get('Effect'));
    this.actions = fields.list('Action').map(action => patternOf(action).toLowerCase());
  }

  public get resources(): Value[] { return this.fields.list('Resource'); }
  public get principals(): Value { return this.fields.get('Principal'); }
  public get conditions(): Value { return this.fields.get('Condition'); }

  /** The actions and resources that the statement allows by a wildcard and could name. */
  public get wideParts(): readonly WidePart[] {
    if (this.effect !== 'Allow' || !this.hasWildcard()) return [];
    const { texts } = this;
    const known = this.fields.template.app.view(readWideParts);
    const key = JSON.stringify(texts);
    const parts = known.get(key) ?? widePartsOf(texts);
    known.set(key, parts);
    return parts;
  }

  /** A quick answer for most statements: without a wildcard and without exceptions, nothing is wide. */
  private hasWildcard(): boolean {
    const isWild = (value: Value) => !(value instanceof Reference) && /[*?]/.test(nameOf(value));
    return this.resources.some(isWild) || this.fields.list('Action').some(isWild)
      || !this.fields.lacks('NotAction') || !this.fields.lacks('NotResource');
  }

  /** Whether the template contains the whole text of an action. */
  public isLiteral(action: number): boolean {
    return typeof this.fields.list('Action')[action] === 'string';
  }

  /** References and unknown parts are in angle brackets. */
  private get texts(): StatementTexts {
    const part = (name: string) => this.fields.list(name).map(nameOf);
    return {
      effect: nameOf(this.fields.get('Effect')),
      actions: part('Action'),
      notActions: part('NotAction'),
      resources: part('Resource'),
      notResources: part('NotResource'),
      conditions: conditionsOf(this.conditions),
    };
  }
}

/** Most roles have the same statements for traces and network interfaces, so each text is judged once. */
function readWideParts(): Map<string, readonly WidePart[]> {
  return new Map();
}

/** The text with references and unknown parts in angle brackets. */
function nameOf(value: Value): string {
  if (value instanceof Text) return value.parts.map(part => (typeof part === 'string' ? part : nameOf(part))).join('');
  if (value instanceof Reference) return `<${value.resource.logicalId}.${value.attribute}>`;
  return value instanceof Unknown ? '<unknown>' : asString(value) ?? '<unknown>';
}

function conditionsOf(conditions: Value): Condition[] {
  if (conditions === undefined || conditions === null) return [];
  const unknown = [{ operator: 'StringEquals', key: '<unknown>', values: ['<unknown>'] }];
  if (!isRecord(conditions)) return unknown;
  return Object.entries(conditions).flatMap(([operator, keys]) => {
    if (!isRecord(keys)) return unknown;
    return Object.entries(keys).map(([key, values]) => ({
      operator, key, values: values instanceof Unknown ? ['<unknown>'] : asList(values).map(nameOf),
    }));
  });
}

/** Whether the action pattern of a policy (`s3:Get*`) matches the action. */
export function covers(pattern: string, action: string): boolean {
  if (!pattern.includes('*') && pattern.length !== action.length) return false;
  const [p, a] = [pattern.toLowerCase(), action.toLowerCase()];
  if (!p.includes('*')) return p === a;
  const pieces = p.split('*');
  if (!a.startsWith(pieces[0])) return false;
  let place = pieces[0].length;
  for (const piece of pieces.slice(1, -1)) {
    const next = a.indexOf(piece, place);
    if (next < 0) return false;
    place = next + piece.length;
  }
  const last = pieces[pieces.length - 1];
  return a.length - place >= last.length && a.endsWith(last);
}

export function allows(statements: Statement[], action: string): boolean {
  return statements.some(({ effect, actions }) => (
    effect === 'Allow' && actions.some(pattern => covers(pattern, action))));
}

/** The statements of a policy; `document` is passed if the policy is in a list. */
export function statementsOf(
  holder: Resource, property: string, [document] = holder.items(property),
): Statement[] {
  const statements = document?.items('Statement') ?? [];
  return statements.map((statement, i) => new Statement(holder, `${property}.Statement.${i}`, statement));
}

/** The permissions that the app grants to a role. */
export interface RoleGrants {
  readonly statements: Statement[];
  /** The statements of the role's managed policies that the app defines. */
  readonly managedStatements: Statement[];
  /** All managed policies. */
  readonly managedPolicies: Value[];
  /**
   * The statements and managed statements are all permissions of the role, apart from those for logs, traces and polls.
   */
  readonly complete: boolean;
}

export function grantsOf(app: AppGraph, role: Resource): RoleGrants {
  return app.view(grantsByRole).get(role)
    ?? { statements: [], managedStatements: [], managedPolicies: [], complete: false };
}

/** Whether the effect and the actions of every statement are known. */
function isKnown(holder: Resource, property: string): boolean {
  const statements = holder.get(`${property}.Statement`);
  if (!Array.isArray(statements) && !isRecord(statements)) return false;
  return asList(statements).every(statement => isRecord(statement)
    && asString(member(statement, 'Effect')) !== undefined
    && member(statement, 'NotAction') === undefined
    && !(member(statement, 'Action') instanceof Unknown));
}

function grantsByRole(app: AppGraph): Map<Resource, RoleGrants> {
  const attached = new Map<Resource, Resource[]>();
  let strays = false;
  for (const policy of app.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy')) {
    strays ||= policy.isUnknown('Roles');
    const roles = [...policy.list('Roles'), ...(policy.lacks('RoleName') ? [] : [policy.get('RoleName')])];
    for (const name of roles) {
      const role = app.resourceOf(name, policy, 'AWS::IAM::Role');
      if (role) attached.set(role, [...attached.get(role) ?? [], policy]);
      else strays ||= name instanceof Unknown || name instanceof Text;
    }
  }
  const grants = (role: Resource) => roleGrants(app, role, attached.get(role) ?? [], strays);
  return new Map(app.ofType('AWS::IAM::Role').map(role => [role, grants(role)]));
}

/** @param strays whether a policy with unknown roles exists, which may belong to this role */
function roleGrants(app: AppGraph, role: Resource, policies: Resource[], strays: boolean): RoleGrants {
  const managedPolicies = role.list('ManagedPolicyArns');
  const isKnownPolicy = (arn: Value) => {
    const policy = app.resourceOf(arn, role, 'AWS::IAM::ManagedPolicy');
    return policy !== undefined && isKnown(policy, 'PolicyDocument');
  };
  return {
    statements: [
      ...role.items('Policies').flatMap((policy, i) => (
        statementsOf(role, `Policies.${i}.PolicyDocument`, policy.items('PolicyDocument')))),
      ...policies.flatMap(policy => statementsOf(policy, 'PolicyDocument')),
    ],
    get managedStatements() {
      const own = managedPolicies.flatMap(arn => app.resourceOf(arn, role, 'AWS::IAM::ManagedPolicy') ?? []);
      const others = own.filter(policy => !policies.includes(policy));
      return others.flatMap(policy => statementsOf(policy, 'PolicyDocument'));
    },
    managedPolicies,
    // computed on demand, because few rules read it
    get complete() {
      return !strays
        && !role.isUnknown('Policies')
        && !role.isUnknown('ManagedPolicyArns')
        && managedPolicies.every(arn => isSupportingManagedPolicy(patternOf(arn)) || isKnownPolicy(arn))
        && role.list('Policies').every((_, i) => isKnown(role, `Policies.${i}.PolicyDocument`))
        && policies.every(policy => isKnown(policy, 'PolicyDocument'));
    },
  };
}
