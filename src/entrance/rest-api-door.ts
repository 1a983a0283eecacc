import { Duration, Lazy, Names, Validations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as targets from 'aws-cdk-lib/aws-route53-targets';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { accessLogGroup, restAccessLogDestination } from './access-log';
import { ApiGatewayAccount } from './api-gateway-account';
import type { Door, DoorSettings, MetricNames, SettledRoute } from './door';
import type { RestApiEntranceOptions } from './entrance';
import { pointAt } from './entrance-domain';
import { addErrorResponses } from './error-responses';
import { acknowledgePublic } from './public-route';
import { RestAuthorizers } from './rest-authorizers';
import { REST_API_LOG_FORMAT } from '../private/access-log';
import { sortedKeys } from '../private/sorted-keys';
import { Profile } from '../profile';

const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** A regional or private REST API: one permission a function, a validator, and error responses of one shape. */
export class RestApiDoor implements Door {
  public readonly restApi: apigateway.RestApi;
  public readonly url: string;
  public readonly metricNames: MetricNames = {
    requests: 'Count', serverErrors: ['5XXError'], clientErrors: ['4XXError'], latency: 'Latency', latencyUnitMilliseconds: 1, integrationLatency: 'IntegrationLatency',
  };

  private readonly validator: apigateway.RequestValidator;
  private readonly authorizers: RestAuthorizers;
  private readonly integrations = new Map<lambda.IFunction, apigateway.LambdaIntegration>();
  private readonly withPreflight = new Set<apigateway.IResource>();
  private readonly throttled: SettledRoute[] = [];

  constructor(private readonly scope: Construct, private readonly settings: DoorSettings, private readonly options: RestApiEntranceOptions) {
    this.restApi = this.createApi();
    this.validator = this.restApi.addRequestValidator('Validator', { validateRequestBody: true, validateRequestParameters: true });
    this.authorizers = new RestAuthorizers(scope);
    addErrorResponses(this.restApi, settings.cors);
    this.letMethodsThrottle();
    if (options.cloudWatchRole ?? Profile.of(scope).accountSettings) this.stage.node.addDependency(ApiGatewayAccount.of(scope));
    if (!this.hasLog) this.acknowledgeNoLog();
    if (settings.webAclArn) this.associate(settings.webAclArn);
    else this.acknowledgeNoWaf();
    const { domain } = settings;
    if (domain) pointAt(scope, domain, new targets.ApiGateway(this.restApi));
    this.url = domain ? `https://${domain.domainName}/` : this.restApi.url;
    for (const route of settings.routes) this.addRoute(route);
  }

  public addRoute(route: SettledRoute): void {
    const resource = this.restApi.root.resourceForPath(route.path);
    this.addPreflight(resource);
    const method = resource.addMethod(route.method, this.integrationOf(route.handler), {
      ...this.authorizers.authorizationOf(route.access),
      authorizationScopes: route.scopes.length > 0 ? route.scopes : undefined,
      apiKeyRequired: route.apiKeyRequired,
      requestValidator: this.validator,
      requestModels: this.requestModels(route),
      requestParameters: this.requestParameters(route),
    });
    const resourceOfMethod = method.node.defaultChild as apigateway.CfnMethod;
    acknowledgePublic(resourceOfMethod, route.access);
    if (route.access.kind !== 'userPool') {
      Validations.of(resourceOfMethod).acknowledge({
        id: 'AwsSolutions::AwsSolutions-COG4',
        reason: route.access.kind === 'public' ? route.access.reason : `access is by ${route.access.kind === 'iam' ? 'IAM' : 'a Lambda authorizer'}`,
      });
    }
    if (route.throttle) this.throttled.push(route);
  }

  public grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['execute-api:Invoke'],
      resourceArns: [this.restApi.arnForExecuteApi('*', '/*', this.stage.stageName)],
    });
  }

  public metric(metricName: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.stage.metric(metricName, options);
  }

  /** The role for logs of REST APIs belongs to the account: without it, or the word that it is there, the stage can't log. */
  private get hasLog(): boolean {
    return this.options.cloudWatchRole !== undefined || Profile.of(this.scope).accountSettings;
  }

  private get stage(): apigateway.Stage {
    return this.restApi.deploymentStage;
  }

  private acknowledgeNoLog(): void {
    const reason = 'the profile of its scope makes no settings of the account, and the role for logs of REST APIs is one';
    for (const id of ['AwsSolutions::AwsSolutions-APIG1', 'AwsSolutions::AwsSolutions-APIG6', 'Serverless::Serverless-APIGWAccessLogging']) {
      Validations.of(this.stage).acknowledge({ id, reason });
    }
  }

  private createApi(): apigateway.RestApi {
    const { throttle, domain, logRetention } = this.settings;
    const { vpcEndpoints } = this.options;
    const api = new apigateway.RestApi(this.scope, 'Api', {
      // the dimension of its metrics, which two APIs of one name would share
      restApiName: Names.uniqueResourceName(this.scope, { maxLength: 128, separator: '-' }),
      endpointConfiguration: { types: [vpcEndpoints ? apigateway.EndpointType.PRIVATE : apigateway.EndpointType.REGIONAL], vpcEndpoints },
      cloudWatchRole: false,
      disableExecuteApiEndpoint: domain !== undefined,
      domainName: domain && {
        domainName: domain.domainName,
        certificate: domain.certificate,
        securityPolicy: apigateway.SecurityPolicy.TLS_1_2,
        mtls: domain.mutualTls,
      },
      deployOptions: {
        stageName: 'live',
        throttlingRateLimit: throttle.rateLimit,
        throttlingBurstLimit: throttle.burstLimit,
        metricsEnabled: true,
        dataTraceEnabled: false,
        tracingEnabled: true,
        ...this.hasLog && {
          loggingLevel: apigateway.MethodLoggingLevel.ERROR,
          accessLogDestination: restAccessLogDestination(accessLogGroup(this.scope, logRetention)),
          accessLogFormat: REST_API_LOG_FORMAT,
        },
      },
    });
    if (vpcEndpoints) api.grantInvokeFromVpcEndpointsOnly(vpcEndpoints);
    return api;
  }

  private integrationOf(handler: lambda.IFunction): apigateway.LambdaIntegration {
    const present = this.integrations.get(handler);
    if (present) return present;
    const integration = new apigateway.LambdaIntegration(handler, {
      scopePermissionToMethod: false,
      timeout: this.settings.streaming ? Duration.minutes(15) : this.options.raisedTimeoutQuota,
      responseTransferMode: this.settings.streaming ? apigateway.ResponseTransferMode.STREAM : undefined,
    });
    this.integrations.set(handler, integration);
    return integration;
  }

  private addPreflight(resource: apigateway.IResource): void {
    const { cors } = this.settings;
    if (!cors || this.withPreflight.has(resource)) return;
    this.withPreflight.add(resource);
    const { maxAgeSeconds, ...rest } = cors;
    resource.addCorsPreflight({ ...rest, maxAge: Duration.seconds(maxAgeSeconds) });
  }

  /** `$default`: a model for one content type would be passed by with another. */
  private requestModels(route: SettledRoute): { [contentType: string]: apigateway.IModel } | undefined {
    const schema = sortedKeys(route.validation.body); // each language has its own order, and the deployment's id is a hash
    return schema && { $default: this.restApi.addModel(`Body${route.method}${route.path}`, { contentType: 'application/json', schema }) };
  }

  private requestParameters({ validation: { headers = [], queryStrings = [] } }: SettledRoute): Record<string, boolean> | undefined {
    const names = [...headers.map(name => `header.${name}`), ...queryStrings.map(name => `querystring.${name}`)];
    return names.length > 0 ? Object.fromEntries(names.map(name => [`method.request.${name}`, true])) : undefined;
  }

  /** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigateway-stage-methodsetting.html */
  private letMethodsThrottle(): void {
    const stage = this.stage.node.defaultChild as apigateway.CfnStage;
    const ofAllMethods = stage.methodSettings as apigateway.CfnStage.MethodSettingProperty[];
    stage.methodSettings = Lazy.any({ produce: () => [...ofAllMethods, ...this.throttled.flatMap(route => settingsOf(route, ofAllMethods[0]))] });
  }

  private associate(webAclArn: string): void {
    new wafv2.CfnWebACLAssociation(this.scope, 'WebAclAssociation', { resourceArn: this.stage.stageArn, webAclArn });
  }

  private acknowledgeNoWaf(): void {
    Validations.of(this.stage).acknowledge({
      id: 'AwsSolutions::AwsSolutions-APIG3',
      reason: "access control, throttle and validation stand without a web ACL; the prop 'webAclArn' adds one",
    });
  }
}

/** What a method states replaces the settings of all methods as a whole, and a stage knows no method ANY. */
function settingsOf(route: SettledRoute, ofAllMethods: apigateway.CfnStage.MethodSettingProperty): apigateway.CfnStage.MethodSettingProperty[] {
  return (route.method === 'ANY' ? METHODS : [route.method]).map(httpMethod => ({
    ...ofAllMethods,
    httpMethod,
    resourcePath: route.path === '/' ? '/' : `/${route.path.replace(/\//g, '~1')}`,
    throttlingRateLimit: route.throttle!.rateLimit,
    throttlingBurstLimit: route.throttle!.burstLimit,
  }));
}
