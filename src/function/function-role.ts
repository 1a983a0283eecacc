import { Aws, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { ProductionFunction, ProductionFunctionProps } from './production-function';
import { LeastPrivilegeRole } from '../permission';
import { flatReference } from '../private/flat-reference';

/** What Lambda itself calls, under the function's role, to give the function its network interfaces. */
const ENI_ACTIONS = [
  'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
];
/** What the function's own code is kept from, though its role has it. */
const DENIED_TO_CODE = [...ENI_ACTIONS, 'ec2:DetachNetworkInterface'];

/** The role of one function: made here unless given, and granted what the function's props need. */
export class FunctionRole {
  public readonly role: iam.IRole;

  constructor(private readonly owner: ProductionFunction, private readonly props: ProductionFunctionProps) {
    this.role = props.role ?? new LeastPrivilegeRole(owner, 'ServiceRole');
  }

  /** X-Ray, dead-letter queue and file system are granted by `lambda.Function` itself. */
  public grantOwnNeeds(logGroup: logs.ILogGroup): void {
    this.grantLog(logGroup);
    if (this.props.vpc) this.grantNetworkInterfaces();
    if (this.props.environmentEncryption) this.grantDecryption(this.props.environmentEncryption);
    if (this.props.durableConfig) this.grantDurableExecution();
  }

  /**
   * Adds what the function itself needs, on nothing that could name the role in turn: in the role made here it stands
   * inline, and is there before the function.
   */
  public addOwn(statement: iam.PolicyStatement): void {
    if (this.role instanceof LeastPrivilegeRole) this.role._addInline(statement);
    else this.role.addToPrincipalPolicy(statement);
  }

  /** Takes back what a default was granted; a role that was passed in keeps it. */
  public withdraw(statement: iam.PolicyStatement): void {
    if (this.role instanceof LeastPrivilegeRole) this.role._withdraw(statement);
  }

  /** A log group of the user's, or a key on it, may have a policy that names the role. */
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
      this.role.allowWildcard(allow, 'Lambda makes the network interfaces under this role before they have names; the function\'s own code is denied the same');
    } else {
      this.role.addToPrincipalPolicy(allow);
    }
    this.addOwn(new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      actions: DENIED_TO_CODE,
      resources: ['*'],
      // Any function: the role serves one, and the function's own ARN in its role would be a cycle.
      conditions: {
        ArnLike: { 'lambda:SourceFunctionArn': `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:*` },
      },
    }));
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html */
  private grantDecryption(key: kms.IKeyRef): void {
    this.role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyRef.keyArn] }));
  }

  /** In a policy of its own that the function does not wait for: it names the function, which waits for its role. */
  private grantDurableExecution(): void {
    const { functionArn } = this.owner.definition;
    const executions = `${functionArn}:*`;
    const policy = new iam.Policy(this.owner, 'DurableExecution', {
      statements: [new iam.PolicyStatement({
        actions: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
        resources: [functionArn, executions],
      })],
    });
    this.role.attachInlinePolicy(policy);
    Validations.of(policy).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::${flatReference(Stack.of(policy).resolve(executions))}]`,
      reason: 'the executions of this one function, whose names come into being as it runs',
    });
  }
}
