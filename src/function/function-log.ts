import { Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { ProductionFunction, ProductionFunctionProps } from './production-function';
import { Profile } from '../profile';

/**
 * The function's log group. It exists before the function, so that Lambda never makes one that is kept for ever, and
 * has a generated name, so that nothing already in the account is in its way.
 */
export class FunctionLog {
  public readonly logGroup: logs.ILogGroupRef;

  constructor(owner: ProductionFunction, props: ProductionFunctionProps) {
    const profile = Profile.of(owner);
    this.logGroup = props.logGroup ?? new logs.LogGroup(owner, 'Logs', {
      retention: props.logRetention ?? profile.logRetention,
      removalPolicy: props.logRemovalPolicy ?? profile.removalPolicy,
      encryptionKey: props.logEncryptionKey,
    });
    if (props.logEncryptionKey) letCloudWatchLogsUse(props.logEncryptionKey, owner);
  }
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
function letCloudWatchLogsUse(key: kms.IKey, owner: ProductionFunction): void {
  const { region, urlSuffix } = Stack.of(owner);
  const logGroups = Stack.of(owner).formatArn({ service: 'logs', resource: 'log-group:*' });
  const { statementAdded } = key.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(`logs.${region}.${urlSuffix}`)],
    actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    resources: ['*'],
    // The name of the log group is generated, and the group needs the key: its own ARN here would be a cycle.
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
  }));
  if (!statementAdded) {
    Validations.of(owner).addWarning(
      'cdk-production-lambda:ProductionFunction.importedLogKey',
      "the policy of an imported 'logEncryptionKey' can't be changed from here; it must allow logs.<region>.amazonaws.com to encrypt and decrypt, or the log group can't be created",
    );
  }
}
