import { Duration, Lazy, Validations } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as targets from 'aws-cdk-lib/aws-route53-targets';
import type { Construct, IConstruct } from 'constructs';
import { accessLogBucket } from './access-log';
import type { CorsRules } from './cors';
import type { EntranceBackend, EntranceBackendProps, MetricNames } from './entrance-backend';
import { type EntranceDomain, addDnsRecord } from './entrance-domain';
import type { ResolvedRoute } from './resolved-route';
import { CLOUD_FRONT } from '../aws';
import { ProductionFunction } from '../function';
import { timeoutSecondsOf } from '../private/function-definition';
import { exempt } from '../private/template-metadata';

const MAX_READ_TIMEOUT_SECONDS = CLOUD_FRONT.originResponseTimeoutDefaultMaxSeconds;

/** A function URL, alone or behind a CloudFront distribution that signs the requests. */
export class FunctionUrlBackend implements EntranceBackend {
  public readonly functionUrl: lambda.FunctionUrl;
  public readonly distribution?: cloudfront.Distribution;
  public readonly url: string;
  public readonly metricNames: MetricNames = {
    requests: 'UrlRequestCount', serverErrors: ['Url5xxCount'], clientErrors: ['Url4xxCount'], latency: 'UrlRequestLatency', latencyUnitMilliseconds: 1,
  };

  private readonly function: lambda.IFunction;

  constructor(private readonly scope: Construct, private readonly props: EntranceBackendProps, cloudFront: boolean) {
    const { routes: [{ function: fn, access }], streaming, cors, domain } = props;
    this.function = fn;
    const isOpen = access.kind === 'unauthenticated' && !cloudFront;
    this.functionUrl = new lambda.FunctionUrl(scope, 'Url', {
      function: urlTargetOf(fn),
      authType: isOpen ? lambda.FunctionUrlAuthType.NONE : lambda.FunctionUrlAuthType.AWS_IAM,
      invokeMode: streaming ? lambda.InvokeMode.RESPONSE_STREAM : lambda.InvokeMode.BUFFERED,
      cors: cors && corsOptionsOf(cors),
    });
    if (isOpen) exempt(this.functionUrl.node.defaultChild as lambda.CfnUrl, 'LP-H22', access.reason);
    // The validation requires a domain: a distribution without a certificate accepts TLS 1.0.
    if (cloudFront) this.distribution = this.createDistribution(domain!);
    this.url = cloudFront ? `https://${domain!.domainName}/` : this.functionUrl.url;
  }

  /** Adds nothing: a validated route has the same function and access, and the URL invokes the function for every path. */
  public addRoute(_route: ResolvedRoute): IConstruct[] {
    return [];
  }

  public grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return this.functionUrl.grantInvokeUrl(grantee);
  }

  public metric(metricName: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.function.metric(metricName, options);
  }

  private createDistribution(domain: EntranceDomain): cloudfront.Distribution {
    const distribution = new cloudfront.Distribution(this.scope, 'Distribution', {
      domainNames: [domain.domainName],
      certificate: domain.certificate,
      minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      webAclId: this.props.webAclArn,
      enableLogging: true,
      logBucket: accessLogBucket(this.scope, this.props.logRetention, true),
      defaultBehavior: {
        origin: origins.FunctionUrlOrigin.withOriginAccessControl(this.functionUrl, { readTimeout: Duration.seconds(MAX_READ_TIMEOUT_SECONDS) }),
        allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
        cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
        originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
      },
    });
    // Computed at synthesis, because overrides and Aspects can change the timeout of the function until then. CDK rejects
    // a token as `readTimeout`.
    (distribution.node.defaultChild as cloudfront.CfnDistribution).addPropertyOverride(
      'DistributionConfig.Origins.0.CustomOriginConfig.OriginReadTimeout', Lazy.number({ produce: () => this.readTimeoutSeconds() }));
    addDnsRecord(this.scope, domain, new targets.CloudFrontTarget(distribution));
    Validations.of(distribution).acknowledge({
      id: 'AwsSolutions::AwsSolutions-CFR1', reason: 'an API has no geographic restriction by default; a web ACL can add one',
    });
    if (!this.props.webAclArn) {
      Validations.of(distribution).acknowledge({
        id: 'AwsSolutions::AwsSolutions-CFR2', reason: "access control and the concurrency of the function protect the distribution; the prop 'webAclArn' adds a web ACL",
      });
    }
    return distribution;
  }

  private readTimeoutSeconds(): number {
    return Math.min(timeoutSecondsOf(this.function) ?? MAX_READ_TIMEOUT_SECONDS, MAX_READ_TIMEOUT_SECONDS);
  }
}

/** A function URL depends on the default child of its alias, and the default child of a ProductionFunction is its function. */
function urlTargetOf(fn: lambda.IFunction): lambda.IFunction {
  return fn instanceof ProductionFunction ? fn.live : fn;
}

function corsOptionsOf(cors: CorsRules): lambda.FunctionUrlCorsOptions {
  return {
    allowedOrigins: cors.allowOrigins,
    // A function URL rejects OPTIONS in this list, and always responds to preflight requests.
    allowedMethods: cors.allowMethods.filter(method => method !== 'OPTIONS') as lambda.HttpMethod[],
    allowedHeaders: cors.allowHeaders,
    exposedHeaders: cors.exposeHeaders,
    allowCredentials: cors.allowCredentials,
    maxAge: Duration.seconds(cors.maxAgeSeconds),
  };
}
