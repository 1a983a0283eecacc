type Json = Record<string, any>;

/** What a role may do in a template, by where it stands. */
export interface RoleStatements {
  /** In the `Policies` of the role itself. */
  readonly inline: Json[];
  /** In each `AWS::IAM::Policy` whose `Roles` refer to the role, by logical id. */
  readonly attached: Record<string, Json[]>;
  readonly all: Json[];
}

/** The statements of the role with that logical id. */
export function statementsOfRole(resources: Json, roleId: string): RoleStatements {
  const role = resources[roleId];
  if (role?.Type !== 'AWS::IAM::Role') throw new Error(`expected the role ${roleId}, got ${role?.Type ?? 'nothing'}`);
  const inline = (role.Properties.Policies ?? []).flatMap((policy: Json) => policy.PolicyDocument.Statement);
  const attached = Object.fromEntries(Object.entries<Json>(resources)
    .filter(([, { Type, Properties }]) => Type === 'AWS::IAM::Policy' && (Properties.Roles ?? []).some((r: Json) => r.Ref === roleId))
    .map(([id, { Properties }]) => [id, Properties.PolicyDocument.Statement]));
  return { inline, attached, all: [...inline, ...Object.values(attached).flat()] };
}

export function actionsIn(statements: Json[]): string[] {
  return statements.flatMap(({ Action }) => Action);
}
