import { Aws, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ProductionFunctionProps } from './production-function-props';
import { LeastPrivilegeRole } from '../permission';
import { flattenReference } from '../private/template-json';

/** Actions that Lambda calls with the function's role to attach the function to the VPC. */
const ENI_ACTIONS = [
  'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
];
/** Actions that the function's code must not call, although its role allows them. */
const DENIED_TO_CODE = [...ENI_ACTIONS, 'ec2:DetachNetworkInterface'];

/** The role of one function, with the permissions that its props require; created unless the prop `role` is set. */
export class FunctionRole {
  public readonly role: iam.IRole;

  constructor(private readonly owner: Construct, private readonly props: ProductionFunctionProps) {
    this.role = props.role ?? new LeastPrivilegeRole(owner, 'ServiceRole');
  }

  /** `lambda.Function` grants X-Ray, the dead-letter queue and the file system. */
  public grantOwnNeeds(definition: lambda.Function, logGroup: logs.ILogGroup): void {
    this.grantLog(logGroup);
    if (this.props.vpc) this.grantNetworkInterfaces();
    if (this.props.environmentEncryption) this.grantDecryption(this.props.environmentEncryption);
    if (this.props.durableConfig) this.grantDurableExecution(definition);
  }

  /**
   * Adds a statement on a resource whose policy does not name the role. The statement is inline in a LeastPrivilegeRole and
   * so is created before the function.
   */
  public addOwn(statement: iam.PolicyStatement): void {
    if (this.role instanceof LeastPrivilegeRole) this.role._addInline(statement);
    else this.role.addToPrincipalPolicy(statement);
  }

  /** Removes a statement of a default; a role that is not a LeastPrivilegeRole retains it. */
  public withdraw(statement: iam.PolicyStatement): void {
    if (this.role instanceof LeastPrivilegeRole) this.role._withdraw(statement);
  }

  /** The policy of a log group or key of the user may name the role, which an inline statement on it would turn into a cycle. */
  private grantLog(logGroup: logs.ILogGroup): void {
    if (this.props.logGroup || this.props.logEncryptionKey) {
      logGroup.grantWrite(this.role);
    } else {
      this.addOwn(new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }));
    }
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice */
  private grantNetworkInterfaces(): void {
    const allow = new iam.PolicyStatement({ actions: ENI_ACTIONS, resources: ['*'] });
    if (this.role instanceof LeastPrivilegeRole) {
      this.role.allowWildcard(allow,
        'Lambda creates the network interfaces with this role before they have names; the same actions are denied to the function\'s code');
    } else {
      this.role.addToPrincipalPolicy(allow);
    }
    this.addOwn(new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      actions: DENIED_TO_CODE,
      resources: ['*'],
      // Any function: only one function has this role, and the function's ARN in its own role would be a cycle.
      conditions: {
        ArnLike: { 'lambda:SourceFunctionArn': `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:*` },
      },
    }));
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html */
  private grantDecryption(key: kms.IKeyRef): void {
    this.role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyRef.keyArn] }));
  }

  /** In a separate policy, which the function does not depend on: the policy names the function, which depends on its role. */
  private grantDurableExecution({ functionArn }: lambda.Function): void {
    const executions = `${functionArn}:*`;
    const policy = new iam.Policy(this.owner, 'DurableExecution', {
      statements: [new iam.PolicyStatement({
        actions: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
        resources: [functionArn, executions],
      })],
    });
    this.role.attachInlinePolicy(policy);
    Validations.of(policy).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::${flattenReference(Stack.of(policy).resolve(executions))}]`,
      reason: 'the executions of this function, whose names are not known before the function runs',
    });
  }
}
