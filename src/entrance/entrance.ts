import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { chooseCheapest } from './cheapest';
import type { Door, DoorSettings } from './door';
import { EntranceKind } from './entrance-kind';
import type { EntranceNeed } from './entrance-need';
import { FunctionUrlDoor } from './function-url-door';
import { HttpApiDoor } from './http-api-door';
import { LoadBalancerDoor } from './load-balancer-door';
import { RestApiDoor } from './rest-api-door';
import { CLOUD_FRONT, HTTP_API, REST_API } from '../limits';

/**
 * What only a REST API has.
 */
export interface RestApiEntranceOptions {
  /**
   * The integration timeout that AWS has granted your account for regional and private APIs. Without the raised quota a
   * deployment with more than 29 seconds fails, which nothing here can see. At least 29 seconds.
   *
   * @default - 29 seconds, which every account has
   */
  readonly raisedTimeoutQuota?: Duration;

  /**
   * The interface endpoints (`execute-api`) through which the API is reached, and no other way: it becomes private.
   *
   * @default - reached from the internet
   */
  readonly vpcEndpoints?: ec2.IVpcEndpoint[];

  /**
   * Whether the stack sets the role under which API Gateway writes logs. It is one setting for all REST APIs of the
   * account and region; say no where something else owns it.
   *
   * @default true
   */
  readonly cloudWatchRole?: boolean;
}

/**
 * What only a function URL has.
 */
export interface FunctionUrlEntranceOptions {
  /**
   * Puts a CloudFront distribution in front that signs for the callers (origin access control), so that the URL itself
   * stays closed. It needs a `domain`, can have a `webAclArn` and writes an access log. A caller that sends a body must send its
   * SHA-256 in the header `x-amz-content-sha256`. The signature takes the place of the caller's `Authorization` header, so a
   * function that checks tokens itself must be sent them in another.
   *
   * @default false
   */
  readonly cloudFront?: boolean;
}

/**
 * What only a load balancer has.
 */
export interface LoadBalancerEntranceOptions {
  /**
   * Where the load balancer stands: two availability zones at least, with public subnets unless it is internal. An imported VPC
   * needs its CIDR block for an internal one.
   */
  readonly vpc: ec2.IVpc;

  /**
   * Whether it is reached from inside the VPC only.
   *
   * @default false
   */
  readonly internal?: boolean;

  /**
   * A path that is asked every minute to see whether the function is well, from a slash on. Each check is a paid request.
   *
   * @default - no health check: Lambda replaces broken environments by itself
   */
  readonly healthCheckPath?: string;
}

/**
 * Which of the four stands between callers and functions.
 *
 * | | HTTP API | REST API | function URL | load balancer |
 * |---|---|---|---|---|
 * | waits | 30 s | 29 s, 15 min streamed | 15 min; 120 s with CloudFront | 15 min |
 * | body | 6 MiB | 6 MiB, 200 MiB streamed back | 6 MiB, 200 MiB streamed back | 1 MiB |
 * | access | JWT, user pool, IAM, Lambda | user pool, IAM, Lambda | IAM | JWT, user pool |
 * | throttle | yes | yes | concurrency of the function | none |
 * | WAF | no | yes | with CloudFront | yes |
 * | validation, API keys | no | yes | no | no |
 * | private | no | VPC endpoints | no | internal |
 * | mutual TLS | yes | yes | no | yes |
 *
 * What an entrance can't do it refuses, and names those that can.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html
 * @example
 * const entrance = Entrance.cheapestFor({ waf: true, severalFunctions: true });
 * entrance.reasons; // ["not a function URL: …", "not an HTTP API: …", …, "a REST API: …"]
 */
export class Entrance {
  /**
   * An API Gateway HTTP API with payload format 2.0. The default.
   */
  public static httpApi(): Entrance {
    const facts = { longestWaitSeconds: HTTP_API.integrationTimeoutMaxSeconds };
    return new Entrance(EntranceKind.HTTP_API, facts, (scope, settings) => new HttpApiDoor(scope, settings));
  }

