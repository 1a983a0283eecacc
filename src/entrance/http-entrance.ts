import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Door } from './door';
import { Entrance } from './entrance';
import { EntranceAlarms } from './entrance-alarms';
import { Ability, requireAble } from './entrance-kind';
import type { EntranceRoute } from './entrance-route';
import { settle } from './entrance-settings';
import type { HttpEntranceProps } from './http-entrance-props';
import { RouteBook } from './route-book';

/**
 * Where HTTP requests come in: one construct for HTTP API, REST API, function URL and load balancer.
 *
 * In the account appear the entrance itself, throttled and with an access log in JSON; one permission a function, whatever
 * the number of its routes (Lambda keeps at most 20,480 bytes of them, which permissions route by route fill at about
 * 55); and alarms on the rate of 5xx, on p90 and p99 of the latency and on p90 of the functions' part of it. None
 * of the alarms has an action yet. Don't give them to the `release` of a function behind this entrance: the
 * function would wait for the entrance that waits for the function.
 *
 * Errors that the entrance answers by itself (nobody named, too many requests, no such route, a function that failed) are
 * `{ "message", "code", "requestId" }` behind a REST API, with `detail` where a request was not as its `validation` says, and
 * with CORS headers. An HTTP API answers `{ "message" }`, which can't be changed; a load balancer answers 404 with `message`
 * and `code` and its own 5xx in HTML; function URL and CloudFront have forms of their own. So clients go by the status first.
 *
 * Refused at once: what the entrance can't do (the message names the entrances that can), an open route without
 * a reason, a function that may run longer than the entrance waits, an authorizer that may take more than 10 seconds,
 * answers of authorizers kept without knowing the caller, CORS with credentials for every origin or for what is no origin, a
 * second function URL of one function, paths that a REST API can't hold side by side.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
 * @example
 * declare const pay: ProductionFunction;
 * const api = new HttpEntrance(this, 'Api', {
 *   access: Access.jwt({ issuer: 'https://login.example.com', audience: ['payments'] }),
 *   routes: [
 *     { method: apigwv2.HttpMethod.POST, path: '/payments', handler: pay, throttle: { rateLimit: 50 } },
 *     { method: apigwv2.HttpMethod.GET, path: '/payments/{id}', handler: pay },
 *   ],
 *   cors: { allowOrigins: ['https://shop.example.com'] },
 * });
 * api.errorRateAlarm.addAlarmAction(new cloudwatch_actions.SnsAction(new sns.Topic(this, 'OnCall')));
 */
export class HttpEntrance extends Construct {
  /**
   * Where callers go, with a slash at the end.
   */
  public readonly url: string;

  /**
   * The HTTP API, where the entrance is one. Routes added here meet no default of this library.
   */
  public readonly httpApi?: apigwv2.HttpApi;

  /**
   * The REST API, where the entrance is one, for usage plans and what else only a REST API has.
   */
  public readonly restApi?: apigateway.RestApi;

  /**
   * The function URL, where the entrance is one.
   */
  public readonly functionUrl?: lambda.FunctionUrl;

  /**
   * The CloudFront distribution before the function URL, where there is one.
   */
  public readonly distribution?: cloudfront.Distribution;

  /**
   * The load balancer, where the entrance is one.
   */
  public readonly loadBalancer?: elbv2.ApplicationLoadBalancer;

  /**
   * The HTTPS listener of the load balancer.
   */
  public readonly listener?: elbv2.ApplicationListener;

  /**
   * Fires when too many requests are answered with 5xx.
   */
  public readonly errorRateAlarm: cloudwatch.Alarm;

  /**
   * Fires when one request of ten takes too long.
   */
  public readonly latencyAlarm: cloudwatch.Alarm;

  /**
   * Fires when one request of a hundred takes far too long.
   */
  public readonly slowestAlarm: cloudwatch.Alarm;

