import { RemovalPolicy } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Proof } from './proof';
import { CanaryAlias, ReleaseGroup, SmokeTest } from '../../src';

/**
 * The alias of a plain function is there, and its deployment group goes back on failure, stop and alarm. Change the code
 * and deploy again to see a release: the hook of the smoke test runs before the traffic moves.
 */
export const proof = new Proof('CanaryAlias');
const fn = new lambda.Function(proof.stack, 'Fn', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline("exports.handler = async () => 'well';"),
  logGroup: new logs.LogGroup(proof.stack, 'Logs', { retention: logs.RetentionDays.ONE_DAY, removalPolicy: RemovalPolicy.DESTROY }),
});
const live = new CanaryAlias(proof.stack, 'Live', {
  function: fn, preTraffic: SmokeTest.invoke(), deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
});
const { application } = ReleaseGroup.of(proof.stack);

proof.answers(live, {}, 'well');
proof.becomes(
  'CodeDeploy', 'getDeploymentGroup', { applicationName: application.applicationName, deploymentGroupName: live.deploymentGroup.deploymentGroupName },
  'codedeploy:GetDeploymentGroup', [live.deploymentGroup.deploymentGroupArn],
  { deploymentGroupInfo: { autoRollbackConfiguration: { enabled: true }, alarmConfiguration: { enabled: true } } },
);
