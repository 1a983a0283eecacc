/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as codepipelineActions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as nodejs from 'aws-cdk-lib/aws-lambda-nodejs';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import * as cr from 'aws-cdk-lib/custom-resources';
import * as pipelines from 'aws-cdk-lib/pipelines';
import * as triggers from 'aws-cdk-lib/triggers';
import { careful, plain } from './apps';

/** Apps with functions of CDK, which users cannot change, beside functions of the app. */
export const HELPER_APPS: Record<string, (stack: Stack) => void> = {
  'provider framework with a handler that waits': stack => {
    const provider = new cr.Provider(stack, 'Provider', { onEventHandler: careful(stack, 'OnEvent'), isCompleteHandler: careful(stack, 'IsComplete'), queryInterval: Duration.seconds(10), totalTimeout: Duration.minutes(30) });
    new CustomResource(stack, 'Resource', { serviceToken: provider.serviceToken });
  },

  'provider framework from the tutorial': stack => {
    const provider = new cr.Provider(stack, 'Provider', { onEventHandler: plain(stack, 'OnEvent'), logRetention: logs.RetentionDays.ONE_DAY });
    new CustomResource(stack, 'Resource', { serviceToken: provider.serviceToken, resourceType: 'Custom::Thing' });
  },

  'AwsCustomResource': stack => {
    new cr.AwsCustomResource(stack, 'Call', {
      onUpdate: { service: 'SSM', action: 'getParameter', parameters: { Name: 'x' }, physicalResourceId: cr.PhysicalResourceId.of('x') },
      policy: cr.AwsCustomResourcePolicy.fromSdkCalls({ resources: cr.AwsCustomResourcePolicy.ANY_RESOURCE }),
    });
  },

  'site with BucketDeployment, and buckets and repositories that CDK empties': stack => {
    const site = new s3.Bucket(stack, 'Site', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
    const distribution = new cloudfront.Distribution(stack, 'Cdn', { defaultBehavior: { origin: origins.S3BucketOrigin.withOriginAccessControl(site) } });
    new s3deploy.BucketDeployment(stack, 'Deploy', { destinationBucket: site, sources: [s3deploy.Source.data('index.html', '<p>hello</p>')], distribution });
    new ecr.Repository(stack, 'Images', { removalPolicy: RemovalPolicy.DESTROY, emptyOnDelete: true });
  },

  'trigger after deployment': stack => {
    new triggers.TriggerFunction(stack, 'Migrate', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {}'), timeout: Duration.minutes(5) });
    new triggers.Trigger(stack, 'Warm', { handler: careful(stack, 'WarmFn') });
  },

  'restricted default security group, global table, secret with a hosted rotation': stack => {
    stack.node.setContext('@aws-cdk/aws-ec2:restrictDefaultSecurityGroup', true);
    const vpc = new ec2.Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: true });
    new dynamodb.Table(stack, 'Global', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, replicationRegions: ['eu-central-1'] });
    const database = new rds.DatabaseInstance(stack, 'Db', { vpc, engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16_6 }), storageEncrypted: true, deletionProtection: true, backupRetention: Duration.days(14), multiAz: true });
    database.addRotationSingleUser();
  },

  'singleton function behind a rule': stack => {
    const fn = new lambda.SingletonFunction(stack, 'Once', { uuid: '8a4f7a3e-7a70-4bd1-9d6b-2f8f6f8b9c11', runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {}'), timeout: Duration.seconds(20) });
    new events.Rule(stack, 'Nightly', { schedule: events.Schedule.cron({ hour: '2' }), targets: [new targets.LambdaFunction(fn)] });
  },

  'NodejsFunction with log retention': stack => {
    new nodejs.NodejsFunction(stack, 'Handler', { entry: `${__dirname}/handler.ts`, runtime: lambda.Runtime.NODEJS_24_X, bundling: { minify: true, sourceMap: true }, logRetention: logs.RetentionDays.ONE_WEEK, environment: { NODE_OPTIONS: '--enable-source-maps' } });
  },

  'CDK pipeline with a function in its stage': stack => {
    const source = pipelines.CodePipelineSource.s3(s3.Bucket.fromBucketName(stack, 'Source', 'source'), 'source.zip');
    new pipelines.CodePipeline(stack, 'Pipeline', { synth: new pipelines.ShellStep('Synth', { input: source, commands: ['npx cdk synth'] }) });
  },

  'pipeline that invokes a function': stack => {
    const artifact = new codepipeline.Artifact();
    const fn = careful(stack, 'Check');
    new codepipeline.Pipeline(stack, 'Pipeline', {
      stages: [
        { stageName: 'Source', actions: [new codepipelineActions.S3SourceAction({ actionName: 'Source', bucket: s3.Bucket.fromBucketName(stack, 'Source', 'source'), bucketKey: 'x.zip', output: artifact })] },
        { stageName: 'Check', actions: [new codepipelineActions.LambdaInvokeAction({ actionName: 'Check', lambda: fn, inputs: [artifact] })] },
      ],
    });
    fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['codepipeline:PutJobSuccessResult', 'codepipeline:PutJobFailureResult'], resources: ['*'] }));
  },
};
