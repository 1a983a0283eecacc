package main

import (
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapplicationautoscaling"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsrds"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	production "github.com/cdk-production-lambda/cdk-production-lambda/cdkproductionlambda"
)

func newOrdersStack(scope constructs.Construct, id string) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, nil)

	take := production.NewProductionFunction(stack, jsii.String("Take"), &production.ProductionFunctionProps{
		Runtime:     awslambda.Runtime_NODEJS_24_X(),
		Handler:     jsii.String("index.handler"),
		Code:        awslambda.Code_FromAsset(jsii.String("../handlers/take"), nil),
		Environment: &map[string]*string{"CURRENCY": jsii.String("EUR"), "COUNTRY": jsii.String("DE")},
		Secrets: &map[string]awssecretsmanager.ISecret{
			"PROVIDER_KEY": awssecretsmanager.NewSecret(stack, jsii.String("ProviderKey"), nil),
			"LEDGER_KEY":   awssecretsmanager.NewSecret(stack, jsii.String("LedgerKey"), nil),
		},
		Idempotency: production.NewIdempotencyStore(stack, jsii.String("Idempotency"), &production.IdempotencyStoreProps{
			ExpiresAfter: awscdk.Duration_Days(jsii.Number(7)),
		}),
		Release: &production.CanaryAliasOptions{
			PreTraffic: production.SmokeTest_Invoke(&production.SmokeTestOptions{
				Payload: map[string]any{
					"rawPath":        "/health",
					"requestContext": map[string]any{"stage": "$default", "http": map[string]any{"method": "GET", "path": "/health"}},
				},
				Expect: map[string]any{"statusCode": 200, "body": map[string]any{"status": "ok", "version": production.ExpectedValue_STRING()}},
			}),
			ExpectedRequestsPerMinute: jsii.Number(120),
		},
		ColdStart: production.ColdStart_Provisioned(&production.ProvisionedConcurrencyOptions{
			Min: jsii.Number(2),
			Max: jsii.Number(20),
			Schedules: &[]*production.ProvisionedConcurrencySchedule{{
				Schedule: awsapplicationautoscaling.Schedule_Cron(&awsapplicationautoscaling.CronOptions{Hour: jsii.String("7"), Minute: jsii.String("45")}),
				TimeZone: awscdk.TimeZone_EUROPE_BERLIN(),
				Min:      jsii.Number(10),
			}},
		}),
		Alarms: &production.FunctionAlarmsOptions{Runbook: jsii.String("https://wiki.example.com/take")},
	})

	network := production.NewPrivateNetwork(stack, jsii.String("Network"), nil)
	work := production.NewProductionFunction(stack, jsii.String("Work"), &production.ProductionFunctionProps{
		Runtime: awslambda.Runtime_NODEJS_24_X(),
		Handler: jsii.String("index.handler"),
		Code:    awslambda.Code_FromAsset(jsii.String("../handlers/work"), nil),
		Timeout: awscdk.Duration_Seconds(jsii.Number(30)),
		Vpc:     network,
	})
	orders := production.NewQueueConsumer(stack, jsii.String("Orders"), &production.QueueConsumerProps{
		Function:       work,
		MaxConcurrency: jsii.Number(10),
		Filters: &[]*map[string]any{
			awslambda.FilterCriteria_Filter(&map[string]any{"body": map[string]any{"kind": awslambda.FilterRule_IsEqual("order")}}),
		},
	})
	orders.Queue().GrantSendMessages(take)

	ledger := production.NewProxiedDatabase(stack, jsii.String("Ledger"), &production.ProxiedDatabaseProps{
		Engine: awsrds.DatabaseClusterEngine_AuroraPostgres(&awsrds.AuroraPostgresClusterEngineProps{
			Version: awsrds.AuroraPostgresEngineVersion_VER_17_6(),
		}),
		Vpc: network,
	})
	ledger.AddUser(jsii.String("work"), &production.DatabaseUserOptions{
		Privileges: &[]production.DatabasePrivilege{production.DatabasePrivilege_ReadWrite(nil)},
	})
	ledger.Connect(work, &production.DatabaseConnectOptions{User: jsii.String("work"), MaxConcurrency: jsii.Number(10)})

	role := production.NewLeastPrivilegeRole(stack, jsii.String("ReportRole"), &production.LeastPrivilegeRoleProps{
		Statements: &[]awsiam.PolicyStatement{awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Actions:   jsii.Strings("sqs:GetQueueAttributes"),
			Resources: &[]*string{orders.Queue().QueueArn()},
		})},
	})
	role.AllowWildcard(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions:   jsii.Strings("ec2:CreateSnapshot"),
		Resources: jsii.Strings("*"),
	}), jsii.String("the volumes carry no common tag"))
	report := awslambda.NewFunction(stack, jsii.String("Report"), &awslambda.FunctionProps{
		Runtime:       awslambda.Runtime_NODEJS_24_X(),
		Handler:       jsii.String("index.handler"),
		Code:          awslambda.Code_FromAsset(jsii.String("../handlers/report"), nil),
		Role:          role,
		MemorySize:    jsii.Number(512),
		LoggingFormat: awslambda.LoggingFormat_JSON,
		Tracing:       awslambda.Tracing_ACTIVE,
	})
	live := production.NewCanaryAlias(stack, jsii.String("ReportLive"), &production.CanaryAliasProps{
		Function: report,
		Alarms:   &production.CanaryAlarmsOptions{ErrorRateThreshold: jsii.Number(2)},
	})
	awsevents.NewRule(stack, jsii.String("Nightly"), &awsevents.RuleProps{
		Schedule: awsevents.Schedule_Cron(&awsevents.CronOptions{Hour: jsii.String("2"), Minute: jsii.String("0")}),
		Targets: &[]awsevents.IRuleTarget{
			production.FunctionTarget_ForRule(live, &production.RuleTargetOptions{MaxEventAge: awscdk.Duration_Minutes(jsii.Number(30))}),
		},
	})

	production.NewHttpEntrance(stack, jsii.String("Api"), &production.HttpEntranceProps{
		Entrance: production.Entrance_CheapestFor(&production.EntranceRequirements{Jwt: jsii.Bool(true), SeveralFunctions: jsii.Bool(true)}),
		Access: production.Access_Jwt(&production.JwtAccessOptions{
			Issuer:   jsii.String("https://login.example.com"),
			Audience: jsii.Strings("orders"),
		}),
		Routes: &[]*production.EntranceRoute{
			{Method: awsapigatewayv2.HttpMethod_POST, Path: jsii.String("/orders"), Function: take, Scopes: jsii.Strings("orders:write")},
			{
				Method:  awsapigatewayv2.HttpMethod_POST,
				Path:    jsii.String("/webhook"),
				Function: take,
				Access:  production.Access_Unauthenticated(&production.UnauthenticatedAccessOptions{Reason: jsii.String("the handler checks the signature")}),
			},
		},
		Cors: &awsapigatewayv2.CorsPreflightOptions{AllowOrigins: jsii.Strings("https://shop.example.com")},
	})
	production.NewHttpEntrance(stack, jsii.String("Partners"), &production.HttpEntranceProps{
		Entrance: production.Entrance_RestApi(nil),
		Access:   production.Access_Iam(),
		Routes: production.OpenApiRoutes_FromFile(jsii.String("../api/orders.json"),
			&map[string]awslambda.IFunction{"readOrder": take, "takeOrder": take}, nil),
	})

	production.AlarmActions_Of(stack).AddTopic(awssns.NewTopic(stack, jsii.String("OnCall"), nil))
	production.NewProductionDashboard(stack, jsii.String("Dashboard"), &production.ProductionDashboardProps{
		Functions:   &[]awslambda.IAlias{take, work},
		Queues:      &[]awssqs.IQueue{production.FailureQueue_GetOrCreate(stack)},
		AlarmStatus: &[]awscloudwatch.IAlarm{take.Alarms().ErrorRateAlarm()},
	})
	awscdk.Validations_Of(live).Acknowledge(&awscdk.Acknowledgment{
		Id:     jsii.String("ProductionChecks::LP-F23"),
		Reason: jsii.String("a missed report is made again the next night"),
	})
	return stack
}

