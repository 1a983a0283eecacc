import { App, Duration, Stack, TimeZone, Validations } from 'aws-cdk-lib';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  Access, AlarmActions, CanaryAlias, CheckSeverity, ColdStart, Entrance, FailureQueue, FunctionTarget, HttpEntrance, IdempotencyStore,
  LeastPrivilegeRole, PrivateNetwork, DatabasePrivilege, ProductionChecks, ProductionDashboard, ProductionFunction, ProxiedDatabase, QueueConsumer, OpenApiRoutes,
  ExpectedValue, SmokeTest,
} from 'cdk-production-lambda';
import type { Construct } from 'constructs';

class OrdersStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const take = new ProductionFunction(this, 'Take', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset('../handlers/take'),
      environment: { CURRENCY: 'EUR', COUNTRY: 'DE' },
      secrets: { PROVIDER_KEY: new secretsmanager.Secret(this, 'ProviderKey'), LEDGER_KEY: new secretsmanager.Secret(this, 'LedgerKey') },
      idempotency: new IdempotencyStore(this, 'Idempotency', { expiresAfter: Duration.days(7) }),
      release: {
        preTraffic: SmokeTest.invoke({
          payload: { rawPath: '/health', requestContext: { stage: '$default', http: { method: 'GET', path: '/health' } } },
          expect: { statusCode: 200, body: { status: 'ok', version: ExpectedValue.STRING } },
        }),
        expectedRequestsPerMinute: 120,
      },
      coldStart: ColdStart.provisioned({
        min: 2,
        max: 20,
        schedules: [{ schedule: appscaling.Schedule.cron({ hour: '7', minute: '45' }), timeZone: TimeZone.EUROPE_BERLIN, min: 10 }],
      }),
      alarms: { runbook: 'https://wiki.example.com/take' },
    });

    const network = new PrivateNetwork(this, 'Network');
    const work = new ProductionFunction(this, 'Work', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset('../handlers/work'),
      timeout: Duration.seconds(30),
      vpc: network,
    });
    const orders = new QueueConsumer(this, 'Orders', {
      function: work,
      maxConcurrency: 10,
      filters: [lambda.FilterCriteria.filter({ body: { kind: lambda.FilterRule.isEqual('order') } })],
    });
    orders.queue.grantSendMessages(take);

    const ledger = new ProxiedDatabase(this, 'Ledger', {
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 }),
      vpc: network,
    });
    ledger.addUser('work', { privileges: [DatabasePrivilege.readWrite()] });
    ledger.connect(work, { user: 'work', maxConcurrency: 10 });

    const role = new LeastPrivilegeRole(this, 'ReportRole', {
      statements: [new iam.PolicyStatement({ actions: ['sqs:GetQueueAttributes'], resources: [orders.queue.queueArn] })],
    });
    role.allowWildcard(new iam.PolicyStatement({ actions: ['ec2:CreateSnapshot'], resources: ['*'] }), 'the volumes carry no common tag');
    const report = new lambda.Function(this, 'Report', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset('../handlers/report'),
      role,
      memorySize: 512,
      loggingFormat: lambda.LoggingFormat.JSON,
      tracing: lambda.Tracing.ACTIVE,
    });
    const live = new CanaryAlias(this, 'ReportLive', { function: report, alarms: { errorRateThreshold: 2 } });
    new events.Rule(this, 'Nightly', {
      schedule: events.Schedule.cron({ hour: '2', minute: '0' }),
      targets: [FunctionTarget.forRule(live, { maxEventAge: Duration.minutes(30) })],
    });

    new HttpEntrance(this, 'Api', {
      entrance: Entrance.cheapestFor({ jwt: true, severalFunctions: true }),
      access: Access.jwt({ issuer: 'https://login.example.com', audience: ['orders'] }),
      routes: [
        { method: apigwv2.HttpMethod.POST, path: '/orders', function: take, scopes: ['orders:write'] },
        { method: apigwv2.HttpMethod.POST, path: '/webhook', function: take, access: Access.unauthenticated({ reason: 'the handler checks the signature' }) },
      ],
      cors: { allowOrigins: ['https://shop.example.com'] },
    });
    new HttpEntrance(this, 'Partners', {
      entrance: Entrance.restApi(),
      access: Access.iam(),
      routes: OpenApiRoutes.fromFile('../api/orders.json', { readOrder: take, takeOrder: take }),
    });

    AlarmActions.of(this).addTopic(new sns.Topic(this, 'OnCall'));
    new ProductionDashboard(this, 'Dashboard', { functions: [take, work], queues: [FailureQueue.getOrCreate(this)], alarmStatus: [take.alarms!.errorRateAlarm] });
    Validations.of(live).acknowledge({ id: 'ProductionChecks::LP-F23', reason: 'a missed report is made again the next night' });
  }
}

const app = new App();
new OrdersStack(app, 'Orders');
Validations.of(app).addPlugins(new ProductionChecks({
  severities: [{ rule: 'LP-F01', severity: CheckSeverity.OFF }],
  exemptions: [{ rule: 'LP-H09', path: 'Orders/Api', reason: 'the handler of /webhook checks the signature' }],
}));
app.synth();
