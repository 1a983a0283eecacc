import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';

/**
 * Options of `Entrance.restApi`.
 */
export interface RestApiEntranceOptions {
  /**
   * The integration timeout that AWS has granted your account for regional and private APIs. At least 29 seconds. The
   * deployment fails if the value exceeds the quota of the account; synthesis cannot check the quota.
   *
   * @default - 29 seconds, which every account has
   */
  readonly raisedTimeoutQuota?: Duration;

  /**
   * The interface endpoints (`execute-api`) through which the API is reached. With endpoints the API is private: it
   * cannot be reached any other way.
   *
   * @default - a regional API that is reached from the internet
   */
  readonly vpcEndpoints?: ec2.IVpcEndpoint[];

  /**
   * Whether the stack sets the role that API Gateway uses to write logs. The role is one setting for all REST APIs of the
   * account and Region. Set `false` if another stack or tool manages it.
   *
   * @default true
   */
  readonly cloudWatchRole?: boolean;

  /**
   * The media types whose bodies are binary: a REST API passes them to the function in base64, with `isBase64Encoded`, and
   * decodes such a response if the first media type of the caller's `Accept` header is in the list. It passes all other bodies
   * as text.
   *
   * If callers without such an `Accept` header receive binary or compressed responses, for example browsers, set a single
   * type with an asterisk on both sides of the slash. The bodies of all requests are then in base64, and the handler must
   * read `isBase64Encoded`. Set `[]` if all bodies are text.
   *
   * @default - images, audio, video, fonts, PDF, archives, protobuf, octet streams and form data with files
   */
  readonly binaryMediaTypes?: string[];

  /**
   * The source of the tenant's id for functions with tenant isolation (`tenancyConfig`): a mapping expression such as
   * `context.authorizer.tenantId`. With a parameter of the request, which is then required, callers choose their tenant,
   * with a warning.
   *
   * @default 'method.request.header.X-Amz-Tenant-Id'
   */
  readonly tenantIdSource?: string;
}

/**
 * Options of `Entrance.functionUrl`.
 */
export interface FunctionUrlEntranceOptions {
  /**
   * Whether a CloudFront distribution is created in front of the function URL. CloudFront signs the requests (origin
   * access control), so callers cannot invoke the URL directly. CloudFront requires a `domain`, supports a `webAclArn`
   * and writes an access log. A caller that sends a body must send its SHA-256 in the header `x-amz-content-sha256`.
   * The signature replaces the caller's `Authorization` header, so a function that validates tokens must receive them in
   * another header.
   *
   * @default false
   */
  readonly cloudFront?: boolean;
}

/**
 * Options of `Entrance.loadBalancer`.
 */
export interface LoadBalancerEntranceOptions {
  /**
   * The VPC of the load balancer. It must have at least two Availability Zones, and public subnets unless the load
   * balancer is internal. For an internal load balancer an imported VPC must know its CIDR block.
   */
  readonly vpc: ec2.IVpc;

  /**
   * Whether the load balancer is reached from inside the VPC only.
   *
   * @default false
   */
  readonly internal?: boolean;

  /**
   * The path of a health check that runs every minute, starting with a slash. Each check is a billed invocation of the
   * function.
   *
   * @default - no health check: Lambda replaces failed execution environments automatically
   */
  readonly healthCheckPath?: string;
}
