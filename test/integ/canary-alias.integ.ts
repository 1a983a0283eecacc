import { RemovalPolicy } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Proof } from './proof';
import { CanaryAlias, SmokeTest } from '../../src';
import { ReleaseGroup } from '../../src/release/release-group';

/**
 * The alias of a plain function responds, and its deployment group rolls back on failure, stop and alarm. Change the code
 * and deploy again to see a release: the hook of the smoke test runs before the traffic shifts.
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
const { application } = ReleaseGroup.getOrCreate(proof.stack);

proof.answers(live, {}, 'well');
proof.becomes(
  'CodeDeploy', 'getDeploymentGroup', { applicationName: application.applicationName, deploymentGroupName: live.deploymentGroup.deploymentGroupName },
  'codedeploy:GetDeploymentGroup', [live.deploymentGroup.deploymentGroupArn],
  { deploymentGroupInfo: { autoRollbackConfiguration: { enabled: true }, alarmConfiguration: { enabled: true } } },
);
