import { Match } from '@aws-cdk/integ-tests-alpha';
import { Proof } from './proof';
import { ReleaseGroup } from '../../src';

/** Two functions have their deployment groups in the one application of the stack, under its one role. */
export const proof = new Proof('ReleaseGroup');
const functions = ['Pay', 'Refund'].map(id => proof.function(id, 'return 1;'));
const { application } = ReleaseGroup.of(proof.stack);
const names = functions.map(({ live }) => live.deploymentGroup.deploymentGroupName);

proof.becomes(
  'CodeDeploy', 'listDeploymentGroups', { applicationName: application.applicationName }, 'codedeploy:ListDeploymentGroups', [application.applicationArn],
  { deploymentGroups: Match.arrayWith(names) },
);
