import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import type { CorsRules } from './cors';
import type { EntranceDomain } from './entrance-domain';
import type { ResolvedRoute } from './resolved-route';
import type { Throttle } from './throttle';

/** The props that every backend receives: validated, with their defaults filled in. */
export interface EntranceBackendProps {
  readonly routes: ResolvedRoute[];
  readonly throttle: Throttle;
  readonly logRetention: logs.RetentionDays;
  readonly logEncryptionKey?: kms.IKey;
  readonly streaming: boolean;
  readonly cors?: CorsRules;
  readonly domain?: EntranceDomain;
  readonly webAclArn?: string;
}

/** The names of a backend's metrics. */
export interface MetricNames {
  readonly requests: string;
  /** Several names if the backend counts its own errors and the errors of the functions separately. */
  readonly serverErrors: string[];
  readonly clientErrors: string[];
  readonly latency: string;
  /** The number of milliseconds in one unit of the latency. */
  readonly latencyUnitMilliseconds: number;
  readonly integrationLatency?: string;
}

/** The AWS service between callers and functions: HTTP API, REST API, function URL or load balancer. */
export interface EntranceBackend {
  readonly url: string;
  readonly metricNames: MetricNames;
  readonly httpApi?: apigwv2.HttpApi;
  readonly restApi?: apigateway.RestApi;
  readonly functionUrl?: lambda.FunctionUrl;
  readonly distribution?: cloudfront.Distribution;
  readonly loadBalancer?: elbv2.ApplicationLoadBalancer;
  readonly listener?: elbv2.ApplicationListener;
  /** Adds a validated route and returns its resources. */
  addRoute(route: ResolvedRoute): IConstruct[];
  /** Defined if the backend supports access by IAM. */
  grantInvoke?(grantee: iam.IGrantable): iam.Grant;
  metric(metricName: string, options: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/** An id for the resources of one function in a backend, independent of the order of the routes. */
export function functionId(fn: lambda.IFunction): string {
  return `${fn.node.id}${fn.node.addr.slice(-8)}`;
}
