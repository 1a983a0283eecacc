import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { PrivateNetworkProps } from './private-network-props';
import { allowCloudWatchLogs } from '../private/log-groups';
import { Profile } from '../profile';

/** Creates the log group of the flow logs of a network. */
export function createFlowLogGroup(scope: Construct, { flowLogEncryptionKey: encryptionKey, ...props }: PrivateNetworkProps): logs.LogGroup {
  if (encryptionKey) allowCloudWatchLogs(scope, encryptionKey, 'flowLogEncryptionKey', 'cdk-production-lambda:PrivateNetwork.importedLogKey');
  const profile = Profile.of(scope);
  return new logs.LogGroup(scope, 'FlowLogGroup', {
    retention: props.flowLogRetention ?? profile.logRetention,
    removalPolicy: props.flowLogRemovalPolicy ?? profile.removalPolicy,
    encryptionKey,
  });
}
