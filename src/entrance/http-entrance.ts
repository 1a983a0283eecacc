import { AspectPriority, Aspects } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct, type IConstruct } from 'constructs';
import { findJwtProblems } from './access-validation';
import { resolveCors } from './cors';
import { Entrance } from './entrance';
import { EntranceAlarms } from './entrance-alarms';
import type { EntranceBackend } from './entrance-backend';
import { Capability, requireCapability } from './entrance-capabilities';
import type { EntranceRoute } from './entrance-route';
import type { HttpEntranceProps } from './http-entrance-props';
import { validateHttpEntranceProps } from './http-entrance-validation';
import { warnHttpEntrance } from './http-entrance-warnings';
import { type ResolvedRoute, resolveRoute } from './resolved-route';
import { findOverlapProblems } from './route-overlap';
import { RouteRegistry } from './route-registry';
import { findTimeoutProblems, validateRoute } from './route-validation';
import { findTenancyProblems } from './tenant-isolation';
import { resolveThrottle } from './throttle';
import { requireProps } from '../private/validation';
import { Profile } from '../profile';

/**
 * The HTTP endpoint of Lambda functions: one construct for HTTP API, REST API, function URL and Application Load Balancer.
 *
 * Creates
 * - the entrance, with a throttle (HTTP API and REST API) and an access log in JSON (a function URL alone has none);
 * - one permission for each function, independent of the number of its routes: Lambda limits the resource-based policy of a
 *   function to 20,480 bytes, which about 55 permissions for single routes fill;
 * - alarms on the rate of 5xx responses, on the p90 and p99 latency, and on the p90 latency of the functions. The alarms have
 *   no action yet. Do not use them in the `release` of a function behind this entrance: the function would depend on the
 *   entrance, and the entrance depends on the function.
 *
 * A REST API responds to its own errors (not authenticated, throttled, no such route, failed function) with `{ "message",
 * "code", "requestId" }` and CORS headers, and adds `detail` if a request fails its `validation`. An HTTP API always responds
 * with `{ "message" }`. A load balancer responds with `message` and `code` to 404, and with HTML to its own 5xx errors. Function
 * URLs and CloudFront have formats of their own. So clients must check the status code first.
 *
 * Throws an error for options that the entrance does not support (the message names the entrances that do), an
 * unauthenticated route without a reason, a function that can run longer than the entrance waits, an authorizer with a
 * timeout above 10 seconds, authorizer results cached without an identity source, CORS with credentials for every origin,
 * malformed CORS origins, a second function URL for one function, and paths that a REST API cannot contain together. The
 * timeouts are checked again at synthesis, because overrides and Aspects can change them.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
 * @example
 * declare const pay: ProductionFunction;
 * const api = new HttpEntrance(this, 'Api', {
 *   access: Access.jwt({ issuer: 'https://login.example.com', audience: ['payments'] }),
 *   routes: [
 *     { method: apigwv2.HttpMethod.POST, path: '/payments', function: pay, throttle: { rateLimit: 50 } },
 *     { method: apigwv2.HttpMethod.GET, path: '/payments/{id}', function: pay },
 *   ],
 *   cors: { allowOrigins: ['https://shop.example.com'] },
 * });
 * api.errorRateAlarm.addAlarmAction(new cloudwatch_actions.SnsAction(new sns.Topic(this, 'OnCall')));
 */
export class HttpEntrance extends Construct {
  /**
   * The URL for callers, with a slash at the end.
   */
  public readonly url: string;

  /**
   * The HTTP API, if the entrance is one. Routes that are added to it directly have the defaults of the CDK.
   */
  public readonly httpApi?: apigwv2.HttpApi;

  /**
   * The REST API, if the entrance is one: for usage plans and other features of REST APIs.
   */
  public readonly restApi?: apigateway.RestApi;

  /**
   * The function URL, if the entrance is one.
   */
  public readonly functionUrl?: lambda.FunctionUrl;

  /**
   * The CloudFront distribution in front of the function URL, if there is one.
   */
  public readonly distribution?: cloudfront.Distribution;

  /**
   * The load balancer, if the entrance is one.
   */
  public readonly loadBalancer?: elbv2.ApplicationLoadBalancer;

  /**
   * The HTTPS listener of the load balancer.
   */
  public readonly listener?: elbv2.ApplicationListener;

  /**
   * Fires when too many requests receive a 5xx response. It has no action yet: add yours.
   */
  public readonly errorRateAlarm: cloudwatch.Alarm;

  /**
   * Fires when the p90 latency is too high. It has no action yet: add yours.
   */
  public readonly latencyAlarm: cloudwatch.Alarm;

  /**
   * Fires when the p99 latency is too high. It has no action yet: add yours.
   */
  public readonly tailLatencyAlarm: cloudwatch.Alarm;

  /**
   * Fires when the p90 latency of the functions is too high. HTTP API and REST API. It has no action yet: add yours.
   */
  public readonly integrationLatencyAlarm?: cloudwatch.Alarm;

  private readonly entrance: Entrance;
  private readonly registry: RouteRegistry;
  private readonly backend: EntranceBackend;

