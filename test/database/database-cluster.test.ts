import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DatabaseCapacity, Profile } from '../../src';
import { MYSQL, newDatabase } from '../support/databases';
import { newStack } from '../support/plain-function';
import { only, resourcesOf } from '../support/production-function';

test('cloudwatchLogsExports exports logs, and cloudwatchLogsRetention sets their retention', () => {
  const stack = newStack();
  newDatabase(stack, { engine: MYSQL, cloudwatchLogsExports: ['error', 'slowquery'], cloudwatchLogsRetention: logs.RetentionDays.ONE_MONTH });
  expect(only(stack, 'AWS::RDS::DBCluster').Properties.EnableCloudwatchLogsExports).toEqual(['error', 'slowquery']);
  const retained = Object.values<any>(resourcesOf(stack)).filter(({ Type }) => Type === 'Custom::LogRetention');
  expect(retained.map(({ Properties }) => Properties.RetentionInDays)).toEqual([30, 30]);
});

test.each([['production', 30], ['sandbox', 7]])('exported logs in %s are retained for %i days by default', (kind, days) => {
  const stack = newStack();
  if (kind === 'sandbox') Profile.sandbox({ owner: 'ana' }).applyTo(stack);
  newDatabase(stack, { cloudwatchLogsExports: ['postgresql'] });
  expect(only(stack, 'Custom::LogRetention').Properties.RetentionInDays).toBe(days);
});

test.each([
  [DatabaseCapacity.serverless()],
  [DatabaseCapacity.provisioned(ec2.InstanceType.of(ec2.InstanceClass.R8G, ec2.InstanceSize.LARGE))],
])('databaseInsightsMode ADVANCED retains 15 months', capacity => {
  const stack = newStack();
  newDatabase(stack, { capacity, databaseInsightsMode: rds.DatabaseInsightsMode.ADVANCED });
  expect(only(stack, 'AWS::RDS::DBCluster').Properties).toMatchObject({ DatabaseInsightsMode: 'advanced', PerformanceInsightsEnabled: true, PerformanceInsightsRetentionPeriod: 465 });
});

test('in a sandbox the cluster is deleted with its stack', () => {
  const stack = newStack();
  Profile.sandbox({ owner: 'ana' }).applyTo(stack);
  newDatabase(stack);
  expect(only(stack, 'AWS::RDS::DBCluster')).toMatchObject({ DeletionPolicy: 'Delete', Properties: { DeletionProtection: false, BackupRetentionPeriod: 1 } });
});

test('databaseInsightsMode STANDARD is set on the cluster', () => {
  const stack = newStack();
  newDatabase(stack, { databaseInsightsMode: rds.DatabaseInsightsMode.STANDARD });
  expect(only(stack, 'AWS::RDS::DBCluster').Properties.DatabaseInsightsMode).toBe('standard');
});
