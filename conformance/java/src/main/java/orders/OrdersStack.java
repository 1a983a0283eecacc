package orders;

import io.github.cdkproductionlambda.Access;
import io.github.cdkproductionlambda.AlarmActions;
import io.github.cdkproductionlambda.CanaryAlarmsOptions;
import io.github.cdkproductionlambda.CanaryAlias;
import io.github.cdkproductionlambda.CanaryAliasOptions;
import io.github.cdkproductionlambda.ColdStart;
import io.github.cdkproductionlambda.DatabaseConnectOptions;
import io.github.cdkproductionlambda.DatabasePrivilege;
import io.github.cdkproductionlambda.DatabaseUserOptions;
import io.github.cdkproductionlambda.Entrance;
import io.github.cdkproductionlambda.EntranceRequirements;
import io.github.cdkproductionlambda.EntranceRoute;
import io.github.cdkproductionlambda.ExpectedValue;
import io.github.cdkproductionlambda.FailureQueue;
import io.github.cdkproductionlambda.FunctionAlarmsOptions;
import io.github.cdkproductionlambda.FunctionTarget;
import io.github.cdkproductionlambda.HttpEntrance;
import io.github.cdkproductionlambda.IdempotencyStore;
import io.github.cdkproductionlambda.JwtAccessOptions;
import io.github.cdkproductionlambda.LeastPrivilegeRole;
import io.github.cdkproductionlambda.OpenApiRoutes;
import io.github.cdkproductionlambda.PrivateNetwork;
import io.github.cdkproductionlambda.ProductionDashboard;
import io.github.cdkproductionlambda.ProductionFunction;
import io.github.cdkproductionlambda.ProvisionedConcurrencyOptions;
import io.github.cdkproductionlambda.ProvisionedConcurrencySchedule;
import io.github.cdkproductionlambda.ProxiedDatabase;
import io.github.cdkproductionlambda.QueueConsumer;
import io.github.cdkproductionlambda.RuleTargetOptions;
import io.github.cdkproductionlambda.SmokeTest;
import io.github.cdkproductionlambda.SmokeTestOptions;
import io.github.cdkproductionlambda.UnauthenticatedAccessOptions;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Acknowledgment;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.TimeZone;
import software.amazon.awscdk.Validations;
import software.amazon.awscdk.services.apigatewayv2.CorsPreflightOptions;
import software.amazon.awscdk.services.apigatewayv2.HttpMethod;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.FilterCriteria;
import software.amazon.awscdk.services.lambda.FilterRule;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.LoggingFormat;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.Tracing;
import software.amazon.awscdk.services.rds.AuroraPostgresClusterEngineProps;
import software.amazon.awscdk.services.rds.AuroraPostgresEngineVersion;
import software.amazon.awscdk.services.rds.DatabaseClusterEngine;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.sns.Topic;
import software.constructs.Construct;

