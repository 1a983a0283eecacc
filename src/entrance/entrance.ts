import type { Construct } from 'constructs';
import type { EntranceBackend, EntranceBackendProps } from './entrance-backend';
import { EntranceKind } from './entrance-capabilities';
import type { FunctionUrlEntranceOptions, LoadBalancerEntranceOptions, RestApiEntranceOptions } from './entrance-props';
import type { EntranceRequirements } from './entrance-requirements';
import { selectCheapest } from './entrance-selection';
import { FunctionUrlBackend } from './function-url-backend';
import { HttpApiBackend } from './http-api-backend';
import { LoadBalancerBackend } from './load-balancer-backend';
import { RestApiBackend } from './rest-api-backend';
import { CLOUD_FRONT, HTTP_API, REST_API } from '../aws';

/** The properties of an entrance that validation needs. */
export interface EntranceSpec {
  readonly kind: EntranceKind;
  /** The time for which the entrance waits for a function; unlimited if undefined. */
  readonly longestWaitSeconds?: number;
  /** The same for a streamed response, if it differs. */
  readonly streamedWaitSeconds?: number;
  readonly isPrivateApi?: boolean;
  readonly restApi?: RestApiEntranceOptions;
  readonly loadBalancer?: LoadBalancerEntranceOptions;
}

/**
 * The AWS service between callers and functions.
 *
 * | | HTTP API | REST API | function URL | load balancer |
 * |---|---|---|---|---|
 * | timeout | 30 s | 29 s, 15 min streamed | 15 min; 120 s with CloudFront | 15 min |
 * | body | 6 MiB | 6 MiB, 200 MiB streamed response | 6 MiB, 200 MiB streamed response | 1 MiB |
 * | access | JWT, user pool, IAM, Lambda | user pool, IAM, Lambda | IAM | JWT, user pool |
 * | throttle | yes | yes | concurrency of the function | no |
 * | AWS WAF | no | yes | with CloudFront | yes |
 * | validation, API keys | no | yes | no | no |
 * | private | no | VPC endpoints | no | internal |
 * | mutual TLS | yes | yes | no | yes |
 *
 * HttpEntrance rejects options that its entrance does not support, and the error names the entrances that support them.
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
    const spec = { kind: EntranceKind.HTTP_API, longestWaitSeconds: HTTP_API.integrationTimeoutMaxSeconds };
    return new Entrance(spec, (scope, props) => new HttpApiBackend(scope, props));
  }

  /**
   * An API Gateway REST API: regional, or private with `vpcEndpoints`.
   *
   * @param options Options of a REST API
   */
  public static restApi(options: RestApiEntranceOptions = {}): Entrance {
    const spec = {
      kind: EntranceKind.REST_API,
      longestWaitSeconds: options.raisedTimeoutQuota?.toSeconds({ integral: false }) ?? REST_API.integrationTimeoutDefaultSeconds,
      streamedWaitSeconds: REST_API.streamedResponseMaxSeconds,
      isPrivateApi: options.vpcEndpoints !== undefined,
      restApi: options,
    };
    return new Entrance(spec, (scope, props) => new RestApiBackend(scope, props, options));
  }

  /**
   * A function URL, alone or behind CloudFront. It invokes one function for every path and method.
   *
   * @param options Options of a function URL
   */
  public static functionUrl(options: FunctionUrlEntranceOptions = {}): Entrance {
    const cloudFront = options.cloudFront ?? false;
    const spec = cloudFront
      ? { kind: EntranceKind.CLOUD_FRONT, longestWaitSeconds: CLOUD_FRONT.originResponseTimeoutDefaultMaxSeconds }
      : { kind: EntranceKind.FUNCTION_URL };
    return new Entrance(spec, (scope, props) => new FunctionUrlBackend(scope, props, cloudFront));
  }

  /**
   * An Application Load Balancer with an HTTPS listener; HTTP is redirected. It requires a `domain` for its certificate.
   *
   * Headers and query strings can have several values: events have `multiValueHeaders` and no `headers`, and responses
   * must have the same.
   *
   * @param options Options of a load balancer
   */
  public static loadBalancer(options: LoadBalancerEntranceOptions): Entrance {
    const spec = { kind: EntranceKind.LOAD_BALANCER, loadBalancer: options };
    return new Entrance(spec, (scope, props) => new LoadBalancerBackend(scope, props, options));
  }

  /**
   * The least expensive entrance that fulfils the requirements. `reasons` says why it was selected and the less expensive
   * ones were not. Throws an error if no entrance fulfils them, with the reason for each.
   *
   * @param need The requirements, and the options for the entrance
   */
  public static cheapestFor(need: EntranceRequirements): Entrance {
    const { kind, reasons } = selectCheapest(need);
    const entrance = Entrance.ofKind(kind, need);
    entrance.reasons.push(...reasons);
    return entrance;
  }

  private static ofKind(kind: EntranceKind, need: EntranceRequirements): Entrance {
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
   * Why `cheapestFor` selected this entrance, with one sentence for each entrance that it considered. Empty for an entrance
   * of another factory.
   */
  public readonly reasons: string[] = [];

  private constructor(
    /** @internal */
    public readonly _spec: EntranceSpec,
    /** @internal */
    public readonly _createBackend: (scope: Construct, props: EntranceBackendProps) => EntranceBackend,
  ) { }
}
