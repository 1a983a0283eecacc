import { join } from 'node:path';
import { CfnOutput, Duration, Stack, type StackProps, TimeZone, Validations } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { Ledger } from './ledger';
import { Merchants, SCOPES } from './merchants';
import { notReconciledAlarm } from './not-reconciled-alarm';
import { Reports, type ReportsPlatform } from './reports';
import { NO_KEY, NO_NOTICES, NO_SIGNATURE, NO_WORK } from './smoke-tests';
import {
  AlarmActions, ColdStart, FailureQueue, FunctionTarget, IdempotencyStore, NodejsBundle, PrivateNetwork, ProductionDashboard, ProductionFunction,
  type ProductionFunctionProps, QueueConsumer,
} from '../../src';
import { PaymentsEntrance } from '../http/payments-entrance';

export interface PaymentsStackProps extends StackProps {
  /** The payment provider's URL. */
  readonly providerUrl: string;
  /**
   * The platform of the function in Python that reports on the ledger. Synthesis then installs its packages from PyPI.
   *
   * @default - no reports
   */
  readonly reports?: ReportsPlatform;
}

/** How long the provider may still charge after a request was sent, and by how much clocks may differ (docs/EXACTLY-ONCE.md). */
const CHARGE_UNDER_WAY = Duration.seconds(30);
/** A payment runs for at most ten seconds, and its charge may be under way after that; an older one has stopped. */
const STUCK_AFTER = Duration.minutes(1);
/** Twice the time in which clients repeat a request. */
const ABANDON_AFTER = Duration.hours(2);

/** Takes payments over HTTP, charges them at a provider, stores them in a ledger, and settles them by the provider's notices, each exactly once. */
export class PaymentsStack extends Stack {
  public readonly merchants: Merchants;
  public readonly entrance: PaymentsEntrance;
  public readonly settlements: QueueConsumer;
  private readonly handlers = NodejsBundle.fromDirectory(join(__dirname, '..', 'handlers'), { optionalModules: ['pg-native'] });

