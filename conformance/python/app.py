from aws_cdk import Acknowledgment, App, Duration, Stack, TimeZone, Validations
from aws_cdk import aws_applicationautoscaling as appscaling
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from cdk_production_lambda import (
    Access,
    AlarmActions,
    CanaryAlarmsOptions,
    CanaryAlias,
    CanaryAliasOptions,
    CheckExemption,
    CheckSeverity,
    ColdStart,
    Entrance,
    EntranceRoute,
    FailureQueue,
    FunctionAlarmsOptions,
    FunctionTarget,
    HttpEntrance,
    IdempotencyStore,
    LeastPrivilegeRole,
    PrivateNetwork,
    DatabasePrivilege,
    ProductionChecks,
    ProductionDashboard,
    ProductionFunction,
    ProxiedDatabase,
    QueueConsumer,
    OpenApiRoutes,
    SeverityChange,
    ExpectedValue,
    SmokeTest,
    ProvisionedConcurrencySchedule,
)
from constructs import Construct


class OrdersStack(Stack):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)

        take = ProductionFunction(
            self,
            "Take",
            runtime=lambda_.Runtime.NODEJS_24_X,
            handler="index.handler",
            code=lambda_.Code.from_asset("../handlers/take"),
            environment={"CURRENCY": "EUR", "COUNTRY": "DE"},
            secrets={
                "PROVIDER_KEY": secretsmanager.Secret(self, "ProviderKey"),
                "LEDGER_KEY": secretsmanager.Secret(self, "LedgerKey"),
            },
            idempotency=IdempotencyStore(self, "Idempotency", expires_after=Duration.days(7)),
            release=CanaryAliasOptions(
                pre_traffic=SmokeTest.invoke(
                    payload={"rawPath": "/health", "requestContext": {"stage": "$default", "http": {"method": "GET", "path": "/health"}}},
                    expect={"statusCode": 200, "body": {"status": "ok", "version": ExpectedValue.STRING}},
                ),
                expected_requests_per_minute=120,
            ),
            cold_start=ColdStart.provisioned(
                min=2,
                max=20,
                schedules=[
                    ProvisionedConcurrencySchedule(schedule=appscaling.Schedule.cron(hour="7", minute="45"), time_zone=TimeZone.EUROPE_BERLIN, min=10),
                ],
            ),
            alarms=FunctionAlarmsOptions(runbook="https://wiki.example.com/take"),
        )

        network = PrivateNetwork(self, "Network")
        work = ProductionFunction(
            self,
            "Work",
            runtime=lambda_.Runtime.NODEJS_24_X,
            handler="index.handler",
            code=lambda_.Code.from_asset("../handlers/work"),
            timeout=Duration.seconds(30),
            vpc=network,
        )
        orders = QueueConsumer(
            self,
            "Orders",
            function=work,
            max_concurrency=10,
            filters=[
                lambda_.FilterCriteria.filter(
                    {"body": {"kind": lambda_.FilterRule.is_equal("order")}}
                )
            ],
        )
        orders.queue.grant_send_messages(take)

        ledger = ProxiedDatabase(
            self,
            "Ledger",
            engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_17_6),
            vpc=network,
        )
        ledger.add_user("work", privileges=[DatabasePrivilege.read_write()])
        ledger.connect(work, user="work", max_concurrency=10)

        role = LeastPrivilegeRole(
            self,
            "ReportRole",
            statements=[iam.PolicyStatement(actions=["sqs:GetQueueAttributes"], resources=[orders.queue.queue_arn])],
        )
        role.allow_wildcard(
            iam.PolicyStatement(actions=["ec2:CreateSnapshot"], resources=["*"]), "the volumes carry no common tag"
        )
        report = lambda_.Function(
            self,
            "Report",
            runtime=lambda_.Runtime.NODEJS_24_X,
            handler="index.handler",
            code=lambda_.Code.from_asset("../handlers/report"),
            role=role,
            memory_size=512,
            logging_format=lambda_.LoggingFormat.JSON,
            tracing=lambda_.Tracing.ACTIVE,
        )
        live = CanaryAlias(self, "ReportLive", function=report, alarms=CanaryAlarmsOptions(error_rate_threshold=2))
        events.Rule(
            self,
            "Nightly",
            schedule=events.Schedule.cron(hour="2", minute="0"),
            targets=[FunctionTarget.for_rule(live, max_event_age=Duration.minutes(30))],
        )

        HttpEntrance(
            self,
            "Api",
            entrance=Entrance.cheapest_for(jwt=True, several_functions=True),
            access=Access.jwt(issuer="https://login.example.com", audience=["orders"]),
            routes=[
                EntranceRoute(method=apigwv2.HttpMethod.POST, path="/orders", function=take, scopes=["orders:write"]),
                EntranceRoute(
                    method=apigwv2.HttpMethod.POST,
                    path="/webhook",
                    function=take,
                    access=Access.unauthenticated(reason="the handler checks the signature"),
                ),
            ],
            cors=apigwv2.CorsPreflightOptions(allow_origins=["https://shop.example.com"]),
        )
        HttpEntrance(
            self,
            "Partners",
            entrance=Entrance.rest_api(),
            access=Access.iam(),
            routes=OpenApiRoutes.from_file("../api/orders.json", {"readOrder": take, "takeOrder": take}),
        )

        AlarmActions.of(self).add_topic(sns.Topic(self, "OnCall"))
        ProductionDashboard(
            self, "Dashboard", functions=[take, work], queues=[FailureQueue.get_or_create(self)], alarm_status=[take.alarms.error_rate_alarm]
        )
        Validations.of(live).acknowledge(
            Acknowledgment(id="ProductionChecks::LP-F23", reason="a missed report is made again the next night")
        )


app = App()
OrdersStack(app, "Orders")
Validations.of(app).add_plugins(
    ProductionChecks(
        severities=[SeverityChange(rule="LP-F01", severity=CheckSeverity.OFF)],
        exemptions=[CheckExemption(rule="LP-H09", path="Orders/Api", reason="the handler of /webhook checks the signature")],
    )
)
app.synth()
