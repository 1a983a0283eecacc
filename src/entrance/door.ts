import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { AccessSpec } from './access-spec';
import type { EntranceDomain } from './entrance-domain';
import type { RouteValidation } from './entrance-route';

/** Every method but OPTIONS, which CORS answers. */
export const METHODS_BESIDE_PREFLIGHT = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'];

/** A throttle with both numbers. */
export interface Throttle {
  readonly rateLimit: number;
  readonly burstLimit: number;
}

/** The CORS rules with their defaults filled in. */
export interface CorsRules {
  readonly allowOrigins: string[];
  readonly allowMethods: string[];
  readonly allowHeaders: string[];
  readonly exposeHeaders?: string[];
  readonly allowCredentials?: boolean;
  readonly maxAgeSeconds: number;
}

/** A route that was checked, with the defaults of its entrance filled in. */
export interface SettledRoute {
  readonly path: string;
  readonly method: string;
  readonly handler: lambda.IFunction;
  readonly access: AccessSpec;
  readonly scopes: string[];
  readonly throttle?: Throttle;
  readonly validation: RouteValidation;
  readonly apiKeyRequired: boolean;
}

/** What every entrance is told, whichever it is. */
export interface DoorSettings {
  readonly routes: SettledRoute[];
  readonly throttle: Throttle;
  readonly logRetention: logs.RetentionDays;
  readonly streaming: boolean;
  readonly cors?: CorsRules;
  readonly domain?: EntranceDomain;
  readonly webAclArn?: string;
}

/** What tells two routes apart: the method and the path, but not the names of its parameters. */
export function routeSignature(method: string, path: string): string {
  return `${method} ${path}`.replace(/\{[^}+]+/g, '{');
}

/** How the metrics of an entrance are called. */
export interface MetricNames {
  readonly requests: string;
  /** More than one where the entrance counts its own errors and those of the functions apart. */
  readonly serverErrors: string[];
  readonly clientErrors: string[];
  readonly latency: string;
  /** What one unit of the latency is. */
  readonly latencyUnitMilliseconds: number;
  readonly integrationLatency?: string;
}

/** One entrance as it is built: what HttpEntrance asks of each of the four. */
export interface Door {
  readonly url: string;
  readonly metricNames: MetricNames;
  readonly httpApi?: apigwv2.HttpApi;
  readonly restApi?: apigateway.RestApi;
  readonly functionUrl?: lambda.FunctionUrl;
  readonly distribution?: cloudfront.Distribution;
  readonly loadBalancer?: elbv2.ApplicationLoadBalancer;
  readonly listener?: elbv2.ApplicationListener;
  addRoute(route: SettledRoute): void;
  /** Where callers can be told apart by IAM. */
  grantInvoke?(grantee: iam.IGrantable): iam.Grant;
  metric(metricName: string, options: cloudwatch.MetricOptions): cloudwatch.Metric;
}
