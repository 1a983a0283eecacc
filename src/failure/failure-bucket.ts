import { Aws, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { FailureBucketProps } from './failure-bucket-props';
import { DEFAULTS } from '../defaults';
import { stackSingleton } from '../private/stack-singleton';
import { Profile } from '../profile';

const D = DEFAULTS.FailureBucket;

/**
 * A bucket for stream records that a function failed to process: the whole batch, with the error.
 *
 * Creates a private bucket, encrypted, TLS only, whose objects expire after 30 days. One bucket per stack is enough:
 * `FailureBucket.getOrCreate(scope)` returns it, and every StreamConsumer without `onFailure` uses it. Lambda writes to
 * `aws/lambda/<mapping>/<shard>/<date>/…`, so the records of each consumer are separate.
 *
 * S3 is the only destination that receives the records. SQS and SNS receive their position in the stream, where the
 * records expire.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 * @example
 * new cloudwatch.Dashboard(this, 'Failures').addWidgets(new cloudwatch.TextWidget({
 *   markdown: `Discarded records: ${FailureBucket.getOrCreate(this).bucketName}`,
 * }));
 */
export class FailureBucket extends s3.Bucket implements lambda.IEventSourceDlq {
  /**
   * Returns the bucket that all stream consumers of a stack share. The first call creates it.
   *
   * @param scope Any construct of the stack
   */
  public static getOrCreate(scope: Construct): FailureBucket {
    return stackSingleton(scope, 'FailureBucket', home => new FailureBucket(home, 'FailureBucket'));
  }

  constructor(scope: Construct, id: string, props: FailureBucketProps = {}) {
    const profile = Profile.of(scope);
    const removalPolicy = props.removalPolicy ?? profile.removalPolicy;
    super(scope, id, {
      encryption: props.encryptionKey ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
      encryptionKey: props.encryptionKey,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: D.enforceSSL.value,
      lifecycleRules: [{ expiration: Duration.days(D.expirationDays.value), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy,
      autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY && profile.emptyBuckets,
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason: 'Lambda writes discarded records and operators read them; '
        + 'CloudTrail data events record both with the caller, access logs need another bucket',
    });
  }

  /**
   * Configures the bucket as the on-failure destination of an event source mapping. Grants the two permissions that
   * Lambda requires, instead of the read and write permissions that CDK grants.
   *
   * @param _target The event source mapping
   * @param targetHandler The function whose role writes the records
   */
  public bind(_target: lambda.IEventSourceMapping, targetHandler: lambda.IFunction): lambda.DlqDestinationConfig {
    const conditions = { StringEquals: { 's3:ResourceAccount': Aws.ACCOUNT_ID } };
    const objects = `${this.bucketArn}/aws/lambda/*`;
    targetHandler.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [objects], conditions }));
    targetHandler.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucketArn], conditions }));
    if (this.encryptionKey) this.encryptionKey.grant(targetHandler, 'kms:GenerateDataKey');
    if (targetHandler.role) this.acknowledgeObjects(targetHandler.role);
    return { destination: this.bucketArn };
  }

  private acknowledgeObjects(role: iam.IRole): void {
    const resource = Stack.of(role).resolve((this.node.defaultChild as s3.CfnBucket).logicalId);
    Validations.of(role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${resource}.Arn>/aws/lambda/*]`,
      reason: 'Lambda chooses the names of the objects under this prefix',
    });
  }
}
