import { join } from 'node:path';
import { CfnOutput, Stack, type StackProps, TimeZone } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AlarmActions, ColdStart, FailureQueue, IdempotencyStore, NodejsBundle, ProductionDashboard, ProductionFunction, QueueConsumer, SmokeTest } from '../../src';

/** Takes payments over HTTP, keeps them, and settles them by notices on a queue, each one exactly once. */
export class PaymentsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const ledger = new dynamodb.TableV2(this, 'Ledger', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
    });
    const idempotency = new IdempotencyStore(this, 'Idempotency');
    const handlers = NodejsBundle.fromDirectory(join(__dirname, '..', 'handlers'));

    const pay = new ProductionFunction(this, 'Pay', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: handlers.code('pay'),
      environment: { LEDGER_TABLE: ledger.tableName },
      idempotency,
      // The URL has no throttle of its own: this is a tenth of the requests a second that it may take.
      reservedConcurrentExecutions: 50,
      // A request without a key is answered before anything is touched: the new version starts, reads its configuration and says no.
      release: { preTraffic: SmokeTest.invoke({ payload: { headers: {} }, expect: { statusCode: 400 } }) },
      coldStart: ColdStart.provisioned({
        min: 1,
        max: 10,
        schedules: [
          { schedule: Schedule.cron({ weekDay: 'MON-FRI', hour: '7', minute: '45' }), timeZone: TimeZone.EUROPE_BERLIN, min: 4 },
          { schedule: Schedule.cron({ weekDay: 'MON-FRI', hour: '19', minute: '0' }), timeZone: TimeZone.EUROPE_BERLIN, min: 1 },
        ],
      }),
      alarms: {},
    });
    ledger.grant(pay, 'dynamodb:PutItem', 'dynamodb:GetItem');
    const url = pay.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });

    const settle = new ProductionFunction(this, 'Settle', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: handlers.code('settle'),
      environment: { LEDGER_TABLE: ledger.tableName },
      idempotency,
      release: { preTraffic: SmokeTest.invoke({ payload: { Records: [] } }) },
    });
    ledger.grant(settle, 'dynamodb:UpdateItem', 'dynamodb:GetItem');
    const settlements = new QueueConsumer(this, 'Settlements', { function: settle, maxConcurrency: 10 });

    new ProductionDashboard(this, 'Dashboard', {
      functions: [pay, settle],
      queues: [settlements.queue, settlements.deadLetterQueue!, FailureQueue.of(this)],
      alarms: [pay.alarms!.errors],
    });

    AlarmActions.of(this).addTopic(new sns.Topic(this, 'OnCall', { enforceSSL: true }));

    new CfnOutput(this, 'PayUrl', { value: url.url, description: 'POST a payment here, signed with SigV4' });
    new CfnOutput(this, 'SettlementsUrl', { value: settlements.queue.queueUrl, description: 'The acquirer sends its notices here' });
    new CfnOutput(this, 'SettlementsFailed', { value: settlements.deadLetterQueue!.queueArn, description: 'Notices that failed: redrive them from here' });
  }
}
