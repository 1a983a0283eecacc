import { Duration, Validations } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as targets from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';
import { accessLogBucket } from './access-log';
import type { CorsRules, Door, DoorSettings, MetricNames, SettledRoute } from './door';
import { type EntranceDomain, pointAt } from './entrance-domain';
import { timeoutOf } from './target-function';
import { ProductionFunction } from '../function';
import { CLOUD_FRONT, LAMBDA } from '../limits';
import { exempt } from '../private/exemption';

/** Which entrance has made the URL of a function: each alias can have one. */
const URL_OWNERS = new WeakMap<lambda.IFunction, string>();

/** The path of the entrance that has made a URL of the function before. */
export function urlOwnerOf(handler: lambda.IFunction): string | undefined {
  return URL_OWNERS.get(targetOf(handler));
}

/** A function URL, alone or behind a CloudFront distribution that signs in the callers' place. */
export class FunctionUrlDoor implements Door {
  public readonly functionUrl: lambda.FunctionUrl;
  public readonly distribution?: cloudfront.Distribution;
  public readonly url: string;
  public readonly metricNames: MetricNames = {
    requests: 'UrlRequestCount', serverErrors: ['Url5xxCount'], clientErrors: ['Url4xxCount'], latency: 'UrlRequestLatency', latencyUnitMilliseconds: 1,
  };

  private readonly handler: lambda.IFunction;

  constructor(private readonly scope: Construct, private readonly settings: DoorSettings, cloudFront: boolean) {
    const { routes: [{ handler, access }], streaming, cors, domain } = settings;
    this.handler = handler;
    URL_OWNERS.set(targetOf(handler), scope.node.path);
    const open = access.kind === 'public' && !cloudFront;
    this.functionUrl = new lambda.FunctionUrl(scope, 'Url', {
      function: targetOf(handler),
      authType: open ? lambda.FunctionUrlAuthType.NONE : lambda.FunctionUrlAuthType.AWS_IAM,
      invokeMode: streaming ? lambda.InvokeMode.RESPONSE_STREAM : lambda.InvokeMode.BUFFERED,
      cors: cors && corsOf(cors),
    });
    if (open) exempt(this.functionUrl.node.defaultChild as lambda.CfnUrl, 'LP-H22', access.reason);
    // Checked to be there: without a certificate of its own a distribution accepts TLS 1.0.
    if (cloudFront) this.distribution = this.createDistribution(domain!);
    this.url = cloudFront ? `https://${domain!.domainName}/` : this.functionUrl.url;
  }

  /** Checked before: the same function, the same access. All paths lead to it anyway. */
  public addRoute(_route: SettledRoute): void { }

  public grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return this.functionUrl.grantInvokeUrl(grantee);
  }

  public metric(metricName: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.handler.metric(metricName, options);
  }

  private createDistribution(domain: EntranceDomain): cloudfront.Distribution {
    const waitSeconds = Math.min(timeoutOf(this.handler) ?? LAMBDA.timeoutMaxSeconds, CLOUD_FRONT.originResponseTimeoutDefaultMaxSeconds);
    const distribution = new cloudfront.Distribution(this.scope, 'Distribution', {
      domainNames: [domain.domainName],
      certificate: domain.certificate,
      minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      webAclId: this.settings.webAclArn,
      enableLogging: true,
      logBucket: accessLogBucket(this.scope, this.settings.logRetention, true),
      defaultBehavior: {
        origin: origins.FunctionUrlOrigin.withOriginAccessControl(this.functionUrl, { readTimeout: Duration.seconds(waitSeconds) }),
        allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
        cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
        originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
      },
    });
    pointAt(this.scope, domain, new targets.CloudFrontTarget(distribution));
    Validations.of(distribution).acknowledge({
      id: 'AwsSolutions::AwsSolutions-CFR1', reason: 'from where an API is called is its owner\'s to say: restrict it in a web ACL',
    });
    if (!this.settings.webAclArn) {
      Validations.of(distribution).acknowledge({
        id: 'AwsSolutions::AwsSolutions-CFR2', reason: "the function is reached through this distribution only; the prop 'webAclArn' adds a web ACL",
      });
    }
    return distribution;
  }
}

/** CDK makes a URL wait for what it takes for the alias' resource, which of a ProductionFunction is the function's. */
function targetOf(handler: lambda.IFunction): lambda.IFunction {
  return handler instanceof ProductionFunction ? handler.live : handler;
}

function corsOf(cors: CorsRules): lambda.FunctionUrlCorsOptions {
  return {
    allowedOrigins: cors.allowOrigins,
    // A function URL takes no OPTIONS here, and answers them all the same.
    allowedMethods: cors.allowMethods.filter(method => method !== 'OPTIONS') as lambda.HttpMethod[],
    allowedHeaders: cors.allowHeaders,
    exposedHeaders: cors.exposeHeaders,
    allowCredentials: cors.allowCredentials,
    maxAge: Duration.seconds(cors.maxAgeSeconds),
  };
}
