import { aws_autoscaling as autoscaling, aws_autoscaling_hooktargets as hooktargets, aws_cloudtrail as cloudtrail, aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, aws_codepipeline_actions as pipeline_actions, aws_ec2 as ec2, aws_ecs as ecs, aws_iam as iam, aws_lambda as lambda, aws_logs as logs, aws_pipes as pipes, aws_s3 as s3, aws_secretsmanager as secretsmanager, aws_sns as sns, aws_sqs as sqs, aws_stepfunctions as sfn, custom_resources as cr, CustomResource } from 'aws-cdk-lib';
import type { Consumer } from './consumers';
import { plainFunction } from './plain-function';

/** Deployments, custom resources, rotation, pipes and what else of the platform calls functions. */
export const PLATFORM_CONSUMERS: Consumer[] = [
  {
    name: 'custom resource provider',
    types: ['custom_resources.ProviderProps', 'custom_resources.WaiterStateMachineProps'],
    attach: (stack, fn) => {
      const provider = new cr.Provider(stack, 'Provider', { onEventHandler: fn, isCompleteHandler: fn });
      return new CustomResource(stack, 'Custom', { serviceToken: provider.serviceToken });
    },
  },
  {
    name: 'CodeDeploy hooks of another function',
    types: ['aws_codedeploy.LambdaDeploymentGroup', 'aws_codedeploy.LambdaDeploymentGroupProps'],
    attach: (stack, fn) => new codedeploy.LambdaDeploymentGroup(stack, 'Group', {
      alias: plainFunction(stack, 'Other').addAlias('live'), preHook: fn, postHook: fn,
    }),
  },
  {
    name: 'CodePipeline invoke action',
    types: ['aws_codepipeline_actions.LambdaInvokeActionProps'],
    attach: (stack, fn) => {
      const output = new codepipeline.Artifact();
      const bucket = new s3.Bucket(stack, 'Source', { versioned: true });
      return new codepipeline.Pipeline(stack, 'Pipeline', {
        stages: [
          { stageName: 'Source', actions: [new pipeline_actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'source.zip', output, trigger: pipeline_actions.S3Trigger.NONE })] },
          { stageName: 'Invoke', actions: [new pipeline_actions.LambdaInvokeAction({ actionName: 'Invoke', lambda: fn })] },
        ],
      });
    },
  },
  {
    name: 'secret rotation',
    types: ['aws_secretsmanager.RotationScheduleOptions'],
    attach: (stack, fn) => new secretsmanager.Secret(stack, 'Secret').addRotationSchedule('Rotation', { rotationLambda: fn }),
  },
  {
    name: 'ECS deployment lifecycle hook',
    types: ['aws_ecs.DeploymentLifecycleLambdaTarget'],
    attach: (stack, fn) => {
      const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
      taskDefinition.addContainer('App', { image: ecs.ContainerImage.fromRegistry('nginx') });
      const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'Vpc') });
      new ecs.FargateService(stack, 'Service', { cluster, taskDefinition, minHealthyPercent: 100 }).addLifecycleHook(
        new ecs.DeploymentLifecycleLambdaTarget(fn, 'Hook', { lifecycleStages: [ecs.DeploymentLifecycleStage.PRE_SCALE_UP] }),
      );
    },
  },
  {
    name: 'auto scaling lifecycle hook',
    types: ['aws_autoscaling_hooktargets.FunctionHook'],
    attach: (stack, fn) => new autoscaling.AutoScalingGroup(stack, 'Group', {
      vpc: new ec2.Vpc(stack, 'Vpc'), instanceType: new ec2.InstanceType('t4g.micro'), machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-1' }),
    }).addLifecycleHook('Hook', { lifecycleTransition: autoscaling.LifecycleTransition.INSTANCE_LAUNCHING, notificationTarget: new hooktargets.FunctionHook(fn) }),
  },
  {
    name: 'CloudTrail data events',
    types: ['aws_cloudtrail.Trail'],
    attach: (stack, fn) => new cloudtrail.Trail(stack, 'Trail').addLambdaEventSelector([fn]),
  },
  {
    name: 'Pipes',
    types: ['aws_pipes.CfnPipeProps'],
    attach: (stack, fn) => new pipes.CfnPipe(stack, 'Pipe', {
      source: new sqs.Queue(stack, 'Queue').queueArn,
      enrichment: fn,
      target: fn,
      roleArn: new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('pipes.amazonaws.com') }).roleArn,
    }),
  },
  {
    name: 'SNS subscription by its L1',
    types: ['aws_sns.CfnSubscriptionProps'],
    attach: (stack, fn) => new sns.CfnSubscription(stack, 'Subscription', { topicArn: new sns.Topic(stack, 'Topic').topicArn, protocol: 'lambda', endpoint: fn }),
  },
  {
    name: 'CloudWatch Logs by its L1s',
    types: ['aws_logs.CfnSubscriptionFilterProps', 'aws_logs.CfnDestinationProps'],
    attach: (stack, fn) => {
      const { logGroupName } = new logs.LogGroup(stack, 'Audit');
      new logs.CfnSubscriptionFilter(stack, 'Filter', { logGroupName, filterPattern: '', destinationArn: fn });
      return new logs.CfnDestination(stack, 'Destination', { destinationName: 'audit', roleArn: 'arn:aws:iam::123456789012:role/logs', targetArn: fn });
    },
  },
  {
    name: 'event source mapping and permission by their L1s',
    types: ['aws_lambda.CfnEventSourceMappingProps', 'aws_lambda.CfnPermissionProps', 'aws_lambda.EventSourceMappingProps'],
    attach: (stack, fn) => {
      const { queueArn } = new sqs.Queue(stack, 'Queue');
      new lambda.CfnPermission(stack, 'Permission', { action: 'lambda:InvokeFunction', principal: 's3.amazonaws.com', functionName: fn });
      new lambda.EventSourceMapping(stack, 'L2', { target: fn, eventSourceArn: queueArn });
      return new lambda.CfnEventSourceMapping(stack, 'L1', { eventSourceArn: queueArn, functionName: fn.functionArn });
    },
  },
  {
    name: 'state machine by its L1',
    types: ['aws_stepfunctions.CfnStateMachineProps'],
    attach: (stack, fn) => new sfn.CfnStateMachine(stack, 'Machine', {
      roleArn: 'arn:aws:iam::123456789012:role/machine', definition: { StartAt: 'Pay', States: { Pay: { Type: 'Task', Resource: fn.functionArn, End: true } } },
    }),
  },
  {
    name: 'grants',
    types: ['aws_lambda.IFunction'],
    attach: (stack, fn) => {
      fn.grantInvoke(new iam.User(stack, 'Caller'));
      fn.grantInvoke(new iam.ServicePrincipal('s3.amazonaws.com'));
      fn.grantInvokeCompositePrincipal(new iam.CompositePrincipal(new iam.AccountPrincipal('123456789012'), new iam.ServicePrincipal('sns.amazonaws.com')));
    },
  },
];