  /**
   * Fires when one request of ten spends too long in a function. HTTP and REST API.
   */
  public readonly integrationLatencyAlarm?: cloudwatch.Alarm;

  private readonly entrance: Entrance;
  private readonly book: RouteBook;
  private readonly door: Door;

  constructor(scope: Construct, id: string, props: HttpEntranceProps) {
    super(scope, id);
    this.entrance = props.entrance ?? Entrance.httpApi();
    this.book = new RouteBook(this, this.entrance, props);
    const settings = settle(this, this.entrance, props, this.book);

    this.door = this.entrance._open(this, settings);
    this.url = this.door.url;
    this.httpApi = this.door.httpApi;
    this.restApi = this.door.restApi;
    this.functionUrl = this.door.functionUrl;
    this.distribution = this.door.distribution;
    this.loadBalancer = this.door.loadBalancer;
    this.listener = this.door.listener;

    const alarms = new EntranceAlarms(this, this.door, props.alarms ?? {});
    this.errorRateAlarm = alarms.errorRate;
    this.latencyAlarm = alarms.latency;
    this.slowestAlarm = alarms.slowest;
    this.integrationLatencyAlarm = alarms.integrationLatency;
  }

  /**
   * Adds a route, checked like those of the props.
   *
   * @param route The route
   */
  public addRoute(route: EntranceRoute): void {
    this.door.addRoute(this.book.enter(route));
  }

  /**
   * Lets a caller with AWS credentials call every route whose access is by IAM. Not behind a load balancer or CloudFront.
   *
   * @param grantee Who may call
   */
  public grantInvoke(grantee: iam.IGrantable): iam.Grant {
    requireAble(this.node.path, this.entrance._kind, Ability.IAM, "'grantInvoke'");
    return this.door.grantInvoke!(grantee);
  }

  /**
   * A metric of this entrance, under the name that AWS gives it there.
   *
   * @param metricName Name of the metric
   * @param options Statistic, period and so on
   */
  public metric(metricName: string, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.door.metric(metricName, options);
  }

  /**
   * How many requests came in.
   *
   * @param options Statistic, period and so on
   */
  public metricRequests(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.door.metric(this.door.metricNames.requests, { statistic: 'Sum', ...options });
  }

  /**
   * How many requests were answered with 5xx, by the entrance or by a function.
   *
   * @param options Statistic, period and so on
   */
  public metricServerErrors(options: cloudwatch.MetricOptions = {}): cloudwatch.IMetric {
    return this.sum(this.door.metricNames.serverErrors, options);
  }

  /**
   * How many requests were answered with 4xx, by the entrance or by a function.
   *
   * @param options Statistic, period and so on
   */
  public metricClientErrors(options: cloudwatch.MetricOptions = {}): cloudwatch.IMetric {
    return this.sum(this.door.metricNames.clientErrors, options);
  }

  /**
   * How long requests took: in milliseconds, behind a load balancer in seconds.
   *
   * @param options Statistic, period and so on
   */
  public metricLatency(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.door.metric(this.door.metricNames.latency, { statistic: 'p90', ...options });
  }

  /**
   * How long requests spent in the functions, in milliseconds. HTTP and REST API.
   *
   * @param options Statistic, period and so on
   */
  public metricIntegrationLatency(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    requireAble(this.node.path, this.entrance._kind, Ability.INTEGRATION_LATENCY, "'metricIntegrationLatency'");
    return this.door.metric(this.door.metricNames.integrationLatency!, { statistic: 'p90', ...options });
  }

  private sum(names: string[], options: cloudwatch.MetricOptions): cloudwatch.IMetric {
    const metrics = names.map(name => this.door.metric(name, { statistic: 'Sum', ...options }));
    if (metrics.length === 1) return metrics[0];
    return new cloudwatch.MathExpression({
      expression: metrics.map((_, place) => `FILL(m${place}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(metrics.map((metric, place) => [`m${place}`, metric])),
      period: options.period,
      label: options.label,
    });
  }
}