  constructor(scope: Construct, id: string, private readonly props: HttpEntranceProps) {
    super(scope, id);
    requireProps(this.node.path, props, 'access', 'routes');
    this.entrance = props.entrance ?? Entrance.httpApi();
    validateHttpEntranceProps(this, this.entrance, props);
    this.registry = new RouteRegistry(this.node.path, this.entrance._spec.kind, props.cors !== undefined);

    this.backend = this.createBackend(props.routes.map(route => this.register(route)));
    this.url = this.backend.url;
    this.httpApi = this.backend.httpApi;
    this.restApi = this.backend.restApi;
    this.functionUrl = this.backend.functionUrl;
    this.distribution = this.backend.distribution;
    this.loadBalancer = this.backend.loadBalancer;
    this.listener = this.backend.listener;

    const alarms = new EntranceAlarms(this, this.backend, props.alarms ?? {});
    this.errorRateAlarm = alarms.errorRate;
    this.latencyAlarm = alarms.latency;
    this.tailLatencyAlarm = alarms.tailLatency;
    this.integrationLatencyAlarm = alarms.integrationLatency;
    this.checkAtSynthesis();
  }

  /**
   * Adds a route. It is validated like the routes of the props.
   *
   * @param route The route
   * @returns The resources of the route: one route of an HTTP API (one for each method if `method` is ANY and `cors` is set),
   * the method of a REST API, the listener rule of a load balancer; none for a function URL
   */
  public addRoute(route: EntranceRoute): IConstruct[] {
    return this.backend.addRoute(this.register(route));
  }

  /**
   * Allows a principal to call every route whose access is by IAM. Not supported by a load balancer and CloudFront.
   *
   * @param grantee The principal
   */
  public grantInvoke(grantee: iam.IGrantable): iam.Grant {
    requireCapability(this.node.path, this.entrance._spec.kind, Capability.IAM, "'grantInvoke'");
    return this.backend.grantInvoke!(grantee);
  }

  /**
   * A metric of this entrance, by the name that its AWS service uses.
   *
   * @param metricName Name of the metric
   * @param options Statistic, period and other options
   */
  public metric(metricName: string, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.backend.metric(metricName, options);
  }

  /**
   * The number of requests.
   *
   * @param options Statistic, period and other options
   */
  public metricRequests(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.backend.metric(this.backend.metricNames.requests, { statistic: 'Sum', ...options });
  }

  /**
   * The number of 5xx responses, by the entrance and by the functions.
   *
   * @param options Statistic, period and other options
   */
  public metricServerErrors(options: cloudwatch.MetricOptions = {}): cloudwatch.IMetric {
    return this.sum(this.backend.metricNames.serverErrors, options);
  }

  /**
   * The number of 4xx responses, by the entrance and by the functions.
   *
   * @param options Statistic, period and other options
   */
  public metricClientErrors(options: cloudwatch.MetricOptions = {}): cloudwatch.IMetric {
    return this.sum(this.backend.metricNames.clientErrors, options);
  }

  /**
   * The latency of requests: in milliseconds, or in seconds for a load balancer.
   *
   * @param options Statistic, period and other options
   */
  public metricLatency(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.backend.metric(this.backend.metricNames.latency, { statistic: 'p90', ...options });
  }

  /**
   * The latency of the functions, in milliseconds. HTTP API and REST API.
   *
   * @param options Statistic, period and other options
   */
  public metricIntegrationLatency(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    requireCapability(this.node.path, this.entrance._spec.kind, Capability.INTEGRATION_LATENCY, "'metricIntegrationLatency'");
    return this.backend.metric(this.backend.metricNames.integrationLatency!, { statistic: 'p90', ...options });
  }

  private register(route: EntranceRoute): ResolvedRoute {
    requireProps(this.node.path, route, 'path', 'function');
    const resolved = resolveRoute(route, this.props.access);
    validateRoute(this.node.path, this.entrance, this.props, resolved);
    return this.registry.register(resolved);
  }

  private createBackend(routes: ResolvedRoute[]): EntranceBackend {
    const { throttle, logRetention, logEncryptionKey, streaming, cors, domain, webAclArn } = this.props;
    return this.entrance._createBackend(this, {
      routes,
      throttle: resolveThrottle(throttle),
      logRetention: logRetention ?? Profile.of(this).logRetention,
      logEncryptionKey,
      streaming: streaming ?? false,
      cors: cors && resolveCors(cors),
      domain,
      webAclArn,
    });
  }

  private checkAtSynthesis(): void {
    const { entrance, props, registry } = this;
    const { kind, isPrivateApi = false } = entrance._spec;
    this.node.addValidation({
      validate: () => [
        ...new Set(registry.routes.flatMap(route => [
          ...findTimeoutProblems(entrance._spec, props.streaming ?? false, route),
          ...findTenancyProblems(kind, route),
          ...findJwtProblems(this, kind, route.access),
        ])),
        ...findOverlapProblems(kind, isPrivateApi, registry.routes),
      ],
    });
    Aspects.of(this).add({
      visit: node => {
        if (node === this) warnHttpEntrance(this, entrance, props, registry);
      },
    }, { priority: AspectPriority.READONLY });
  }

  private sum(names: string[], options: cloudwatch.MetricOptions): cloudwatch.IMetric {
    const metrics = names.map(name => this.backend.metric(name, { statistic: 'Sum', ...options }));
    if (metrics.length === 1) return metrics[0];
    return new cloudwatch.MathExpression({
      expression: metrics.map((_, index) => `FILL(m${index}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
      period: options.period,
      label: options.label,
    });
  }
}
