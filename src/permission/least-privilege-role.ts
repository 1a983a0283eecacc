import { Lazy, Stack, Token, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { LeastPrivilegeRoleProps } from './least-privilege-role-props';
import { PolicyResources, propertiesOf } from './policy-resources';
import { awsManagedPolicyName, RolePermissions } from './role-permissions';
import { TemplateTexts } from './template-texts';
import { isBroadManagedPolicy, isWholeService, requiresAllResources } from '../aws';
import { acknowledgeFindings, acknowledgeOwn } from '../private/acknowledgements';
import { isPrecreated } from '../private/cdk-internals';
import { widePartsOf } from '../private/policy-wildcards';
import { flattenReference } from '../private/template-json';
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
 * - `Resource: '*'`, or an ARN that covers all resources of a type (`arn:aws:s3:::*`, `arn:aws:dynamodb:*:*:table/*`), for actions
 *   that IAM can scope to a resource, unless a condition restricts the resource;
 * - an AWS managed policy that allows more than AWS's policies for functions, such as `AdministratorAccess`;
 * - a trust policy that lets everyone assume the role;
 * - inline policies of more than 10,240 characters in total.
 *
 * The synth reads all policies that are deployed: grants, `Policy` and `ManagedPolicy` constructs, imports of
 * the role, L1 constructs, overrides and Aspects. Intrinsic functions are resolved. The rule LP-F72 has the same definition of a
 * wildcard.
 *
 * `allowWildcard(statement, reason)` adds a statement that needs a wildcard, and `allowManagedPolicy(policy, reason)` a managed
 * policy.
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
  private readonly permissions = new RolePermissions();
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
   * Attaches a managed policy.
   *
   * The statements of a `ManagedPolicy` of this app are validated like all others. A policy of AWS for functions, under
   * `service-role/`, and a policy that another app defines cause a warning, because a managed policy allows more than one function
   * needs, and it can change without a deployment. If the function needs it, acknowledge
   * `cdk-production-lambda:LeastPrivilegeRole.managedPolicy`. Any other policy of AWS fails the synth: use `allowManagedPolicy`.
   */
  public addManagedPolicy(policy: iam.IManagedPolicy): void {
    const arn = flattenReference(Stack.of(this).resolve(policy.managedPolicyArn));
    const name = awsManagedPolicyName(arn);
    if (!(policy instanceof iam.ManagedPolicy) && (name === undefined || !isBroadManagedPolicy(name))) {
      warn(this, 'LeastPrivilegeRole.managedPolicy',
        `managed policy ${arn} allows more than this function needs; grant only the actions and resources that the function uses`,
      );
    }
    super.addManagedPolicy(policy);
  }

  /**
   * Adds a statement with a wildcard, and the reason for it.
   *
   * Grants of other constructs may then use the same actions on the same resources too, under the same condition. The report of
   * cdk-nag shows the reason with the acknowledged finding.
   *
   * @param statement The statement with the wildcard
   * @param reason Why the statement needs the wildcard; must not be empty
   */
  public allowWildcard(statement: iam.PolicyStatement, reason: string): void {
    if (reason.trim() === '') {
      refuse(this.node.path, "'reason' must say why the statement needs the wildcard, got an empty text; state the reason in allowWildcard");
    }
    const resolved = this.resolved(statement);
    for (const detail of this.permissions.allow(resolved, this.texts())) this.acknowledge(detail, reason);
    if (widePartsOf(this.texts().statement(resolved)).length > 0) this.acknowledgeRule(reason);
    this.addToPrincipalPolicy(statement);
  }

  /**
   * Attaches a managed policy that allows more than AWS's policies for functions, and the reason for it. The report of cdk-nag
   * shows the reason with the acknowledged finding.
   *
   * @param policy The managed policy
   * @param reason Why the function needs the policy; must not be empty
   */
  public allowManagedPolicy(policy: iam.IManagedPolicy, reason: string): void {
    if (reason.trim() === '') {
      refuse(this.node.path, "'reason' must say why the function needs the managed policy, got an empty text; state the reason in allowManagedPolicy");
    }
    const arn = flattenReference(Stack.of(this).resolve(policy.managedPolicyArn));
    this.permissions.allowManagedPolicy(arn);
    Validations.of(this).acknowledge({ id: `AwsSolutions::AwsSolutions-IAM4[Policy::${arn}]`, reason });
    this.acknowledgeRule(reason);
    super.addManagedPolicy(policy);
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
    const invalid = new iam.PolicyDocument({ statements: this.inline }).validateForIdentityPolicy();
    const resource = this.node.defaultChild as iam.CfnRole | undefined;
    if (!resource) {
      return [...this.permissions.findWildcards(this.granted.map(s => this.resolved(s)), this.texts()), ...invalid];
    }
    return [...this.permissions.findProblems(resource, propertiesOf(resource), PolicyResources.for(this)), ...invalid];
  }

  /** cdk-nag also reports `*` on actions that IAM cannot scope to a resource. */
  private acknowledgeNarrow(statement: iam.PolicyStatement): void {
    const { resources, actions } = statement;
    if (Token.isUnresolved(resources) || !resources.includes('*') || actions.length === 0) return;
    const needsAll = actions.every(action => requiresAllResources(action) && !isWholeService(action));
    if (!needsAll && widePartsOf(this.texts().statement(this.resolved(statement))).length > 0) return;
    this.acknowledge('Resource::*', Object.keys(statement.conditions).length > 0 && !needsAll
      ? `the condition scopes ${actions.join(', ')} to one resource`
      : `IAM or Lambda requires all resources for ${actions.join(', ')}`);
  }

  /** LP-F72 of ProductionChecks has the same definition of a wildcard, and the role rejects all that are not allowed. */
  private acknowledgeRule(reason: string): void {
    const id = 'ProductionChecks::LP-F72';
    if (this.acknowledged.has(id)) return;
    this.acknowledged.add(id);
    acknowledgeOwn(this, id, reason);
  }

  /** Acknowledges the findings of both packs of cdk-nag. */
  private acknowledge(nagDetail: string, reason: string): void {
    for (const id of [`AwsSolutions::AwsSolutions-IAM5[${nagDetail}]`, 'Serverless::Serverless-LambdaStarPermissions']) {
      if (this.acknowledged.has(id)) continue;
      this.acknowledged.add(id);
      acknowledgeFindings(this, { [id]: reason });
    }
  }

  private resolved(statement: iam.PolicyStatement): Record<string, unknown> {
    return Stack.of(this).resolve(statement.toStatementJson());
  }

  /** While the app is under construction, parameters and mappings are references. */
  private texts(): TemplateTexts {
    return new TemplateTexts({ parameter: () => undefined, mapping: () => undefined });
  }
}

function isFreeOfReferences(statement: iam.PolicyStatement): boolean {
  const { resources, notResources, conditions } = statement;
  if (Object.keys(conditions).length > 0) return false;
  return [resources, notResources].every(named => !Token.isUnresolved(named) && !named.some(r => Token.isUnresolved(r)));
}
