import { Duration, Lazy, Names, Stack } from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as targets from 'aws-cdk-lib/aws-route53-targets';
import { type Construct, Dependable, type IDependable } from 'constructs';
import { accessLogGroup } from './access-log';
import { type AccessSpec, asJwt, authorizerId, cacheSeconds, type JwtSpec, type LambdaAuthorizerSpec, type UserPoolSpec } from './access-spec';
import { type Door, type DoorSettings, METHODS_BESIDE_PREFLIGHT, type MetricNames, routeSignature, type SettledRoute, type Throttle } from './door';
import { type EntranceDomain, pointAt } from './entrance-domain';
import { acknowledgePublic } from './public-route';
import { idOf } from './target-function';
import { HTTP_API_LOG_FORMAT, vendedLogName } from '../private/access-log';

/** An HTTP API with payload 2.0: one integration and one permission a function, one route resource a route. */
export class HttpApiDoor implements Door {
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

  constructor(private readonly scope: Construct, private readonly settings: DoorSettings) {
    const { domain } = settings;
    this.httpApi = new apigwv2.HttpApi(scope, 'Api', {
      apiName: Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' }),
      createDefaultStage: false,
      corsPreflight: this.corsPreflight(),
      disableExecuteApiEndpoint: domain !== undefined,
    });
    this.stage = this.createStage(domain && this.createDomain(domain));
    this.url = domain ? `https://${domain.domainName}/` : this.stage.url;
    for (const route of settings.routes) this.addRoute(route);
  }

  public addRoute(route: SettledRoute): void {
    if (!this.settings.cors || route.method !== 'ANY') {
      this.dropRoute(route);
      this.addRouteOf(route.method, route);
      return;
    }
    // A route for ANY would catch the preflight, send it past the authorizer and fail it.
    const methods = METHODS_BESIDE_PREFLIGHT.filter(method => !this.routes.has(routeSignature(method, route.path)));
    for (const method of methods) this.addRouteOf(method, route);
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

  private addRouteOf(method: string, route: SettledRoute): void {
    const resource = new apigwv2.CfnRoute(this.scope, `${method}${route.path}`, {
      apiId: this.httpApi.apiId,
      routeKey: `${method} ${route.path}`,
      target: `integrations/${this.integrationOf(route.handler).integrationId}`,
      ...this.authorization(route.access),
      authorizationScopes: route.scopes.length > 0 ? route.scopes : undefined,
    });
    this.routes.set(routeSignature(method, route.path), resource);
    acknowledgePublic(resource, route.access);
    if (route.throttle) this.throttles.set(resource, route.throttle);
  }

  /** A route for one method goes before what an earlier route for ANY became. */
  private dropRoute({ method, path }: SettledRoute): void {
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
      throttle: this.settings.throttle,
      detailedMetricsEnabled: true,
      domainMapping: domainName && { domainName },
      accessLogSettings: {
        destination: new apigwv2.LogGroupLogDestination(accessLogGroup(this.scope, this.settings.logRetention, vendedLogName(this.scope))),
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
      // what a route states replaces the default settings as a whole
      DetailedMetricsEnabled: true,
    }]));
  }

  /** A stage whose settings name a route that isn't there yet can't be created. */
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
    pointAt(this.scope, domain, new targets.ApiGatewayv2DomainProperties(name.regionalDomainName, name.regionalHostedZoneId));
    return name;
  }

  private integrationOf(handler: lambda.IFunction): apigwv2.HttpIntegration {
    const present = this.integrations.get(handler);
    if (present) return present;
    const integration = new apigwv2.HttpIntegration(this.scope, `Integration${idOf(handler)}`, {
      httpApi: this.httpApi,
      integrationType: apigwv2.HttpIntegrationType.AWS_PROXY,
      integrationUri: handler.functionArn,
      payloadFormatVersion: apigwv2.PayloadFormatVersion.VERSION_2_0,
    });
    this.integrations.set(handler, integration);
    handler.addPermission(`Permission${idOf(handler)}`, {
      scope: this.scope,
      principal: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.httpApi.arnForExecuteApi('*', '/*', '*'),
    });
    return integration;
  }

  private authorization(access: AccessSpec): { authorizationType: string; authorizerId?: string } {
    switch (access.kind) {
      case 'public': return { authorizationType: 'NONE' };
      case 'iam': return { authorizationType: 'AWS_IAM' };
      case 'lambdaAuthorizer': return { authorizationType: 'CUSTOM', authorizerId: this.authorizerOf(access).authorizerId };
      default: return { authorizationType: 'JWT', authorizerId: this.authorizerOf(access).authorizerId };
    }
  }

  private authorizerOf(access: JwtSpec | UserPoolSpec | LambdaAuthorizerSpec): apigwv2.HttpAuthorizer {
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
    const { handler, headers, queryStrings } = access;
    const ttl = cacheSeconds(access);
    const { partition, region } = Stack.of(this.scope);
    const authorizer = new apigwv2.HttpAuthorizer(this.scope, id, {
      httpApi: this.httpApi,
      type: apigwv2.HttpAuthorizerType.LAMBDA,
      authorizerUri: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${handler.functionArn}/invocations`,
      payloadFormatVersion: apigwv2.AuthorizerPayloadVersion.VERSION_2_0,
      enableSimpleResponses: true,
      resultsCacheTtl: Duration.seconds(ttl),
      // With the route among them, an answer that is kept for one route says nothing about another.
      identitySource: [
        ...headers.map(name => `$request.header.${name}`),
        ...queryStrings.map(name => `$request.querystring.${name}`),
        ...ttl !== 0 ? ['$context.routeKey'] : [],
      ],
    });
    handler.addPermission(`Permission${id}`, {
      scope: this.scope,
      principal: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this.scope).formatArn({ service: 'execute-api', resource: this.httpApi.apiId, resourceName: `authorizers/${authorizer.authorizerId}` }),
    });
    return authorizer;
  }

  private corsPreflight(): apigwv2.CorsPreflightOptions | undefined {
    const { cors } = this.settings;
    if (!cors) return undefined;
    const { maxAgeSeconds, allowMethods, ...rest } = cors;
    return { ...rest, allowMethods: allowMethods as apigwv2.CorsHttpMethod[], maxAge: Duration.seconds(maxAgeSeconds) };
  }
}