public final class OrdersStack extends Stack {
    public OrdersStack(final Construct scope, final String id) {
        super(scope, id);

        final ProductionFunction take = ProductionFunction.Builder.create(this, "Take")
            .runtime(Runtime.NODEJS_24_X)
            .handler("index.handler")
            .code(Code.fromAsset("../handlers/take"))
            .environment(Map.of("CURRENCY", "EUR", "COUNTRY", "DE"))
            .secrets(Map.of("PROVIDER_KEY", new Secret(this, "ProviderKey"), "LEDGER_KEY", new Secret(this, "LedgerKey")))
            .idempotency(IdempotencyStore.Builder.create(this, "Idempotency").expiresAfter(Duration.days(7)).build())
            .release(CanaryAliasOptions.builder()
                .preTraffic(SmokeTest.invoke(SmokeTestOptions.builder()
                    .payload(Map.of(
                        "rawPath", "/health",
                        "requestContext", Map.of("stage", "$default", "http", Map.of("method", "GET", "path", "/health"))))
                    .expect(Map.of("statusCode", 200, "body", Map.of("status", "ok", "version", ExpectedValue.STRING)))
                    .build()))
                .expectedRequestsPerMinute(120)
                .build())
            .coldStart(ColdStart.provisioned(ProvisionedConcurrencyOptions.builder()
                .min(2)
                .max(20)
                .schedules(List.of(ProvisionedConcurrencySchedule.builder()
                    .schedule(software.amazon.awscdk.services.applicationautoscaling.Schedule.cron(
                        software.amazon.awscdk.services.applicationautoscaling.CronOptions.builder().hour("7").minute("45").build()))
                    .timeZone(TimeZone.EUROPE_BERLIN)
                    .min(10)
                    .build()))
                .build()))
            .alarms(FunctionAlarmsOptions.builder().runbook("https://wiki.example.com/take").build())
            .build();

        final PrivateNetwork network = new PrivateNetwork(this, "Network");
        final ProductionFunction work = ProductionFunction.Builder.create(this, "Work")
            .runtime(Runtime.NODEJS_24_X)
            .handler("index.handler")
            .code(Code.fromAsset("../handlers/work"))
            .timeout(Duration.seconds(30))
            .vpc(network)
            .build();
        final QueueConsumer orders = QueueConsumer.Builder.create(this, "Orders")
            .function(work)
            .maxConcurrency(10)
            .filters(List.of(FilterCriteria.filter(Map.of("body", Map.of("kind", FilterRule.isEqual("order"))))))
            .build();
        orders.getQueue().grantSendMessages(take);

        final ProxiedDatabase ledger = ProxiedDatabase.Builder.create(this, "Ledger")
            .engine(DatabaseClusterEngine.auroraPostgres(
                AuroraPostgresClusterEngineProps.builder().version(AuroraPostgresEngineVersion.VER_17_6).build()))
            .vpc(network)
            .build();
        ledger.addUser("work", DatabaseUserOptions.builder().privileges(List.of(DatabasePrivilege.readWrite())).build());
        ledger.connect(work, DatabaseConnectOptions.builder().user("work").maxConcurrency(10).build());

        final LeastPrivilegeRole role = LeastPrivilegeRole.Builder.create(this, "ReportRole")
            .statements(List.of(PolicyStatement.Builder.create()
                .actions(List.of("sqs:GetQueueAttributes")).resources(List.of(orders.getQueue().getQueueArn())).build()))
            .build();
        role.allowWildcard(
            PolicyStatement.Builder.create().actions(List.of("ec2:CreateSnapshot")).resources(List.of("*")).build(),
            "the volumes carry no common tag");
        final Function report = Function.Builder.create(this, "Report")
            .runtime(Runtime.NODEJS_24_X)
            .handler("index.handler")
            .code(Code.fromAsset("../handlers/report"))
            .role(role)
            .memorySize(512)
            .loggingFormat(LoggingFormat.JSON)
            .tracing(Tracing.ACTIVE)
            .build();
        final CanaryAlias live = CanaryAlias.Builder.create(this, "ReportLive").function(report)
            .alarms(CanaryAlarmsOptions.builder().errorRateThreshold(2).build()).build();
        Rule.Builder.create(this, "Nightly")
            .schedule(software.amazon.awscdk.services.events.Schedule.cron(
                software.amazon.awscdk.services.events.CronOptions.builder().hour("2").minute("0").build()))
            .targets(List.of(FunctionTarget.forRule(live, RuleTargetOptions.builder().maxEventAge(Duration.minutes(30)).build())))
            .build();

        HttpEntrance.Builder.create(this, "Api")
            .entrance(Entrance.cheapestFor(EntranceRequirements.builder().jwt(true).severalFunctions(true).build()))
            .access(Access.jwt(JwtAccessOptions.builder().issuer("https://login.example.com").audience(List.of("orders")).build()))
            .routes(List.of(
                EntranceRoute.builder().method(HttpMethod.POST).path("/orders").function(take).scopes(List.of("orders:write")).build(),
                EntranceRoute.builder().method(HttpMethod.POST).path("/webhook").function(take)
                    .access(Access.unauthenticated(UnauthenticatedAccessOptions.builder().reason("the handler checks the signature").build())).build()))
            .cors(CorsPreflightOptions.builder().allowOrigins(List.of("https://shop.example.com")).build())
            .build();
        HttpEntrance.Builder.create(this, "Partners")
            .entrance(Entrance.restApi())
            .access(Access.iam())
            .routes(OpenApiRoutes.fromFile("../api/orders.json", Map.of("readOrder", take, "takeOrder", take)))
            .build();

        AlarmActions.of(this).addTopic(new Topic(this, "OnCall"));
        ProductionDashboard.Builder.create(this, "Dashboard")
            .functions(List.of(take, work))
            .queues(List.of(FailureQueue.getOrCreate(this)))
            .alarmStatus(List.of(take.getAlarms().getErrorRateAlarm()))
            .build();
        Validations.of(live).acknowledge(Acknowledgment.builder()
            .id("ProductionChecks::LP-F23").reason("a missed report is made again the next night").build());
    }
}
