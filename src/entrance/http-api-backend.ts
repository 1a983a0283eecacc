import { Duration, Lazy, Names, Stack } from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as targets from 'aws-cdk-lib/aws-route53-targets';
import { type Construct, Dependable, type IConstruct, type IDependable } from 'constructs';
import { accessLogGroup } from './access-log';
import { type AccessSpec, acknowledgeUnauthenticated, asJwt, authorizerId, type AuthorizerSpec, cacheSeconds, type JwtSpec, type LambdaAuthorizerSpec } from './access-spec';
import { METHODS_EXCEPT_OPTIONS } from './cors';
import { type EntranceBackend, type EntranceBackendProps, functionId, type MetricNames } from './entrance-backend';
import { type EntranceDomain, addDnsRecord } from './entrance-domain';
import { type ResolvedRoute, routeSignature } from './resolved-route';
import type { Throttle } from './throttle';
import { HTTP_API_LOG_FORMAT, vendedLogName } from '../private/log-groups';

/** An HTTP API with payload format 2.0: one integration and one permission for each function, one resource for each route. */
export class HttpApiBackend implements EntranceBackend {
  public readonly httpApi: apigwv2.HttpApi;
  public readonly url: string;
  public readonly metricNames: MetricNames = {
    requests: 'Count', serverErrors: ['5xx'], clientErrors: ['4xx'], latency: 'Latency', latencyUnitMilliseconds: 1, integrationLatency: 'IntegrationLatency',
  };

  private readonly stage: apigwv2.HttpStage;
  private readonly integrations = new Map<lambda.IFunction, apigwv2.HttpIntegration>();
  private readonly authorizers = new Map<string, apigwv2.HttpAuthorizer>();
  private readonly routes = new Map<string, apigwv2.CfnRoute>();
  private readonly throttles = new Map<apigwv2.CfnRoute, Throttle>();

  constructor(private readonly scope: Construct, private readonly props: EntranceBackendProps) {
    const { domain } = props;
    this.httpApi = new apigwv2.HttpApi(scope, 'Api', {
      apiName: Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' }),
      createDefaultStage: false,
      corsPreflight: this.corsPreflight(),
      disableExecuteApiEndpoint: domain !== undefined,
    });
    this.stage = this.createStage(domain && this.createDomain(domain));
    this.url = domain ? `https://${domain.domainName}/` : this.stage.url;
    for (const route of props.routes) this.addRoute(route);
  }

  public addRoute(route: ResolvedRoute): IConstruct[] {
    if (!this.props.cors || route.method !== 'ANY') {
      this.removeRoute(route);
      return [this.addMethod(route.method, route)];
    }
    // A route for ANY would match preflight requests, and its authorizer would reject them.
    const methods = METHODS_EXCEPT_OPTIONS.filter(method => !this.routes.has(routeSignature(method, route.path)));
    return methods.map(method => this.addMethod(method, route));
  }

