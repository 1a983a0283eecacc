import { Validations } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { sharedInStack } from '../private/shared';

/**
 * What all canaries of a stack share: one CodeDeploy application and the role under which CodeDeploy shifts traffic.
 *
 * The role refers to no function, so functions of a stack may depend on each other's aliases in any order.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html
 */
export class ReleaseGroup extends Construct {
  /**
   * The stack's group, made at the first call.
   *
   * @param scope Any construct of the stack
   */
  public static of(scope: Construct): ReleaseGroup {
    return sharedInStack(scope, 'Release', home => new ReleaseGroup(home, 'Release'));
  }

  /**
   * The application that holds the deployment group of every canary.
   */
  public readonly application: codedeploy.ILambdaApplication;

  /**
   * The role that CodeDeploy assumes.
   */
  public readonly role: iam.IRole;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    this.application = new codedeploy.LambdaApplication(this, 'Application');
    this.role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com') });
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
      reason: 'the policy that AWS maintains for CodeDeploy on Lambda; a copy of ours would break releases when CodeDeploy needs more',
    });
  }
}
