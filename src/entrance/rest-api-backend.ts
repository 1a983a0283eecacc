import { Duration, Lazy, Names, Validations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as targets from 'aws-cdk-lib/aws-route53-targets';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import type { Construct, IConstruct } from 'constructs';
import { accessLogGroup, restAccessLogDestination } from './access-log';
import { type AccessSpec, acknowledgeUnauthenticated } from './access-spec';
import { ApiGatewayAccount } from './api-gateway-account';
import type { EntranceBackend, EntranceBackendProps, MetricNames } from './entrance-backend';
import { addDnsRecord } from './entrance-domain';
import type { RestApiEntranceOptions } from './entrance-props';
import { EVERY_METHOD, PrivateApiPolicy, STAGE } from './private-api-policy';
import type { ResolvedRoute } from './resolved-route';
import { RestApiAuthorizers } from './rest-api-authorizers';
import { addErrorResponses } from './rest-api-error-responses';
import { findLateTenancy, isTenantIsolated, TENANT_ID_HEADER, tenantIdSource } from './tenant-isolation';
import { DEFAULTS } from '../defaults';
import { REST_API_LOG_FORMAT } from '../private/log-groups';
import { sortedKeys } from '../private/template-json';
import { Profile } from '../profile';

const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** A regional or private REST API: one permission for each function, a request validator, and error responses in one format. */
export class RestApiBackend implements EntranceBackend {
  public readonly restApi: apigateway.RestApi;
  public readonly url: string;
  public readonly metricNames: MetricNames = {
    requests: 'Count', serverErrors: ['5XXError'], clientErrors: ['4XXError'], latency: 'Latency', latencyUnitMilliseconds: 1, integrationLatency: 'IntegrationLatency',
  };

  private privatePolicy?: PrivateApiPolicy;
  private readonly validator: apigateway.RequestValidator;
  private readonly authorizers: RestApiAuthorizers;
  private readonly integrations = new Map<lambda.IFunction, apigateway.LambdaIntegration>();
  private readonly withPreflight = new Set<apigateway.IResource>();
  private readonly throttled: ResolvedRoute[] = [];

  constructor(private readonly scope: Construct, private readonly props: EntranceBackendProps, private readonly options: RestApiEntranceOptions) {
    this.restApi = this.createApi();
    this.validator = this.restApi.addRequestValidator('Validator', { validateRequestBody: true, validateRequestParameters: true });
    this.authorizers = new RestApiAuthorizers(scope, this.restApi);
    addErrorResponses(this.restApi, props.cors);
    this.addMethodThrottles();
    if (options.cloudWatchRole ?? Profile.of(scope).accountSettings) this.stage.node.addDependency(ApiGatewayAccount.getOrCreate(scope));
    if (!this.hasLog) this.acknowledgeNoLog();
    if (props.webAclArn) this.associateWebAcl(props.webAclArn);
    else this.acknowledgeNoWaf();
    const { domain } = props;
    if (domain) addDnsRecord(scope, domain, new targets.ApiGateway(this.restApi));
    this.url = domain ? `https://${domain.domainName}/` : this.restApi.url;
    for (const route of props.routes) this.addRoute(route);
  }

  public addRoute(route: ResolvedRoute): IConstruct[] {
    const resource = this.restApi.root.resourceForPath(route.path);
    this.addPreflight(resource);
    const method = resource.addMethod(route.method, this.integrationOf(route.function), {
      ...this.authorizers.authorizationOf(route.access),
      authorizationScopes: route.scopes.length > 0 ? route.scopes : undefined,
      apiKeyRequired: route.apiKeyRequired,
      requestValidator: this.validator,
      requestModels: this.requestModels(route),
      requestParameters: this.requestParameters(route),
    });
    acknowledgeAccess(method.node.defaultChild as apigateway.CfnMethod, route.access);
    this.privatePolicy?.addRoute(route);
    if (route.throttle) this.throttled.push(route);
    return [method];
  }

  public grantInvoke(grantee: iam.IGrantable): iam.Grant {
    const grant = { grantee, actions: ['execute-api:Invoke'], resourceArns: [this.restApi.arnForExecuteApi('*', '/*', this.stage.stageName)] };
    return this.privatePolicy ? iam.Grant.addToPrincipalOrResource({ ...grant, resource: this.restApi, resourceSelfArns: [EVERY_METHOD] })
      : iam.Grant.addToPrincipal(grant);
  }

  public metric(metricName: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.stage.metric(metricName, options);
  }

  /** The stage can log only with the account's role for logs: the stack creates it, or `cloudWatchRole: false` states that it exists. */
  private get hasLog(): boolean {
    return this.options.cloudWatchRole !== undefined || Profile.of(this.scope).accountSettings;
  }

  private get stage(): apigateway.Stage {
    return this.restApi.deploymentStage;
  }

  private get binaryMediaTypes(): string[] {
    return [...this.options.binaryMediaTypes ?? DEFAULTS.HttpEntrance.binaryMediaTypes.value.split(',')];
  }

  private acknowledgeNoLog(): void {
    const reason = 'the profile changes no account settings, and the role for logs of REST APIs is an account setting';
    for (const id of ['AwsSolutions::AwsSolutions-APIG1', 'AwsSolutions::AwsSolutions-APIG6', 'Serverless::Serverless-APIGWAccessLogging']) {
      Validations.of(this.stage).acknowledge({ id, reason });
    }
  }

  private createApi(): apigateway.RestApi {
    const { throttle, domain } = this.props;
    const { vpcEndpoints } = this.options;
    const api = new apigateway.RestApi(this.scope, 'Api', {
      // The name is the dimension of the metrics: two APIs of one name would share their metrics.
      restApiName: Names.uniqueResourceName(this.scope, { maxLength: 128, separator: '-' }),
      endpointConfiguration: { types: [vpcEndpoints ? apigateway.EndpointType.PRIVATE : apigateway.EndpointType.REGIONAL], vpcEndpoints },
      binaryMediaTypes: this.binaryMediaTypes,
      cloudWatchRole: false,
      disableExecuteApiEndpoint: domain !== undefined,
      domainName: domain && {
        domainName: domain.domainName,
        certificate: domain.certificate,
        securityPolicy: apigateway.SecurityPolicy.TLS_1_2,
        mtls: domain.mutualTls,
      },
      deployOptions: {
        stageName: STAGE,
        throttlingRateLimit: throttle.rateLimit,
        throttlingBurstLimit: throttle.burstLimit,
        metricsEnabled: true,
        dataTraceEnabled: false,
        tracingEnabled: true,
        ...this.hasLog && {
          loggingLevel: apigateway.MethodLoggingLevel.ERROR,
          accessLogDestination: restAccessLogDestination(accessLogGroup(this.scope, this.props)),
          accessLogFormat: REST_API_LOG_FORMAT,
        },
      },
    });
    if (vpcEndpoints) this.privatePolicy = new PrivateApiPolicy(this.scope, api, vpcEndpoints, this.props.cors !== undefined);
    return api;
  }

  private integrationOf(fn: lambda.IFunction): apigateway.LambdaIntegration {
    const present = this.integrations.get(fn);
    if (present) return present;
    const isIsolated = isTenantIsolated(fn);
    if (!isIsolated) this.scope.node.addValidation({ validate: () => findLateTenancy(fn) });
    const integration = new apigateway.LambdaIntegration(fn, {
      scopePermissionToMethod: false,
      timeout: this.props.streaming ? Duration.minutes(15) : this.options.raisedTimeoutQuota,
      requestParameters: isIsolated ? { [TENANT_ID_HEADER]: tenantIdSource(this.options) } : undefined,
      responseTransferMode: this.props.streaming ? apigateway.ResponseTransferMode.STREAM : undefined,
    });
    this.integrations.set(fn, integration);
    return integration;
  }

  private addPreflight(resource: apigateway.IResource): void {
    const { cors } = this.props;
    if (!cors || this.withPreflight.has(resource)) return;
    this.withPreflight.add(resource);
    const { maxAgeSeconds, ...rest } = cors;
    const method = resource.addCorsPreflight({ ...rest, maxAge: Duration.seconds(maxAgeSeconds) });
    // If every body is binary, API Gateway cannot read the template of the response to a preflight request.
    if (this.binaryMediaTypes.includes('*/*')) (method.node.defaultChild as apigateway.CfnMethod).addPropertyOverride('Integration.ContentHandling', 'CONVERT_TO_TEXT');
  }

  /** `$default` applies to every content type. A model for one content type would not validate bodies of another. */
  private requestModels(route: ResolvedRoute): { [contentType: string]: apigateway.IModel } | undefined {
    // Sorted: the order of keys differs between languages, and the id of the deployment is a hash of the template.
    const schema = route.validation?.body && sortedKeys(route.validation.body);
    return schema && { $default: this.restApi.addModel(`Body${route.method}${route.path}`, { contentType: 'application/json', schema }) };
  }

  private requestParameters({ function: fn, validation }: ResolvedRoute): Record<string, boolean> | undefined {
    const { headers = [], queryStrings = [] } = validation ?? {};
    const names = [...headers.map(name => `method.request.header.${name}`), ...queryStrings.map(name => `method.request.querystring.${name}`)];
    const source = tenantIdSource(this.options);
    if (isTenantIsolated(fn) && source.startsWith('method.request.')) names.push(source);
    return names.length > 0 ? Object.fromEntries(names.map(name => [name, true])) : undefined;
  }

  /** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigateway-stage-methodsetting.html */
  private addMethodThrottles(): void {
    const stage = this.stage.node.defaultChild as apigateway.CfnStage;
    const defaults = stage.methodSettings as apigateway.CfnStage.MethodSettingProperty[];
    stage.methodSettings = Lazy.any({ produce: () => [...defaults, ...this.throttled.flatMap(route => methodSettingsOf(route, defaults[0]))] });
  }

  private associateWebAcl(webAclArn: string): void {
    new wafv2.CfnWebACLAssociation(this.scope, 'WebAclAssociation', { resourceArn: this.stage.stageArn, webAclArn });
  }

  private acknowledgeNoWaf(): void {
    Validations.of(this.stage).acknowledge({
      id: 'AwsSolutions::AwsSolutions-APIG3',
      reason: "access control, throttle and validation protect the API; the prop 'webAclArn' adds a web ACL",
    });
  }
}

/** The settings of a method replace all settings for `*`. A stage has no settings for ANY, so each method has its own. */
function methodSettingsOf(route: ResolvedRoute, defaults: apigateway.CfnStage.MethodSettingProperty): apigateway.CfnStage.MethodSettingProperty[] {
  return (route.method === 'ANY' ? METHODS : [route.method]).map(httpMethod => ({
    ...defaults,
    httpMethod,
    resourcePath: route.path === '/' ? '/' : `/${route.path.replace(/\//g, '~1')}`,
    throttlingRateLimit: route.throttle!.rateLimit,
    throttlingBurstLimit: route.throttle!.burstLimit,
  }));
}

/** cdk-nag reports methods without an authorizer for user pools: the reason is the access of the route. */
function acknowledgeAccess(method: apigateway.CfnMethod, access: AccessSpec): void {
  acknowledgeUnauthenticated(method, access);
  if (access.kind === 'userPool') return;
  Validations.of(method).acknowledge({
    id: 'AwsSolutions::AwsSolutions-COG4',
    reason: access.kind === 'unauthenticated' ? access.reason : `access is by ${access.kind === 'iam' ? 'IAM' : 'a Lambda authorizer'}`,
  });
}
