/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { allow, att, fn, queue, r, ref, role } from './harness';
import type { RuleCase } from './harness';

const trusting = (characters: number) => r('AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { AWS: 'x'.repeat(characters) }, Action: 'sts:AssumeRole' }] } });

/** The rules about policies and the keys of other resources. */
export const POLICY_FOUNDATION: RuleCase[] = [
  {
    id: 'LP-F72',
    name: 'for an ARN that is everything, NotAction and NotResource',
    fails: {
      Fn: fn(),
      Role: role([
        allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::*'), allow('dynamodb:DeleteItem', 'arn:aws:dynamodb:*:*:table/*'),
        { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, { Effect: 'Allow', Action: 's3:GetObject', NotResource: 'arn:aws:s3:::b/*' },
        allow('s3:List*'), allow('secretsmanager:GetSecretValue', '*', { Condition: { Bool: { 'aws:SecureTransport': true } } }),
      ]),
    },
    passes: {
      Fn: fn(),
      Role: role([
        allow('s3:GetObject', ['arn:aws:s3:::b/*', { 'Fn::Sub': 'arn:aws:s3:::${Bucket}/*' }, { Ref: 'Given' }]), allow('ec2:Describe*'), allow('logs:PutLogEvents', 'arn:aws:logs:*:*:*'),
        allow(['states:SendTaskSuccess', 'kafka:GetBootstrapBrokers', 'ssm:GetCommandInvocation', 'ec2:CreateNetworkInterface']),
        allow('secretsmanager:GetSecretValue', '*', { Condition: { StringEquals: { 'aws:ResourceTag/team': 'shop' } } }),
        allow('ecs:ListTasks', '*', { Condition: { ArnEquals: { 'ecs:cluster': att('Cluster') } } }), allow('s3:GetObject', '*', { Condition: { Ref: 'Given' } }),
        { Effect: 'Deny', NotAction: 'iam:*', Resource: '*' },
      ]),
    },
    says: [
      "'Policies.0.PolicyDocument.Statement.0.Resource' must list resources for Fn, got arn:aws:s3:::* for s3:GetObject, s3:PutObject; list the actions and the resources (at Role)",
      "'Policies.0.PolicyDocument.Statement.1.Resource' must list resources for Fn, got arn:aws:dynamodb:*:*:table/* for dynamodb:DeleteItem; list the actions and the resources (at Role)",
      "'Policies.0.PolicyDocument.Statement.2.NotAction' must not be set for Fn, because it allows everything else, got 'iam:*'; list the actions and the resources (at Role)",
      "'Policies.0.PolicyDocument.Statement.3.NotResource' must not be set for Fn, because it allows everything else, got 'arn:aws:s3:::b/*'; list the actions and the resources (at Role)",
      "'Policies.0.PolicyDocument.Statement.4.Resource' must list resources for Fn, got * for s3:List*; list the actions and the resources (at Role)",
      "'Policies.0.PolicyDocument.Statement.5.Resource' must list resources for Fn, got * for secretsmanager:GetSecretValue; list the actions and the resources (at Role)",
    ],
  },
  {
    id: 'LP-F72',
    name: 'for managed policies',
    fails: {
      Fn: fn(),
      Own: r('AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: [allow('s3:*')] } }),
      Role: role([], { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess', { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AmazonS3FullAccess' }, ref('Own')] }),
    },
    passes: {
      Fn: fn(),
      Own: r('AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: [allow('s3:GetObject', 'arn:aws:s3:::b/*')] } }),
      Role: role([], {
        ManagedPolicyArns: [
          'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess',
          'arn:aws:iam::123456789012:policy/team', ref('Own'), ref('Given'), { 'Fn::ImportValue': 'policy' },
        ],
      }),
    },
    says: [
      "'PolicyDocument.Statement.0.Action' must list actions for Fn, got s3:*; list the actions and the resources (at Own)",
      "'ManagedPolicyArns' must allow single actions and resources for Fn, got AdministratorAccess, AmazonS3FullAccess; replace it by statements with the actions and the resources (at Role)",
    ],
  },
  {
    id: 'LP-F101',
    fails: {
      Rule: r('AWS::Events::Rule', { Targets: [{ Id: 'a', Arn: att('Fn'), DeadLetterConfig: { Arn: att('Dead') } }] }),
      Fn: fn(),
      Dead: queue({ KmsMasterKeyId: att('Key') }),
      Key: r('AWS::KMS::Key', { KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::1:root' }, Action: 'kms:*', Resource: '*' }] } }),
      Alarm: r('AWS::CloudWatch::Alarm', { AlarmActions: [ref('Topic')], OKActions: [ref('Managed')] }),
      Topic: r('AWS::SNS::Topic', { KmsMasterKeyId: ref('Alias') }),
      Alias: r('AWS::KMS::Alias', { AliasName: 'alias/x', TargetKeyId: ref('Half') }),
      Half: r('AWS::KMS::Key', { KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::1:root' }, Action: 'kms:*', Resource: '*' }, { Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: 'kms:Decrypt', Resource: '*' }] } }),
      Managed: r('AWS::SNS::Topic', { KmsMasterKeyId: 'alias/aws/sns' }),
    },
    passes: {
      Rule: r('AWS::Events::Rule', { Targets: [{ Id: 'a', Arn: att('Fn'), DeadLetterConfig: { Arn: att('Dead') } }, { Id: 'b', Arn: att('Open') }] }),
      Fn: fn(),
      Dead: queue({ KmsMasterKeyId: att('Key') }),
      Key: r('AWS::KMS::Key', { KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::1:root' }, Action: 'kms:*', Resource: '*' }, { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: ['kms:GenerateDataKey*', 'kms:Decrypt'], Resource: '*' }] } }),
      Open: queue({ KmsMasterKeyId: ref('Given'), SqsManagedSseEnabled: true }),
      Alarm: r('AWS::CloudWatch::Alarm', { AlarmActions: [ref('Topic'), 'arn:aws:sns:eu-west-1:1:theirs'] }),
      Topic: r('AWS::SNS::Topic', { KmsMasterKeyId: 'alias/mine' }),
      Plain: r('AWS::SNS::Topic'),
      Sub: r('AWS::SNS::Subscription', { Protocol: 'sqs', TopicArn: ref('Plain'), Endpoint: att('Box') }),
      Box: queue({ KmsMasterKeyId: att('Unknown') }),
      Unknown: r('AWS::KMS::Key', { KeyPolicy: ref('Given') }),
    },
    says: [
      "'Targets.0.DeadLetterConfig.Arn' must be encrypted with a key that events.amazonaws.com may use, got Dead with the key Key; use a customer managed key whose policy allows both actions to the service, or the encryption of SQS or SNS itself (at Rule)",
      "'AlarmActions' must be encrypted with a key that cloudwatch.amazonaws.com may use, got Topic with the key Half; use a customer managed key whose policy allows both actions to the service, or the encryption of SQS or SNS itself (at Alarm)",
      "'OKActions' must be encrypted with a key that cloudwatch.amazonaws.com may use, got Managed with the AWS managed key alias/aws/sns, whose policy cannot be changed; use a customer managed key whose policy allows both actions to the service, or the encryption of SQS or SNS itself (at Alarm)",
    ],
  },
  {
    id: 'LP-F101',
    name: 'with the ARN of an alias',
    fails: {
      Rule: r('AWS::Events::Rule', { Targets: [{ Id: 'a', Arn: att('Dead') }] }),
      Dead: queue({ KmsMasterKeyId: { 'Fn::Join': ['', ['arn:', ref('AWS::Partition'), ':kms:eu-west-1:1:alias/x']] } }),
      Alias: r('AWS::KMS::Alias', { AliasName: 'alias/x', TargetKeyId: att('Key') }),
      Key: r('AWS::KMS::Key', { KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::1:root' }, Action: 'kms:*', Resource: '*' }] } }),
    },
    passes: {
      Rule: r('AWS::Events::Rule', { Targets: [{ Id: 'a', Arn: att('Dead') }] }),
      Dead: queue({ KmsMasterKeyId: 'alias/theirs' }),
      Alias: r('AWS::KMS::Alias', { AliasName: 'alias/x', TargetKeyId: att('Key') }),
      Key: r('AWS::KMS::Key', { KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::1:root' }, Action: 'kms:*', Resource: '*' }] } }),
    },
    says: ["'Targets.0.Arn' must be encrypted with a key that events.amazonaws.com may use, got Dead with the key Key; use a customer managed key whose policy allows both actions to the service, or the encryption of SQS or SNS itself (at Rule)"],
  },
  {
    id: 'LP-F101',
    name: 'of a subscription and a bucket',
    fails: {
      Sub: r('AWS::SNS::Subscription', { Protocol: 'sqs', TopicArn: ref('Plain'), Endpoint: att('Box'), RedrivePolicy: { deadLetterTargetArn: att('Dead') } }),
      Plain: r('AWS::SNS::Topic'),
      Box: queue({ KmsMasterKeyId: att('Key') }),
      Dead: queue({ KmsMasterKeyId: att('Key') }),
      Key: r('AWS::KMS::Key', { KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::1:root' }, Action: 'kms:*', Resource: '*' }] } }),
      Bucket: r('AWS::S3::Bucket', { NotificationConfiguration: { QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: att('Box') }] } }),
      Made: r('Custom::S3BucketNotifications', { NotificationConfiguration: { TopicConfigurations: [{ Events: ['s3:ObjectCreated:*'], TopicArn: ref('Loud') }] } }),
      Loud: r('AWS::SNS::Topic', { KmsMasterKeyId: att('Key') }),
    },
    passes: {
      Sub: r('AWS::SNS::Subscription', { Protocol: 'sqs', TopicArn: ref('Plain'), Endpoint: att('Box') }),
      Plain: r('AWS::SNS::Topic'),
      Box: queue({ KmsMasterKeyId: att('Key') }),
      Key: r('AWS::KMS::Key', { KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::1:root' }, Action: 'kms:*', Resource: '*' }, { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: ['kms:GenerateDataKey*', 'kms:Decrypt'], Resource: '*' }] } }),
      Made: r('Custom::S3BucketNotifications', { NotificationConfiguration: { TopicConfigurations: [{ Events: ['s3:ObjectCreated:*'], TopicArn: ref('Loud') }] } }),
      Loud: r('AWS::SNS::Topic', { KmsMasterKeyId: att('Any') }),
      Any: r('AWS::KMS::Key', { KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }] } }),
    },
    says: [
      "'Endpoint' must be encrypted with a key that sns.amazonaws.com may use, got Box with the key Key; use a customer managed key whose policy allows both actions to the service, or the encryption of SQS or SNS itself (at Sub)",
      "'RedrivePolicy.deadLetterTargetArn' must be encrypted with a key that sns.amazonaws.com may use, got Dead with the key Key; use a customer managed key whose policy allows both actions to the service, or the encryption of SQS or SNS itself (at Sub)",
      "'NotificationConfiguration.QueueConfigurations' must be encrypted with a key that s3.amazonaws.com may use, got Box with the key Key; use a customer managed key whose policy allows both actions to the service, or the encryption of SQS or SNS itself (at Bucket)",
      "'NotificationConfiguration.TopicConfigurations' must be encrypted with a key that s3.amazonaws.com may use, got Loud with the key Key; use a customer managed key whose policy allows both actions to the service, or the encryption of SQS or SNS itself (at Made)",
    ],
  },
  {
    id: 'LP-F101',
    name: 'of a key with the default policy, a replica, the ARN of an AWS managed key, a denial, a bus and events of RDS',
    fails: {
      Bus: r('AWS::Events::EventBus', { Name: 'orders', DeadLetterConfig: { Arn: att('Dead') } }),
      Dead: queue({ KmsMasterKeyId: att('Default') }),
      Default: r('AWS::KMS::Key'),
      Rule: r('AWS::Events::Rule', { Targets: [{ Id: 'a', Arn: att('Copy') }, { Id: 'b', Arn: att('Managed') }, { Id: 'c', Arn: att('Never') }] }),
      Copy: queue({ KmsMasterKeyId: att('Replica') }),
      Replica: r('AWS::KMS::ReplicaKey', { KeyPolicy: { Statement: { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::1:root' }, Action: 'kms:*', Resource: '*' } } }),
      Managed: queue({ KmsMasterKeyId: { 'Fn::Sub': 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/sqs' } }),
      Never: queue({ KmsMasterKeyId: att('Denied') }),
      Denied: r('AWS::KMS::Key', { KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }, { Effect: 'Deny', Principal: { Service: 'events.amazonaws.com' }, Action: 'kms:Decrypt', Resource: '*' }] } }),
      Failovers: r('AWS::RDS::EventSubscription', { SnsTopicArn: ref('Topic') }),
      Topic: r('AWS::SNS::Topic', { KmsMasterKeyId: att('Default') }),
      Inline: r('AWS::SNS::Topic', { Subscription: [{ Protocol: 'sqs', Endpoint: att('Copy') }] }),
    },
    passes: {
      Bus: r('AWS::Events::EventBus', { Name: 'orders', DeadLetterConfig: { Arn: att('Dead') } }),
      Dead: queue({ KmsMasterKeyId: att('Open') }),
      Open: r('AWS::KMS::Key', { KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { Service: ['events.amazonaws.com', 'sns.amazonaws.com', 'events.rds.amazonaws.com'] }, Action: 'kms:*', Resource: '*' }, { Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }] } }),
      Failovers: r('AWS::RDS::EventSubscription', { SnsTopicArn: ref('Topic') }),
      Topic: r('AWS::SNS::Topic', { KmsMasterKeyId: att('Open') }),
      Inline: r('AWS::SNS::Topic', { Subscription: [{ Protocol: 'sqs', Endpoint: att('Dead') }, { Protocol: 'email', Endpoint: 'a@example.com' }] }),
    },
    says: [
      "'Targets.0.Arn' must be encrypted with a key that events.amazonaws.com may use, got Copy with the key Replica; use a customer managed key whose policy allows both actions to the service, or the encryption of SQS or SNS itself (at Rule)",
      "'Targets.1.Arn' must be encrypted with a key that events.amazonaws.com may use, got Managed with the AWS managed key alias/aws/sqs, whose policy cannot be changed; use a customer managed key whose policy allows both actions to the service, or the encryption of SQS or SNS itself (at Rule)",
      "'Targets.2.Arn' must be encrypted with a key that events.amazonaws.com may use, got Never with the key Denied; use a customer managed key whose policy allows both actions to the service, or the encryption of SQS or SNS itself (at Rule)",
      "'DeadLetterConfig.Arn' must be encrypted with a key that events.amazonaws.com may use, got Dead with the key Default; use a customer managed key whose policy allows both actions to the service, or the encryption of SQS or SNS itself (at Bus)",
      "'Subscription.0.Endpoint' must be encrypted with a key that sns.amazonaws.com may use, got Copy with the key Replica; use a customer managed key whose policy allows both actions to the service, or the encryption of SQS or SNS itself (at Inline)",
      "'SnsTopicArn' must be encrypted with a key that events.rds.amazonaws.com may use, got Topic with the key Default; use a customer managed key whose policy allows both actions to the service, or the encryption of SQS or SNS itself (at Failovers)",
    ],
  },
  {
    id: 'LP-F15',
    name: 'of a key with the default policy, or without the actions',
    fails: {
      Default: r('AWS::Logs::LogGroup', { KmsKeyId: att('DefaultKey') }),
      DefaultKey: r('AWS::KMS::Key'),
      Half: r('AWS::Logs::LogGroup', { KmsKeyId: att('HalfKey') }),
      HalfKey: r('AWS::KMS::Key', { KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { Service: 'logs.eu-west-1.amazonaws.com' }, Action: 'kms:Decrypt*', Resource: '*' }] } }),
    },
    passes: {
      Logs: r('AWS::Logs::LogGroup', { KmsKeyId: att('Key') }),
      Key: r('AWS::KMS::Key', { KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { Service: 'logs.eu-west-1.amazonaws.com' }, Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:GenerateDataKey*'], Resource: '*' }] } }),
    },
    says: ['DefaultKey', 'HalfKey'].map(key => `'KmsKeyId' must be a key that logs.<region>.amazonaws.com may use, got ${key}; allow kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, kms:GenerateDataKey* and kms:Describe* to logs.<region>.amazonaws.com, with the ARN of the log group in the condition kms:EncryptionContext:aws:logs:arn (at ${key.slice(0, -3)})`),
  },
  {
    id: 'LP-F100',
    name: 'by statements',
    fails: { Queue: queue(), Policy: r('AWS::SQS::QueuePolicy', { Queues: [ref('Queue')], PolicyDocument: { Statement: Array.from({ length: 21 }, () => allow('sqs:SendMessage', att('Queue'))) } }) },
    passes: { Queue: queue(), Policy: r('AWS::SQS::QueuePolicy', { Queues: [ref('Queue')], PolicyDocument: { Statement: Array.from({ length: 20 }, () => allow('sqs:SendMessage', att('Queue'))) } }) },
    says: ["'PolicyDocument.Statement' must be at most 20 statements, got 21; merge the statements into one with a list of sources or a condition on the account, or use several resources (at Policy)"],
  },
  {
    id: 'LP-F100',
    name: 'by bytes',
    fails: {
      Bucket: r('AWS::S3::BucketPolicy', { Bucket: ref('B'), PolicyDocument: { Statement: [allow('s3:GetObject', 'x'.repeat(20_480))] } }),
      Key: r('AWS::KMS::Key', { KeyPolicy: { Statement: [allow('kms:*', 'x'.repeat(32_768))] } }),
      Topic: r('AWS::SNS::TopicPolicy', { Topics: [ref('T')], PolicyDocument: { Statement: [allow('sns:Publish', 'x'.repeat(30_720))] } }),
      Q: queue(),
      Queue: r('AWS::SQS::QueuePolicy', { Queues: [ref('Q')], PolicyDocument: { Statement: [allow('sqs:SendMessage', Array.from({ length: 300 }, () => att('Q')))] } }),
    },
    passes: {
      Bucket: r('AWS::S3::BucketPolicy', { Bucket: ref('B'), PolicyDocument: { Statement: [allow('s3:GetObject', 'x'.repeat(20_000))] } }),
      Key: r('AWS::KMS::Key', { KeyPolicy: { Statement: [allow('kms:*', 'x'.repeat(32_000))] } }),
      Q: queue(),
      Queue: r('AWS::SQS::QueuePolicy', { Queues: [ref('Q')], PolicyDocument: { Statement: [allow('sqs:SendMessage', Array.from({ length: 200 }, () => att('Q')))] } }),
      Given: r('AWS::SQS::QueuePolicy', { Queues: [ref('Q')], PolicyDocument: ref('Given') }),
    },
    says: [
      "'PolicyDocument' must be at most 8192 bytes, got at least 9974; merge the statements into one with a list of sources or a condition on the account, or use several resources (at Queue)",
      "'PolicyDocument' must be at most 30720 bytes, got at least 30791; merge the statements into one with a list of sources or a condition on the account, or use several resources (at Topic)",
      "'PolicyDocument' must be at most 20480 bytes, got at least 20552; merge the statements into one with a list of sources or a condition on the account, or use several resources (at Bucket)",
      "'KeyPolicy' must be at most 32768 bytes, got at least 32833; merge the statements into one with a list of sources or a condition on the account, or use several resources (at Key)",
    ],
  },
  {
    id: 'LP-F192',
    fails: { Role: trusting(2_010) },
    passes: { Role: trusting(1_900), Service: r('AWS::IAM::Role', { AssumeRolePolicyDocument: ref('Given') }) },
    says: ["'AssumeRolePolicyDocument' must be at most 2048 characters, got at least 2093; name fewer principals and subjects, create several roles, or raise the quota (at Role)"],
  },
];
