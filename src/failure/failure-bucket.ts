import { Aws, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { DEFAULTS } from '../limits';
import { sharedInStack } from '../private/shared';
import { Profile } from '../profile';

const D = DEFAULTS.FailureBucket;

/**
 * Properties of a FailureBucket.
 */
export interface FailureBucketProps {
  /**
   * A key of your own for the records. The functions whose records land here are granted its use.
   *
   * @default - S3 encrypts with a key of its own (SSE-S3)
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What happens to the bucket when it leaves the stack. S3 deletes no bucket that holds objects.
   *
   * @default - that of the profile: RemovalPolicy.RETAIN, or in a sandbox RemovalPolicy.DESTROY with its objects
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Where records of a stream go that a function could not handle: the whole batch, with the error.
 *
 * In the account appears a bucket that nobody outside the account can read, encrypted, by TLS only, whose objects expire
 * after 30 days. A stack needs one: `FailureBucket.of(scope)` returns it, and every StreamConsumer uses it unless it is
 * given another. Lambda writes `aws/lambda/<mapping>/<shard>/<date>/…`, so that each consumer's records are found.
 *
 * S3 is the one destination that gets the records themselves: SQS and SNS only get their place in the stream, where they
 * expire.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 * @example
 * new cloudwatch.Dashboard(this, 'Failures').addWidgets(new cloudwatch.TextWidget({
 *   markdown: `Discarded records: ${FailureBucket.of(this).bucketName}`,
 * }));
 */
export class FailureBucket extends s3.Bucket implements lambda.IEventSourceDlq {
  /**
   * The bucket that all stream consumers of a stack share, made at the first call.
   *
   * @param scope Any construct of the stack
   */
  public static of(scope: Construct): FailureBucket {
    return sharedInStack(scope, 'FailureBucket', home => new FailureBucket(home, 'FailureBucket'));
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
      reason: 'Lambda writes discarded records and operators read them, which CloudTrail data events tell with the caller; access logs would need a bucket of their own',
    });
  }

  /**
   * Makes the bucket the destination of an event source mapping, with the two permissions that AWS asks for instead of
   * the read and write that CDK grants.
   *
   * @param _target The mapping
   * @param targetHandler The function whose role writes
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
      reason: 'Lambda names each object of discarded records itself, below this prefix',
    });
  }
}
