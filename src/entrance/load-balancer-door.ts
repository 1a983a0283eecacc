import { Duration, Names, Stack, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as targets from 'aws-cdk-lib/aws-route53-targets';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { accessLogBucket, letLoadBalancersWrite } from './access-log';
import type { Door, DoorSettings, MetricNames, SettledRoute } from './door';
import type { LoadBalancerEntranceOptions } from './entrance';
import { type EntranceDomain, pointAt } from './entrance-domain';
import { ListenerRules } from './listener-rules';
import { idOf, timeoutOf } from './target-function';
import { DEFAULTS, LAMBDA, LOAD_BALANCER } from '../limits';

/** An Application Load Balancer: one target group and one permission a function, one rule a route, 404 for the rest. */
export class LoadBalancerDoor implements Door {
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
  private idleSeconds: number = LOAD_BALANCER.idleTimeoutDefaultSeconds;

  constructor(private readonly scope: Construct, private readonly settings: DoorSettings, private readonly options: LoadBalancerEntranceOptions) {
    // Checked to be there: a load balancer has no certificate of its own.
    const domain = settings.domain!;
    this.loadBalancer = this.createLoadBalancer();
    this.listener = this.createListener(domain);
    this.rules = new ListenerRules(scope, this.listener);
    if (settings.webAclArn) {
      new wafv2.CfnWebACLAssociation(scope, 'WebAclAssociation', { resourceArn: this.loadBalancer.loadBalancerArn, webAclArn: settings.webAclArn });
    }
    pointAt(scope, domain, new targets.LoadBalancerTarget(this.loadBalancer));
    this.url = `https://${domain.domainName}/`;
    for (const route of settings.routes) this.addRoute(route);
  }

  public addRoute(route: SettledRoute): void {
    this.rules.add(route, this.targetGroupOf(route.handler).ref);
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
    const bucket = accessLogBucket(this.scope, this.settings.logRetention, false);
    letLoadBalancersWrite(bucket);
    balancer.setAttribute('access_logs.s3.enabled', 'true');
    balancer.setAttribute('access_logs.s3.bucket', bucket.bucketName);
    // The load balancer tries to write when it is made.
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
        id: 'AwsSolutions::AwsSolutions-EC23', reason: 'an entrance from the internet: HTTPS, and HTTP for the redirect to it',
      });
    }
    return listener;
  }

  /** By L1: the permission that the target of CDK adds is good for every load balancer of every account. */
  private targetGroupOf(handler: lambda.IFunction): elbv2.CfnTargetGroup {
    const present = this.targetGroups.get(handler);
    if (present) return present;
    const home = new Construct(this.scope, `Target${idOf(handler)}`);
    // Lambda must know the group before the group knows Lambda, so the group needs a name that both know.
    const name = Names.uniqueResourceName(home, { maxLength: 32, separator: '-' });
    const stack = Stack.of(this.scope);
    handler.addPermission('Permission', {
      scope: home,
      principal: new iam.ServicePrincipal('elasticloadbalancing.amazonaws.com'),
      sourceArn: stack.formatArn({ service: 'elasticloadbalancing', resource: 'targetgroup', resourceName: `${name}/*` }),
      sourceAccount: stack.account,
    });
    const group = new elbv2.CfnTargetGroup(home, 'Group', {
      name,
      targetType: 'lambda',
      targets: [{ id: handler.functionArn }],
      targetGroupAttributes: [{ key: 'lambda.multi_value_headers.enabled', value: String(DEFAULTS.HttpEntrance.multiValueHeaders.value) }],
      ...this.health(),
    });
    const permission = home.node.tryFindChild('Permission');
    if (permission) group.node.addDependency(permission);
    this.targetGroups.set(handler, group);
    this.waitFor(handler);
    return group;
  }

  /** A check is a paid request to the function, so there is none unless a path for it is named. */
  private health() {
    const { healthCheckPath } = this.options;
    return healthCheckPath === undefined ? { healthCheckEnabled: false }
      : { healthCheckEnabled: true, healthCheckPath, healthCheckIntervalSeconds: Duration.minutes(1).toSeconds(), healthCheckTimeoutSeconds: 30 };
  }

  private waitFor(handler: lambda.IFunction): void {
    this.idleSeconds = Math.max(this.idleSeconds, (timeoutOf(handler) ?? LAMBDA.timeoutUnsetSeconds) + 1);
    this.loadBalancer.setAttribute('idle_timeout.timeout_seconds', String(this.idleSeconds));
  }
}
