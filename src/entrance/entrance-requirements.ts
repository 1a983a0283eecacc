import type { Duration, Size } from 'aws-cdk-lib';
import type { LoadBalancerEntranceOptions, RestApiEntranceOptions } from './entrance-props';

/**
 * The requirements for an entrance. A property that is not set is not required.
 */
export interface EntranceRequirements {
  /**
   * Only callers in your own network can reach the entrance.
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
   * The entrance validates requests against a schema before it invokes a function.
   *
   * @default false
   */
  readonly validation?: boolean;

  /**
   * Responses are streamed to the caller while the function runs.
   *
   * @default false
   */
  readonly streaming?: boolean;

  /**
   * The longest time that a caller waits for a response.
   *
   * @default - at most 29 seconds
   */
  readonly longestWait?: Duration;

  /**
   * The size of the largest request body.
   *
   * @default - at most 1 MiB
   */
  readonly requestSize?: Size;

  /**
   * The size of the largest response body.
   *
   * @default - at most 1 MiB
   */
  readonly responseSize?: Size;

  /**
   * The entrance validates JSON Web Tokens.
   *
   * @default false
   */
  readonly jwt?: boolean;

  /**
   * The entrance authorizes callers by IAM.
   *
   * @default false
   */
  readonly iam?: boolean;

  /**
   * The entrance validates client certificates.
   *
   * @default false
   */
  readonly mutualTls?: boolean;

  /**
   * Clients have API keys with quotas.
   *
   * @default false
   */
  readonly usagePlans?: boolean;

  /**
   * The entrance has static IP addresses.
   *
   * @default false
   */
  readonly staticAddress?: boolean;

  /**
   * The routes have several functions, or differ in their access.
   *
   * @default false
   */
  readonly severalFunctions?: boolean;

  /**
   * The entrance has a custom domain name.
   *
   * @default false
   */
  readonly domain?: boolean;

  /**
   * Traffic is so steady and heavy that an hourly price costs less than a price for each request. Compare them with the
   * current prices of AWS: this library contains no prices.
   *
   * @default false
   */
  readonly heavyTraffic?: boolean;

  /**
   * Options for a REST API, if one is selected. `vpcEndpoints` is used only with `privateNetwork`.
   *
   * @default - a REST API without options; none for a private network
   */
  readonly restApi?: RestApiEntranceOptions;

  /**
   * Options for a load balancer, if one is selected. `internal` follows from `privateNetwork`.
   *
   * @default - no load balancer is selected, because it needs a VPC
   */
  readonly loadBalancer?: LoadBalancerEntranceOptions;
}
