import { Lazy, Stack, Token, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { LeastPrivilegeRoleProps } from './least-privilege-role-props';
import { Wildcard } from './wildcards';
import { IAM, UNSCOPABLE_ACTIONS } from '../aws';
import { isPrecreated, isDefaultPolicy } from '../private/cdk-internals';
import { flattenReference, minimumJsonLength } from '../private/template-json';
import { refuse, warn } from '../private/validation';

/**
 * An execution role that only Lambda can assume, with the granted permissions only.
 *
 * Creates one `AWS::IAM::Role` without an AWS managed policy: the policy that CDK attaches by default allows writing to every log
 * group in the account. Statements without references to other resources are in the role itself. Grants on resources are in one
 * `AWS::IAM::Policy`, as on every role of CDK: a resource policy can refer to the role, and inline statements would
 * create a circular dependency.
 *
 * Fails the synth, with the statement in the message, for:
 * - the actions `*` and `service:*`, `NotAction` and `NotResource`;
 * - `Resource: '*'`, or an equivalent ARN (`arn:aws:s3:::*`), for actions that IAM can scope to a resource;
 * - inline policies of more than 10,240 characters in total.
 *
 * `allowWildcard(statement, reason)` adds a statement that needs such a wildcard.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 * @example
 * const role = new LeastPrivilegeRole(this, 'Role');
 * new lambda.Function(this, 'Report', {
 *   runtime: lambda.Runtime.NODEJS_24_X,
 *   handler: 'index.handler',
 *   code: lambda.Code.fromAsset('handlers/report'),
 *   role,
 * });
 * new sqs.Queue(this, 'Reports').grantSendMessages(role);
 */
export class LeastPrivilegeRole extends iam.Role {
  private readonly granted: iam.PolicyStatement[] = [];
  private readonly inline: iam.PolicyStatement[] = [];
  private readonly attached = new Set<iam.PolicyDocument>();
  private readonly allowed = new Set<string>();
  private readonly acknowledged = new Set<string>();

  constructor(scope: Construct, id: string, props: LeastPrivilegeRoleProps = {}) {
    super(scope, id, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      permissionsBoundary: props.permissionsBoundary,
      description: props.description,
      roleName: props.roleName,
      path: props.path,
    });
    const resource = this.node.defaultChild as iam.CfnRole | undefined;
    if (resource) resource.policies = Lazy.uncachedAny({ produce: () => this.renderInline() });
    for (const statement of props.statements ?? []) this.addToPrincipalPolicy(statement);
    this.node.addValidation({ validate: () => this.findProblems() });
  }

  /**
   * Adds a statement to the role. Every grant calls this method.
   */
  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    if (isFreeOfReferences(statement)) return this._addInline(statement);
    this.record(statement);
    return super.addToPrincipalPolicy(statement);
  }

  /**
   * Attaches an inline policy to the role. It counts towards the size, and is checked for wildcards too.
   */
  public attachInlinePolicy(policy: iam.Policy): void {
    // The default policy contains the granted statements, which are already recorded.
    if (!isDefaultPolicy(this, policy)) this.attached.add(policy.document);
    super.attachInlinePolicy(policy);
  }

  /**
   * Attaches a managed policy, with a warning: a managed policy allows more than one function needs, and it can change without a
   * deployment. If the function needs it, acknowledge `cdk-production-lambda:LeastPrivilegeRole.managedPolicy`.
   */
  public addManagedPolicy(policy: iam.IManagedPolicy): void {
    const arn = flattenReference(Stack.of(this).resolve(policy.managedPolicyArn));
    warn(this, 'LeastPrivilegeRole.managedPolicy',
      `managed policy ${arn} allows more than this function needs; grant only the actions and resources that the function uses`,
    );
    super.addManagedPolicy(policy);
  }

  /**
   * Adds a statement with a wildcard, and the reason for it.
   *
   * Grants of other constructs may then use the same actions on the same resources too. The report of cdk-nag shows the reason
   * with the acknowledged finding.
   *
   * @param statement The statement with the wildcard
   * @param reason Why the statement needs the wildcard; must not be empty
   */
  public allowWildcard(statement: iam.PolicyStatement, reason: string): void {
    if (reason.trim() === '') {
      refuse(this.node.path, "'reason' must say why the statement needs the wildcard, got an empty text; state the reason in allowWildcard");
    }
    for (const wildcard of Wildcard.of(this.resolved(statement))) {
      this.allowed.add(wildcard.key);
      if (wildcard.nagDetail) this.acknowledge(wildcard.nagDetail, reason);
    }
    this.addToPrincipalPolicy(statement);
  }

  /**
   * Adds a statement to the role itself. For resources whose policies cannot refer to the role, such as the log groups and queues that this
   * library creates.
   *
   * @internal
   */
  public _addInline(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    this.record(statement);
    // With Role.customizeRoles(), the report of CDK lists the statements of roles that are created manually.
    if (isPrecreated(this)) return super.addToPrincipalPolicy(statement);
    if (!this.inline.includes(statement)) this.inline.push(statement);
    return { statementAdded: true, policyDependable: this };
  }

  /**
   * Removes a statement that a default of this library added inline, after the user replaced the default.
   *
   * @internal
   */
  public _withdraw(statement: iam.PolicyStatement): void {
    for (const statements of [this.inline, this.granted]) {
      const index = statements.indexOf(statement);
      if (index >= 0) statements.splice(index, 1);
    }
  }

  private record(statement: iam.PolicyStatement): void {
    if (!this.granted.includes(statement)) this.granted.push(statement);
    this.acknowledgeNarrow(statement);
  }

  private renderInline(): iam.CfnRole.PolicyProperty[] | undefined {
    if (this.inline.length === 0) return undefined;
    return [{ policyName: 'Permissions', policyDocument: new iam.PolicyDocument({ statements: this.inline }) }];
  }

  private findProblems(): string[] {
    const statements = [...this.granted.map(s => this.resolved(s)), ...[...this.attached].flatMap(d => this.statementsOf(d))];
    const wide = statements.flatMap(s => Wildcard.of(s)).filter(w => !this.allowed.has(w.key)).map(w => w.problem);
    const invalid = new iam.PolicyDocument({ statements: this.inline }).validateForIdentityPolicy();
    return [...new Set(wide), ...invalid, ...this.findOversize()];
  }

  private findOversize(): string[] {
    const documents = [new iam.PolicyDocument({ statements: this.granted }), ...this.attached].filter(d => !d.isEmpty);
    const size = documents.reduce((sum, d) => sum + minimumJsonLength(Stack.of(this).resolve(d)), 0);
    if (size <= IAM.inlinePoliciesMaxCharacters) return [];
    return [`inline policies of a role must have at most ${IAM.inlinePoliciesMaxCharacters} characters in total, got at least ${size}; `
      + 'grant on common prefixes or tags instead of single resources, or split the function'];
  }

  /** cdk-nag also reports `*` on actions that IAM cannot scope to a resource. */
  private acknowledgeNarrow(statement: iam.PolicyStatement): void {
    const { resources, actions } = statement;
    if (Token.isUnresolved(resources) || !resources.includes('*') || actions.length === 0) return;
    const resolved = this.resolved(statement);
    if (Wildcard.of(resolved).length > 0) return;
    this.acknowledge('Resource::*', actions.every(a => UNSCOPABLE_ACTIONS.has(a))
      ? `IAM cannot scope ${actions.join(', ')} to a resource`
      : `the condition scopes ${actions.join(', ')} to one resource`);
  }

  /** Acknowledges the findings of both packs of cdk-nag. */
  private acknowledge(nagDetail: string, reason: string): void {
    for (const id of [`AwsSolutions::AwsSolutions-IAM5[${nagDetail}]`, 'Serverless::Serverless-LambdaStarPermissions']) {
      if (this.acknowledged.has(id)) continue;
      this.acknowledged.add(id);
      Validations.of(this).acknowledge({ id, reason });
    }
  }

  private resolved(statement: iam.PolicyStatement): Record<string, unknown> {
    return Stack.of(this).resolve(statement.toStatementJson());
  }

  private statementsOf(document: iam.PolicyDocument): Record<string, unknown>[] {
    return Stack.of(this).resolve(document)?.Statement ?? [];
  }
}

function isFreeOfReferences(statement: iam.PolicyStatement): boolean {
  const { resources, notResources, conditions } = statement;
  if (Object.keys(conditions).length > 0) return false;
  return [resources, notResources].every(named => !Token.isUnresolved(named) && !named.some(r => Token.isUnresolved(r)));
}
