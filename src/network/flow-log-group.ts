import { type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { Profile } from '../profile';

/** How long flow logs are kept and what happens to them with the stack. The one place where both are read. */
export interface FlowLogSettings {
  readonly flowLogRetention?: logs.RetentionDays;
  readonly flowLogRemovalPolicy?: RemovalPolicy;
  readonly flowLogEncryptionKey?: kms.IKey;
}

/** The log group of a network's flow logs. */
export class FlowLogGroup {
  public static of(scope: Construct, settings: FlowLogSettings): logs.LogGroup {
    if (settings.flowLogEncryptionKey) letCloudWatchLogsUse(settings.flowLogEncryptionKey, scope);
    const profile = Profile.of(scope);
    return new logs.LogGroup(scope, 'FlowLogGroup', {
      retention: settings.flowLogRetention ?? profile.logRetention,
      removalPolicy: settings.flowLogRemovalPolicy ?? profile.removalPolicy,
      encryptionKey: settings.flowLogEncryptionKey,
    });
  }
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
function letCloudWatchLogsUse(key: kms.IKey, owner: Construct): void {
  const stack = Stack.of(owner);
  const { statementAdded } = key.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
    actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': stack.formatArn({ service: 'logs', resource: 'log-group:*' }) } },
  }));
  if (!statementAdded) {
    Validations.of(owner).addWarning(
      'cdk-production-lambda:PrivateNetwork.importedLogKey',
      "the policy of an imported 'flowLogEncryptionKey' can't be changed from here; it must allow logs.<region>.amazonaws.com to encrypt and decrypt, or the log group can't be created",
    );
  }
}