// refused asks for what Lambda would refuse.
func refused(app awscdk.App) {
	stack := awscdk.NewStack(app, jsii.String("Orders"), nil)
	work := production.NewProductionFunction(stack, jsii.String("Work"), &production.ProductionFunctionProps{
		Runtime: awslambda.Runtime_NODEJS_24_X(),
		Handler: jsii.String("index.handler"),
		Code:    awslambda.Code_FromAsset(jsii.String("../handlers/work"), nil),
	})
	production.NewQueueConsumer(stack, jsii.String("Queue"), &production.QueueConsumerProps{Function: work, MaxConcurrency: jsii.Number(1)})
}

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	if len(os.Args) > 1 && os.Args[1] == "refused" {
		refused(app)
	} else {
		newOrdersStack(app, "Orders")
	}
	awscdk.Validations_Of(app).AddPlugins(production.NewProductionChecks(&production.ProductionChecksProps{
		Severities: &[]*production.SeverityChange{{Rule: jsii.String("LP-F01"), Severity: production.CheckSeverity_OFF}},
		Exemptions: &[]*production.CheckExemption{{
			Rule:   jsii.String("LP-H09"),
			Path:   jsii.String("Orders/Api"),
			Reason: jsii.String("the handler of /webhook checks the signature"),
		}},
	}))
	app.Synth(nil)
}
