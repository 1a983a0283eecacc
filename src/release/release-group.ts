import { Validations } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { stackSingleton } from '../private/stack-singleton';

/**
 * The CodeDeploy application that all canary aliases of a stack share, and the role with which CodeDeploy shifts traffic.
 *
 * The role refers to no function, so that functions of a stack may depend on each other's aliases in any order.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html
 */
export class ReleaseGroup extends Construct {
  /** Returns the group of the stack and creates it at the first call. */
  public static getOrCreate(scope: Construct): ReleaseGroup {
    return stackSingleton(scope, 'Release', home => new ReleaseGroup(home, 'Release'));
  }

  /** The application with the deployment groups of all canary aliases. */
  public readonly application: codedeploy.ILambdaApplication;

  /** The role that CodeDeploy assumes. */
  public readonly role: iam.IRole;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    this.application = new codedeploy.LambdaApplication(this, 'Application');
    this.role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com') });
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
      reason: 'AWS maintains this policy for CodeDeploy on Lambda; a copy of it would break releases when CodeDeploy needs more permissions',
    });
  }
}