  public grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['execute-api:Invoke'],
      resourceArns: [this.httpApi.arnForExecuteApi('*', '/*', this.stage.stageName)],
    });
  }

  public metric(metricName: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.stage.metric(metricName, options);
  }

  private addMethod(method: string, route: ResolvedRoute): apigwv2.CfnRoute {
    const resource = new apigwv2.CfnRoute(this.scope, `${method}${route.path}`, {
      apiId: this.httpApi.apiId,
      routeKey: `${method} ${route.path}`,
      target: `integrations/${this.integrationOf(route.function).integrationId}`,
      ...this.authorization(route.access),
      authorizationScopes: route.scopes.length > 0 ? route.scopes : undefined,
    });
    this.routes.set(routeSignature(method, route.path), resource);
    acknowledgeUnauthenticated(resource, route.access);
    if (route.throttle) this.throttles.set(resource, route.throttle);
    return resource;
  }

  /** A route for one method replaces the route that an earlier route for ANY created for the method. */
  private removeRoute({ method, path }: ResolvedRoute): void {
    const present = this.routes.get(routeSignature(method, path));
    if (!present) return;
    this.scope.node.tryRemoveChild(present.node.id);
    this.throttles.delete(present);
  }

  private createStage(domainName?: apigwv2.DomainName): apigwv2.HttpStage {
    const stage = new apigwv2.HttpStage(this.scope, 'Stage', {
      httpApi: this.httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: this.props.throttle,
      detailedMetricsEnabled: true,
      domainMapping: domainName && { domainName },
      accessLogSettings: {
        destination: new apigwv2.LogGroupLogDestination(accessLogGroup(this.scope, this.props, vendedLogName(this.scope))),
        format: HTTP_API_LOG_FORMAT,
      },
    });
    (stage.node.defaultChild as apigwv2.CfnStage).routeSettings = Lazy.any({ produce: () => this.routeSettings() });
    stage.node.addDependency(this.throttledRoutes());
    return stage;
  }

  private routeSettings(): Record<string, object> | undefined {
    if (this.throttles.size === 0) return undefined;
    return Object.fromEntries([...this.throttles].map(([route, { rateLimit, burstLimit }]) => [route.routeKey, {
      ThrottlingRateLimit: rateLimit,
      ThrottlingBurstLimit: burstLimit,
      // The settings of a route replace all default settings.
      DetailedMetricsEnabled: true,
    }]));
  }

  /** The stage depends on the routes that its settings name. */
  private throttledRoutes(): IDependable {
    const { throttles } = this;
    const routes = {};
    Dependable.implement(routes, {
      get dependencyRoots() {
        return [...throttles.keys()];
      },
    });
    return routes;
  }

  private createDomain(domain: EntranceDomain): apigwv2.DomainName {
    const name = new apigwv2.DomainName(this.scope, 'Domain', {
      domainName: domain.domainName,
      certificate: domain.certificate,
      securityPolicy: apigwv2.SecurityPolicy.TLS_1_2,
      mtls: domain.mutualTls,
    });
    addDnsRecord(this.scope, domain, new targets.ApiGatewayv2DomainProperties(name.regionalDomainName, name.regionalHostedZoneId));
    return name;
  }

  private integrationOf(fn: lambda.IFunction): apigwv2.HttpIntegration {
    const present = this.integrations.get(fn);
    if (present) return present;
    const integration = new apigwv2.HttpIntegration(this.scope, `Integration${functionId(fn)}`, {
      httpApi: this.httpApi,
      integrationType: apigwv2.HttpIntegrationType.AWS_PROXY,
      integrationUri: fn.functionArn,
      payloadFormatVersion: apigwv2.PayloadFormatVersion.VERSION_2_0,
    });
    this.integrations.set(fn, integration);
    fn.addPermission(`Permission${functionId(fn)}`, {
      scope: this.scope,
      principal: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.httpApi.arnForExecuteApi('*', '/*', '*'),
    });
    return integration;
  }

  private authorization(access: AccessSpec): { authorizationType: string; authorizerId?: string } {
    switch (access.kind) {
      case 'unauthenticated': return { authorizationType: 'NONE' };
      case 'iam': return { authorizationType: 'AWS_IAM' };
      case 'lambdaAuthorizer': return { authorizationType: 'CUSTOM', authorizerId: this.authorizerOf(access).authorizerId };
      default: return { authorizationType: 'JWT', authorizerId: this.authorizerOf(access).authorizerId };
    }
  }

  private authorizerOf(access: AuthorizerSpec): apigwv2.HttpAuthorizer {
    const id = authorizerId(this.scope, access);
    const present = this.authorizers.get(id);
    if (present) return present;
    const authorizer = access.kind === 'lambdaAuthorizer' ? this.createLambdaAuthorizer(id, access)
      : this.createJwtAuthorizer(id, access.kind === 'jwt' ? access : asJwt(access));
    this.authorizers.set(id, authorizer);
    return authorizer;
  }

  private createJwtAuthorizer(id: string, { issuer, audience }: JwtSpec): apigwv2.HttpAuthorizer {
    return new apigwv2.HttpAuthorizer(this.scope, id, {
      httpApi: this.httpApi,
      type: apigwv2.HttpAuthorizerType.JWT,
      identitySource: ['$request.header.Authorization'],
      jwtIssuer: issuer,
      jwtAudience: audience,
    });
  }

  private createLambdaAuthorizer(id: string, access: LambdaAuthorizerSpec): apigwv2.HttpAuthorizer {
    const { function: fn, headers, queryStrings } = access;
    const ttl = cacheSeconds(access);
    const { partition, region } = Stack.of(this.scope);
    const authorizer = new apigwv2.HttpAuthorizer(this.scope, id, {
      httpApi: this.httpApi,
      type: apigwv2.HttpAuthorizerType.LAMBDA,
      authorizerUri: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${fn.functionArn}/invocations`,
      payloadFormatVersion: apigwv2.AuthorizerPayloadVersion.VERSION_2_0,
      enableSimpleResponses: true,
      resultsCacheTtl: Duration.seconds(ttl),
      // With the route as an identity source, a cached result applies to that route only.
      identitySource: [
        ...headers.map(name => `$request.header.${name}`),
        ...queryStrings.map(name => `$request.querystring.${name}`),
        ...ttl !== 0 ? ['$context.routeKey'] : [],
      ],
    });
    fn.addPermission(`Permission${id}`, {
      scope: this.scope,
      principal: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this.scope).formatArn({ service: 'execute-api', resource: this.httpApi.apiId, resourceName: `authorizers/${authorizer.authorizerId}` }),
    });
    return authorizer;
  }

  private corsPreflight(): apigwv2.CorsPreflightOptions | undefined {
    const { cors } = this.props;
    if (!cors) return undefined;
    const { maxAgeSeconds, allowMethods, ...rest } = cors;
    return { ...rest, allowMethods: allowMethods as apigwv2.CorsHttpMethod[], maxAge: Duration.seconds(maxAgeSeconds) };
  }
}
