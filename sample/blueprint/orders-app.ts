import { join } from 'node:path';
import type { AppProps } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AcmeApp, AcmeFunction, AcmeStack, type ServiceProps } from './platform';
import { FunctionTarget, NodejsCode, QueueConsumer } from '../../src';

/** A product team's app on the platform. */
export function createOrdersApp(props: AppProps = {}, sandbox?: ServiceProps['sandbox']): AcmeApp {
  const app = new AcmeApp(props);
  const stack = new AcmeStack(app, 'Orders', { team: 'fulfilment', service: 'orders', sandbox });

  const ship = new AcmeFunction(stack, 'Ship', { code: NodejsCode.fromEntry(join(__dirname, 'ship.ts')) });
  new QueueConsumer(stack, 'Shipments', { function: ship });
  const remind = new AcmeFunction(stack, 'Remind', { code: NodejsCode.fromEntry(join(__dirname, 'ship.ts')), memorySize: 1_024 });
  new events.Rule(stack, 'Morning', { schedule: events.Schedule.cron({ minute: '0', hour: '7' }), targets: [FunctionTarget.forRule(remind)] });

  // A plain function that is older than the platform gets the production defaults without a change.
  const label = new lambda.Function(stack, 'Label', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });'),
    architecture: lambda.Architecture.ARM_64,
  });
  label.addEventSource(new sources.SqsEventSource(new sqs.Queue(stack, 'Labels'), { reportBatchItemFailures: true }));
  label.metricErrors().createAlarm(stack, 'LabelErrors', {
    alarmDescription: 'Label fails. Read the errors in its log group.', threshold: 1, evaluationPeriods: 1, treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  return app;
}

if (require.main === module) createOrdersApp();
