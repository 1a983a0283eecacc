import type * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Access } from './access';
import type { Entrance } from './entrance';
import type { EntranceAlarmOptions } from './entrance-alarms';
import type { EntranceDomain } from './entrance-domain';
import type { EntranceRoute } from './entrance-route';

/**
 * Properties of an HttpEntrance: the same for all entrances.
 */
export interface HttpEntranceProps {
  /**
   * Who may call, unless a route says otherwise. It must be chosen.
   */
  readonly access: Access;

  /**
   * The methods and paths, and the functions behind them. What is not named here is answered with 404 and reaches no
   * function; but a function URL passes everything on to its one function.
   */
  readonly routes: EntranceRoute[];

  /**
   * What stands between callers and functions.
   *
   * @default Entrance.httpApi()
   */
  readonly entrance?: Entrance;

  /**
   * Which web pages may call, from the browsers of their visitors. Preflight requests are answered by the entrance itself,
   * without asking who calls. On a REST API the function's own answers need the header `Access-Control-Allow-Origin`
   * from the function; on the others a function must not set it. Not behind a load balancer.
   *
   * Without `allowMethods` all methods are allowed, without `allowHeaders` `Authorization`, `Content-Type` and
   * `Idempotency-Key`, without `maxAge` browsers keep the answer for two hours.
   *
   * @default - pages of other origins can't call
   */
  readonly cors?: apigwv2.CorsPreflightOptions;

  /**
   * Requests a second, and at once, of all callers together, above which callers get 429. HTTP and REST API: a function
   * URL is throttled by the reserved concurrency of its function.
   *
   * @default - 500 a second and 1,000 at once; a burst that is not given is twice the rate
   */
  readonly throttle?: apigwv2.ThrottleSettings;

  /**
   * A domain name of your own. The name that AWS generates then stops to work, where it could be used to go round
   * the domain (and its client certificates). TLS 1.2 at least.
   *
   * @default - the generated name; a load balancer and CloudFront need a domain
   */
  readonly domain?: EntranceDomain;

  /**
   * The ARN of a web ACL that filters the requests: regional for REST API and load balancer, global (us-east-1) for a
   * function URL behind CloudFront. An HTTP API can't have one.
   *
   * @default - none
   */
  readonly webAclArn?: string;

  /**
   * Whether answers are streamed. REST API and function URL; the functions must be written for it.
   *
   * @default false
   */
  readonly streaming?: boolean;

  /**
   * How long the access log is kept: a log group with a line of JSON a request behind HTTP and REST API, a bucket behind a load
   * balancer and CloudFront. A function URL alone has no access log.
   *
   * @default - that of the profile: RetentionDays.ONE_MONTH, or ONE_WEEK in a sandbox
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * When the alarms fire.
   *
   * @default - more than 5 % of 5xx; p90 above 2.5 s; p99 above 10 s; p90 of the functions above 2 s
   */
  readonly alarms?: EntranceAlarmOptions;
}
