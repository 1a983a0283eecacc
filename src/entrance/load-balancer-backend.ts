import { Duration, Lazy, Names, Stack, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as targets from 'aws-cdk-lib/aws-route53-targets';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct, type IConstruct } from 'constructs';
import { accessLogBucket, allowLoadBalancerLogs } from './access-log';
import { type EntranceBackend, type EntranceBackendProps, functionId, type MetricNames } from './entrance-backend';
import { addDnsRecord, type EntranceDomain } from './entrance-domain';
import type { LoadBalancerEntranceOptions } from './entrance-props';
import { ListenerRules } from './listener-rules';
import type { ResolvedRoute } from './resolved-route';
import { LAMBDA, LOAD_BALANCER } from '../aws';
import { DEFAULTS } from '../defaults';
import { permissionOf } from '../private/cdk-internals';
import { timeoutSecondsOf } from '../private/function-definition';

/** An Application Load Balancer: one target group and one permission for each function, one listener rule for each route. */
export class LoadBalancerBackend implements EntranceBackend {
  public readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  public readonly listener: elbv2.ApplicationListener;
  public readonly url: string;
  public readonly metricNames: MetricNames = {
    requests: 'RequestCount',
    serverErrors: ['HTTPCode_Target_5XX_Count', 'HTTPCode_ELB_5XX_Count'],
    clientErrors: ['HTTPCode_Target_4XX_Count', 'HTTPCode_ELB_4XX_Count'],
    latency: 'TargetResponseTime',
    latencyUnitMilliseconds: 1_000,
  };

  private readonly rules: ListenerRules;
  private readonly targetGroups = new Map<lambda.IFunction, elbv2.CfnTargetGroup>();

  constructor(
    private readonly scope: Construct, private readonly props: EntranceBackendProps, private readonly options: LoadBalancerEntranceOptions,
  ) {
    // The validation requires a domain: its certificate is the certificate of the listener.
    const domain = props.domain!;
    this.loadBalancer = this.createLoadBalancer();
    this.listener = this.createListener(domain);
    this.rules = new ListenerRules(scope, this.listener);
    if (props.webAclArn) {
      new wafv2.CfnWebACLAssociation(scope, 'WebAclAssociation', { resourceArn: this.loadBalancer.loadBalancerArn, webAclArn: props.webAclArn });
    }
    addDnsRecord(scope, domain, new targets.LoadBalancerTarget(this.loadBalancer));
    this.url = `https://${domain.domainName}/`;
    for (const route of props.routes) this.addRoute(route);
  }

  public addRoute(route: ResolvedRoute): IConstruct[] {
    return [this.rules.add(route, this.targetGroupOf(route.function).ref)];
  }

  public metric(metricName: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/ApplicationELB',
      metricName,
      dimensionsMap: { LoadBalancer: this.loadBalancer.loadBalancerFullName },
      ...options,
    }).attachTo(this.loadBalancer);
  }

  private createLoadBalancer(): elbv2.ApplicationLoadBalancer {
    const { vpc, internal = false } = this.options;
    const balancer = new elbv2.ApplicationLoadBalancer(this.scope, 'LoadBalancer', { vpc, internetFacing: !internal, dropInvalidHeaderFields: true });
    const bucket = accessLogBucket(this.scope, this.props.logRetention, false);
    allowLoadBalancerLogs(bucket);
    balancer.setAttribute('access_logs.s3.enabled', 'true');
    balancer.setAttribute('access_logs.s3.bucket', bucket.bucketName);
    // The load balancer writes a test object when it is created.
    balancer.node.addDependency(bucket.policy!);
    return balancer;
  }

  private createListener({ certificate, mutualTls }: EntranceDomain): elbv2.ApplicationListener {
    const { vpc, internal = false } = this.options;
    const listener = this.loadBalancer.addListener('Https', {
      port: 443,
      protocol: elbv2.ApplicationProtocol.HTTPS,
      certificates: [certificate],
      sslPolicy: elbv2.SslPolicy.RECOMMENDED_TLS,
      open: false,
      mutualAuthentication: mutualTls && {
        mutualAuthenticationMode: elbv2.MutualAuthenticationMode.VERIFY,
        trustStore: new elbv2.TrustStore(this.scope, 'TrustStore', mutualTls),
      },
      defaultAction: elbv2.ListenerAction.fixedResponse(404, {
        contentType: 'application/json', messageBody: JSON.stringify({ message: 'Not Found', code: 'NOT_FOUND' }),
      }),
    });
    const redirect = this.loadBalancer.addRedirect({ open: false });
    const callers = internal ? ec2.Peer.ipv4(vpc.vpcCidrBlock) : ec2.Peer.anyIpv4();
    for (const { connections } of [listener, redirect]) connections.allowDefaultPortFrom(callers, internal ? 'From the VPC' : 'From anywhere');
    if (!internal) {
      Validations.of(this.loadBalancer).acknowledge({
        id: 'AwsSolutions::AwsSolutions-EC23', reason: 'the load balancer is reached from the internet: by HTTPS, and by HTTP for the redirect to HTTPS',
      });
    }
    return listener;
  }

  /** L1: the permission of CDK's LambdaTarget would apply to every load balancer of every account. */
  private targetGroupOf(fn: lambda.IFunction): elbv2.CfnTargetGroup {
    const present = this.targetGroups.get(fn);
    if (present) return present;
    const parent = new Construct(this.scope, `Target${functionId(fn)}`);
    // The permission needs the name of the target group, and the group depends on the permission: so the name is not generated.
    const name = Names.uniqueResourceName(parent, { maxLength: 32, separator: '-' });
    const stack = Stack.of(this.scope);
    fn.addPermission('Permission', {
      scope: parent,
      principal: new iam.ServicePrincipal('elasticloadbalancing.amazonaws.com'),
      sourceArn: stack.formatArn({ service: 'elasticloadbalancing', resource: 'targetgroup', resourceName: `${name}/*` }),
      sourceAccount: stack.account,
    });
    const group = new elbv2.CfnTargetGroup(parent, 'Group', {
      name,
      targetType: 'lambda',
      targets: [{ id: fn.functionArn }],
      targetGroupAttributes: [{ key: 'lambda.multi_value_headers.enabled', value: String(DEFAULTS.HttpEntrance.multiValueHeaders.value) }],
      ...this.health(),
    });
    const permission = permissionOf(parent.node, 'Permission');
    if (permission) group.node.addDependency(permission);
    this.targetGroups.set(fn, group);
    this.loadBalancer.setAttribute('idle_timeout.timeout_seconds', Lazy.string({ produce: () => String(this.idleTimeoutSeconds()) }));
    return group;
  }

  /** Each health check is a billed invocation of the function, so there is none without a path. */
  private health() {
    const { healthCheckPath } = this.options;
    return healthCheckPath === undefined ? { healthCheckEnabled: false }
      : { healthCheckEnabled: true, healthCheckPath, healthCheckIntervalSeconds: Duration.minutes(1).toSeconds(), healthCheckTimeoutSeconds: 30 };
  }

  /** Longer than every function can run. Computed at synthesis: overrides and Aspects can change a timeout until then. */
  private idleTimeoutSeconds(): number {
    const timeouts = [...this.targetGroups.keys()].map(fn => timeoutSecondsOf(fn) ?? LAMBDA.timeoutUnsetSeconds);
    return Math.max(LOAD_BALANCER.idleTimeoutDefaultSeconds, ...timeouts.map(timeout => timeout + 1));
  }
}