  /**
   * An API Gateway REST API: regional, or private with `vpcEndpoints`.
   *
   * @param options What only a REST API has
   */
  public static restApi(options: RestApiEntranceOptions = {}): Entrance {
    const longestWaitSeconds = options.raisedTimeoutQuota?.toSeconds({ integral: false }) ?? REST_API.integrationTimeoutDefaultSeconds;
    const facts = { longestWaitSeconds, streamedWaitSeconds: REST_API.streamedResponseMaxSeconds, isPrivateApi: options.vpcEndpoints !== undefined };
    return new Entrance(EntranceKind.REST_API, facts, (scope, settings) => new RestApiDoor(scope, settings, options));
  }

  /**
   * A function URL, alone or behind CloudFront. It leads to one function, which sees every path and method.
   *
   * @param options What only a function URL has
   */
  public static functionUrl(options: FunctionUrlEntranceOptions = {}): Entrance {
    const cloudFront = options.cloudFront ?? false;
    const facts = { longestWaitSeconds: cloudFront ? CLOUD_FRONT.originResponseTimeoutDefaultMaxSeconds : undefined };
    return new Entrance(cloudFront ? EntranceKind.CLOUD_FRONT : EntranceKind.FUNCTION_URL, facts,
      (scope, settings) => new FunctionUrlDoor(scope, settings, cloudFront));
  }

  /**
   * An Application Load Balancer with an HTTPS listener; HTTP is redirected. It needs a `domain` for its certificate.
   *
   * Headers and query strings come and go with all their values: events have `multiValueHeaders` and no `headers`, and
   * answers must have the same.
   *
   * @param options What only a load balancer has
   */
  public static loadBalancer(options: LoadBalancerEntranceOptions): Entrance {
    return new Entrance(EntranceKind.LOAD_BALANCER, { loadBalancer: options }, (scope, settings) => new LoadBalancerDoor(scope, settings, options));
  }

  /**
   * The least expensive entrance that can do what is needed. `reasons` says why it is this one and none of the others.
   * Refused if none can, with the reason for each.
   *
   * @param need What it must be able to do, and what it may be built with
   */
  public static cheapestFor(need: EntranceNeed): Entrance {
    const { kind, reasons } = chooseCheapest(need);
    const entrance = Entrance.ofKind(kind, need);
    entrance.reasons.push(...reasons);
    return entrance;
  }

  private static ofKind(kind: EntranceKind, need: EntranceNeed): Entrance {
    switch (kind) {
      case EntranceKind.HTTP_API: return Entrance.httpApi();
      case EntranceKind.REST_API:
        return Entrance.restApi({ ...need.restApi, vpcEndpoints: need.privateNetwork ? need.restApi?.vpcEndpoints : undefined });
      case EntranceKind.LOAD_BALANCER:
        return Entrance.loadBalancer({ ...need.loadBalancer!, internal: need.privateNetwork ?? false });
      default: return Entrance.functionUrl({ cloudFront: kind === EntranceKind.CLOUD_FRONT });
    }
  }

  /**
   * Why `cheapestFor` chose it and not another, one sentence each; empty where it was chosen by name.
   */
  public readonly reasons: string[] = [];

  private constructor(
    /** @internal */
    public readonly _kind: EntranceKind,
    /** @internal */
    public readonly _facts: EntranceFacts,
    /** @internal */
    public readonly _open: (scope: Construct, settings: DoorSettings) => Door,
  ) { }
}

/** What the checks need to know of an entrance beside its kind. */
interface EntranceFacts {
  readonly longestWaitSeconds?: number;
  readonly streamedWaitSeconds?: number;
  readonly isPrivateApi?: boolean;
  readonly loadBalancer?: LoadBalancerEntranceOptions;
}
