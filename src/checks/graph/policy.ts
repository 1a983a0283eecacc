import type { AppGraph } from './app-graph';
import type { Fields } from './fields';
import type { Resource } from './resource';
import { asList, asString, isRecord, member, patternOf, Text, Unknown } from './value';
import type { Value } from './value';

/** One statement of an IAM policy, with where it stands. */
export class Statement {
  public readonly effect: string;
  /** Lower case, `*` for what is not known. */
  public readonly actions: readonly string[];

  constructor(public readonly holder: Resource, public readonly property: string, private readonly fields: Fields) {
    this.effect = patternOf(fields.get('Effect'));
    this.actions = fields.list('Action').map(action => patternOf(action).toLowerCase());
  }

  public get resources(): Value[] { return this.fields.list('Resource'); }
  public get principals(): Value { return this.fields.get('Principal'); }
  public get conditions(): Value { return this.fields.get('Condition'); }

  /** Whether the template tells all of an action. */
  public tells(action: number): boolean {
    return typeof this.fields.list('Action')[action] === 'string';
  }
}

/** Whether the pattern of a policy (`s3:Get*`) takes in the action. */
export function covers(pattern: string, action: string): boolean {
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
  return statements.some(({ effect, actions }) => effect === 'Allow' && actions.some(pattern => covers(pattern, action)));
}

/** The statements of a policy; `document` is where to read it when it stands in a list. */
export function statementsOf(holder: Resource, property: string, [document] = holder.items(property)): Statement[] {
  return document?.items('Statement').map((statement, i) => new Statement(holder, `${property}.Statement.${i}`, statement)) ?? [];
}

/** What the app's templates grant to a role, and through which managed policies it may have more. */
export interface RoleGrants {
  readonly statements: Statement[];
  readonly managedPolicies: Value[];
  /** No template of the app can add to what the list says. */
  readonly complete: boolean;
}

export function grantsOf(app: AppGraph, role: Resource): RoleGrants {
  return app.view(grantsByRole).get(role) ?? { statements: [], managedPolicies: [], complete: false };
}

/** Every statement tells what it allows or denies; on what, and when, is another matter. */
function isKnown(holder: Resource, property: string): boolean {
  const statements = holder.get(`${property}.Statement`);
  return (Array.isArray(statements) || isRecord(statements)) && asList(statements).every(statement => isRecord(statement)
    && asString(member(statement, 'Effect')) !== undefined && !(member(statement, 'Action') instanceof Unknown));
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
  return new Map(app.ofType('AWS::IAM::Role').map(role => {
    const policies = attached.get(role) ?? [];
    const managedPolicies = role.list('ManagedPolicyArns');
    return [role, {
      statements: [
        ...role.items('Policies').flatMap((policy, i) => statementsOf(role, `Policies.${i}.PolicyDocument`, policy.items('PolicyDocument'))),
        ...policies.flatMap(policy => statementsOf(policy, 'PolicyDocument')),
      ],
      managedPolicies,
      // asked for by few rules, and of few roles
      get complete() {
        return !strays && !role.isUnknown('Policies') && !role.isUnknown('ManagedPolicyArns') && managedPolicies.length === 0
          && role.list('Policies').every((_, i) => isKnown(role, `Policies.${i}.PolicyDocument`)) && policies.every(policy => isKnown(policy, 'PolicyDocument'));
      },
    }];
  }));
}
