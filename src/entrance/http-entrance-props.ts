import type { Duration } from 'aws-cdk-lib';
import type * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Access } from './access';
import type { Entrance } from './entrance';
import type { EntranceDomain } from './entrance-domain';
import type { EntranceRoute } from './entrance-route';

/**
 * The thresholds of the alarms of an HttpEntrance.
 */
export interface EntranceAlarmsOptions {
  /**
   * The percentage of requests with a 5xx response above which the error alarm fires, after three minutes. At least 0,
   * below 100.
   *
   * @default 5
   */
  readonly errorRateThreshold?: number;

  /**
   * The number of requests a minute below which no alarm fires: a rate or percentile of few requests is not meaningful.
   * At least 1.
   *
   * @default 10
   */
  readonly minimumRequests?: number;

  /**
   * The p90 latency above which the latency alarm fires, after five minutes.
   *
   * @default Duration.millis(2500)
   */
  readonly latencyThreshold?: Duration;

  /**
   * The p99 latency above which the tail latency alarm fires, after five minutes.
   *
   * @default Duration.seconds(10)
   */
  readonly tailLatencyThreshold?: Duration;

  /**
   * The p90 latency of the functions above which the integration latency alarm fires, after five minutes. HTTP API and
   * REST API: the other entrances do not measure it separately.
   *
   * @default Duration.seconds(2)
   */
  readonly integrationLatencyThreshold?: Duration;
}

/**
 * Properties of an HttpEntrance. They are the same for every entrance.
 */
export interface HttpEntranceProps {
  /**
   * Who may call the routes that have no access of their own. Required.
   */
  readonly access: Access;

  /**
   * The methods and paths, and the functions behind them. Other requests receive 404 and invoke no function, except
   * behind a function URL, which sends every request to its function.
   */
  readonly routes: EntranceRoute[];

  /**
   * The AWS service between callers and functions.
   *
   * @default Entrance.httpApi()
   */
  readonly entrance?: Entrance;

  /**
   * The origins of web pages whose scripts may call the entrance. The entrance responds to preflight requests without authentication. With a REST
   * API the function must set the header `Access-Control-Allow-Origin` in its responses; with the other entrances it must
   * not set it. Not supported by a load balancer.
   *
   * Without `allowMethods` all methods are allowed; without `allowHeaders` `Authorization`, `Content-Type` and
   * `Idempotency-Key`; without `maxAge` browsers cache the preflight response for two hours.
   *
   * @default - scripts of other origins cannot call
   */
  readonly cors?: apigwv2.CorsPreflightOptions;

  /**
   * The rate (requests a second) and burst (concurrent requests) of all callers together, above which callers receive 429.
   * HTTP API and REST API: a function URL is throttled by the reserved concurrency of its function.
   *
   * @default - 500 requests a second and a burst of 1,000; if only the rate is set, the burst is twice the rate
   */
  readonly throttle?: apigwv2.ThrottleSettings;

  /**
   * A custom domain name. The name that AWS generates is disabled, because it would bypass the domain and its client
   * certificates. TLS 1.2 is the minimum.
   *
   * @default - the generated name; required for a load balancer and for CloudFront
   */
  readonly domain?: EntranceDomain;

  /**
   * The ARN of a web ACL of AWS WAF: regional for a REST API and a load balancer, global (us-east-1) for a function URL
   * behind CloudFront. Not supported by an HTTP API.
   *
   * @default - no web ACL
   */
  readonly webAclArn?: string;

  /**
   * Whether responses are streamed. REST API and function URL. The functions must be written for response streaming.
   *
   * @default false
   */
  readonly streaming?: boolean;

  /**
   * How long the access log is retained. HTTP API and REST API write one line of JSON for each request to a log group; a
   * load balancer and CloudFront write to a bucket. A function URL without CloudFront has no access log.
   *
   * @default - the retention of the profile: RetentionDays.ONE_MONTH, or ONE_WEEK in a sandbox
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The key that encrypts the log group of the access log. HTTP API and REST API. The policy of the key is extended, so
   * that CloudWatch Logs can use the key; the policy of an imported key must already allow it, with a warning.
   *
   * @default - CloudWatch Logs encrypts with a key that AWS owns
   */
  readonly logEncryptionKey?: kms.IKey;

  /**
   * The thresholds of the alarms.
   *
   * @default - more than 5 % of 5xx; p90 above 2.5 s; p99 above 10 s; p90 of the functions above 2 s
   */
  readonly alarms?: EntranceAlarmsOptions;
}
