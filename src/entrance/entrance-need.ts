import type { Duration, Size } from 'aws-cdk-lib';
import type { LoadBalancerEntranceOptions, RestApiEntranceOptions } from './entrance';

/**
 * What an entrance must be able to do. What is left out is not needed.
 */
export interface EntranceNeed {
  /**
   * Only callers of your own network may reach it.
   *
   * @default false
   */
  readonly privateNetwork?: boolean;

  /**
   * AWS WAF filters the requests.
   *
   * @default false
   */
  readonly waf?: boolean;

  /**
   * Requests are checked against a schema before a function runs.
   *
   * @default false
   */
  readonly validation?: boolean;

  /**
   * Responses are streamed to the caller while they are made.
   *
   * @default false
   */
  readonly streaming?: boolean;

  /**
   * The longest that a caller waits for an answer.
   *
   * @default - at most 29 seconds
   */
  readonly longestWait?: Duration;

  /**
   * The largest body of a request.
   *
   * @default - at most 1 MiB
   */
  readonly requestSize?: Size;

  /**
   * The largest body of a response.
   *
   * @default - at most 1 MiB
   */
  readonly responseSize?: Size;

  /**
   * Callers carry JSON Web Tokens that the entrance checks.
   *
   * @default false
   */
  readonly jwt?: boolean;

  /**
   * Callers sign with AWS credentials that the entrance checks.
   *
   * @default false
   */
  readonly iam?: boolean;

  /**
   * Callers carry client certificates that the entrance checks.
   *
   * @default false
   */
  readonly mutualTls?: boolean;

  /**
   * Clients have API keys with quotas of their own.
   *
   * @default false
   */
  readonly usagePlans?: boolean;

  /**
   * Callers reach it at IP addresses that never change.
   *
   * @default false
   */
  readonly staticAddress?: boolean;

  /**
   * Several functions answer, or routes differ in who may call them.
   *
   * @default false
   */
  readonly severalFunctions?: boolean;

  /**
   * It has a domain name of its own.
   *
   * @default false
   */
  readonly domain?: boolean;

  /**
   * Traffic is so steady and heavy that an entrance paid by the hour costs less than one paid by the request. Compute it
   * with today's prices: none are built in here.
   *
   * @default false
   */
  readonly heavyTraffic?: boolean;

  /**
   * Options of a REST API, should it be one. Its `vpcEndpoints` are used if a private network is needed.
   *
   * @default - a REST API without options, and none for a private network
   */
  readonly restApi?: RestApiEntranceOptions;

  /**
   * Options of a load balancer, should it be one. `internal` follows from `privateNetwork`.
   *
   * @default - no load balancer: it needs a VPC
   */
  readonly loadBalancer?: LoadBalancerEntranceOptions;
}