  constructor(scope: Construct, id: string, { providerUrl, reports: platform, ...props }: PaymentsStackProps) {
    super(scope, id, props);

    // The provider is on the internet (docs/adr/0040-nat-gateway-for-the-provider.md).
    const vpc = new PrivateNetwork(this, 'Network', { natGateways: 2 });
    const ledger = new Ledger(this, 'Ledger', { vpc, migrate: this.handlers.code('migrate') });
    const bus = new events.EventBus(this, 'Events', { description: 'Events of payments' });
    bus.archive('Archive', { eventPattern: { source: ['payments'] }, retention: Duration.days(30), description: 'For a replay' });
    const idempotency = new IdempotencyStore(this, 'Idempotency');
    const provider = { PROVIDER_URL: providerUrl };
    const providerKey = this.secretOf('ProviderKey', 'The key that the payment provider knows us by');
    const booking = { EVENT_BUS: bus.eventBusName };

    const pay = this.function('Pay', {
      vpc,
      environment: { ...booking, ...provider, CHARGE_UNDER_WAY_SECONDS: `${CHARGE_UNDER_WAY.toSeconds()}` },
      secrets: { PROVIDER_KEY_SECRET: providerKey },
      idempotency,
      reservedConcurrentExecutions: 50,
      release: { preTraffic: NO_KEY, faults: true },
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
    const settle = this.function('Settle', { vpc, environment: booking, idempotency, reservedConcurrentExecutions: 10, release: { preTraffic: NO_NOTICES, faults: true } });
    const reconcile = this.function('Reconcile', {
      vpc,
      timeout: Duration.seconds(50),
      environment: { ...booking, ...provider, STUCK_AFTER_SECONDS: `${STUCK_AFTER.toSeconds()}`, ABANDON_AFTER_SECONDS: `${ABANDON_AFTER.toSeconds()}` },
      secrets: { PROVIDER_KEY_SECRET: providerKey },
      reservedConcurrentExecutions: 1,
      release: { preTraffic: NO_WORK },
    });
    ledger.open(pay, 'pay');
    ledger.open(settle, 'settle');
    ledger.open(reconcile, 'reconcile');
    for (const fn of [pay, settle, reconcile]) {
      bus.grantPutEventsTo(fn);
      fn.connections.allowToAnyIpv4(ec2.Port.tcp(443), 'The provider and AWS, through the NAT gateways');
    }

    const settlements = this.settlements = new QueueConsumer(this, 'Settlements', { function: settle, maxConcurrency: 10 });
    const webhookKey = this.secretOf('WebhookKey', 'What the payment provider signs its webhooks with');
    const webhook = this.function('Webhook', {
      environment: { SETTLEMENTS_QUEUE_URL: settlements.queue.queueUrl },
      secrets: { WEBHOOK_SECRET: webhookKey },
      release: { preTraffic: NO_SIGNATURE, faults: true },
      alarms: {},
    });
    settlements.queue.grantSendMessages(webhook);
    new scheduler.Schedule(this, 'Reconciliation', {
      schedule: scheduler.ScheduleExpression.rate(Duration.minutes(1)),
      target: FunctionTarget.forSchedule(reconcile, { maxEventAge: Duration.minutes(5), retryAttempts: 2 }),
    });

    const reports = platform && new Reports(this, 'Reports', { vpc, ledger, ...platform });

    const merchants = this.merchants = new Merchants(this, 'Merchants');
    const entrance = this.entrance = new PaymentsEntrance(this, 'Api', { access: merchants.access, scopes: SCOPES, payments: pay, webhook });
    const notReconciled = notReconciledAlarm(this);
    new ProductionDashboard(this, 'Dashboard', {
      functions: [pay, webhook, settle, reconcile, ...reports ? [reports] : []],
      queues: [settlements.queue, settlements.deadLetterQueue!, FailureQueue.getOrCreate(this)],
      databases: [ledger.cluster],
      proxies: [ledger.proxy],
      alarmStatus: [entrance.errorRateAlarm, pay.alarms!.errorRateAlarm, notReconciled, settlements.deadLetterAlarm!],
    });

    // The person on call subscribes to this topic: all alarms above notify it.
    const onCall = new sns.Topic(this, 'OnCall', { enforceSSL: true });
    AlarmActions.of(this).addTopic(onCall);

    this.output('ApiUrl', entrance.url, 'POST /payments here, with a token of the merchant');
    this.output('MerchantPoolId', merchants.pool.userPoolId, 'Where the merchants are');
    this.output('TokenUrl', merchants.tokenUrl, 'Where a merchant fetches a token');
    this.output('MerchantClientId', merchants.client.userPoolClientId, 'The first merchant');
    this.output('WebhookUrl', `${entrance.url}webhooks/provider`, 'The provider sends its notices here');
    this.output('ProviderKeySecret', providerKey.secretArn, "Put the provider's key here");
    this.output('WebhookSecret', webhookKey.secretArn, 'Put what the provider signs with here');
    this.output('SettlementsFailed', settlements.deadLetterQueue!.queueArn, 'Notices that failed: redrive them from here');
  }

  private function(id: string, props: Omit<ProductionFunctionProps, 'runtime' | 'handler' | 'code'>): ProductionFunction {
    return new ProductionFunction(this, id, {
      runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: this.handlers.code(id.toLowerCase()), ...props,
    });
  }

  /** A secret whose value the provider issues. The generated value is a placeholder. */
  private secretOf(id: string, description: string): secretsmanager.Secret {
    const secret = new secretsmanager.Secret(this, id, { description });
    Validations.of(secret).acknowledge({ id: 'AwsSolutions::AwsSolutions-SMG4', reason: 'the provider issues it: an operator puts the new value, and functions read it again within five minutes' });
    return secret;
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}
