import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ProductionFunctionProps } from './production-function-props';
import { allowCloudWatchLogs } from '../private/log-groups';
import { Profile } from '../profile';

/**
 * Creates the function's log group. The function depends on it, so that Lambda never creates a group that is retained
 * indefinitely. Its name is generated and so cannot conflict with a log group of the account.
 */
export function createLogGroup(owner: Construct, props: ProductionFunctionProps): logs.ILogGroup {
  const profile = Profile.of(owner);
  const logGroup = new logs.LogGroup(owner, 'Logs', {
    retention: props.logRetention ?? profile.logRetention,
    removalPolicy: props.logRemovalPolicy ?? profile.removalPolicy,
    encryptionKey: props.logEncryptionKey,
  });
  if (props.logEncryptionKey) {
    allowCloudWatchLogs(owner, props.logEncryptionKey, 'logEncryptionKey', 'cdk-production-lambda:ProductionFunction.importedLogKey');
  }
  return logGroup;
}
