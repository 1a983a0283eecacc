import { Stack, Token, Validations } from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { checkAccess } from './access-spec';
import { type CorsRules, type DoorSettings, METHODS_BESIDE_PREFLIGHT, type Throttle } from './door';
import type { Entrance, LoadBalancerEntranceOptions } from './entrance';
import type { EntranceDomain } from './entrance-domain';
import { Ability, ableFactories, EntranceKind, requireAble } from './entrance-kind';
import type { HttpEntrance } from './http-entrance';
import type { HttpEntranceProps } from './http-entrance-props';
import type { RouteBook } from './route-book';
import { DEFAULTS, LOAD_BALANCER, REST_API } from '../limits';
import { refuse, requireRange } from '../private/validation';
import { wholeSeconds } from '../private/whole-seconds';
import { Profile } from '../profile';

const D = DEFAULTS.HttpEntrance;

/** Checks the props of an entrance and fills in their defaults. */
export function settle(owner: HttpEntrance, entrance: Entrance, props: HttpEntranceProps, book: RouteBook): DoorSettings {
  const path = owner.node.path;
  checkAbilities(path, entrance._kind, props);
  checkDomain(owner, entrance, props);
  checkOptions(path, entrance);
  checkAccess(path, entrance._kind, props.access._spec);
  checkAlarms(path, props);
  const routes = props.routes.map(route => book.enter(route));
  if (routes.length === 0 && (entrance._kind === EntranceKind.FUNCTION_URL || entrance._kind === EntranceKind.CLOUD_FRONT)) {
    refuse(path, `'routes' must name the function behind a function URL, got none; add a route, or use ${ableFactories(Ability.SEVERAL_FUNCTIONS)}`);
  }
  return {
    routes,
    throttle: completeThrottle(owner, props.throttle),
    logRetention: props.logRetention ?? Profile.of(owner).logRetention,
    streaming: props.streaming ?? false,
    cors: props.cors && completeCors(owner, props.cors),
    domain: props.domain,
    webAclArn: props.webAclArn,
  };
}

/** A throttle with both numbers: a burst that is not given is twice the rate. */
export function completeThrottle(owner: HttpEntrance, throttle: apigwv2.ThrottleSettings = {}): Throttle {
  const path = owner.node.path;
  const whole = 'it is a number of requests, at least 1';
  requireRange(path, 'rateLimit', throttle.rateLimit, 1, Number.MAX_SAFE_INTEGER, whole);
  requireRange(path, 'burstLimit', throttle.burstLimit, 1, Number.MAX_SAFE_INTEGER, whole);
  const rateLimit = throttle.rateLimit ?? D.throttleRateLimit.value;
  const burstLimit = throttle.burstLimit ?? (Token.isUnresolved(rateLimit) ? D.throttleBurstLimit.value : 2 * rateLimit);
  if (!Token.isUnresolved(rateLimit) && !Token.isUnresolved(burstLimit) && burstLimit < rateLimit) {
    Validations.of(owner).addWarning(
      'cdk-production-lambda:HttpEntrance.burstBelowRate',
      `'burstLimit' of ${burstLimit} is below 'rateLimit' of ${rateLimit}, which is then never reached in one second; raise the burst to the rate at least`,
    );
  }
  return { rateLimit, burstLimit };
}

function checkAbilities(path: string, kind: EntranceKind, props: HttpEntranceProps): void {
  const asked: [unknown, Ability, string][] = [
    [props.cors, Ability.CORS, "'cors'"],
    [props.throttle, Ability.THROTTLE, "'throttle'"],
    [props.streaming || undefined, Ability.STREAMING, "'streaming'"],
    [props.domain, Ability.DOMAIN, "'domain'"],
    [props.domain?.mutualTls, Ability.MUTUAL_TLS, "'mutualTls'"],
    [props.webAclArn, Ability.WAF, "'webAclArn'"],
    [props.logRetention, Ability.ACCESS_LOG, "'logRetention' of an access log"],
    [props.alarms?.integrationLatencyThreshold, Ability.INTEGRATION_LATENCY, "'integrationLatencyThreshold'"],
  ];
  for (const [value, ability, what] of asked) if (value !== undefined) requireAble(path, kind, ability, what);
}

function checkDomain(owner: HttpEntrance, { _kind: kind, _facts }: Entrance, { domain }: HttpEntranceProps): void {
  const path = owner.node.path;
  if (!domain && (kind === EntranceKind.LOAD_BALANCER || kind === EntranceKind.CLOUD_FRONT)) {
    refuse(path, `'domain' must be given for ${kind}, got none; its certificate is what TLS 1.2 needs, or use Entrance.httpApi() or Entrance.restApi()`);
  }
  if (domain && !Token.isUnresolved(domain.domainName) && !/^(\*|[\w-]+)(\.[\w-]+)+$/.test(domain.domainName)) {
    refuse(path, `'domainName' must be a name such as api.example.com, got '${domain.domainName}'; leave out the scheme, the port and the path`);
  }
  if (domain && kind !== EntranceKind.CLOUD_FRONT) checkRegion(owner, domain);
  if (domain && _facts.isPrivateApi) {
    refuse(path, "'domain' is not possible for a private REST API; use Entrance.loadBalancer({ vpc, internal: true })");
  }
}

/** CDK asks the same of CloudFront, whose certificates are in us-east-1. */
function checkRegion(owner: HttpEntrance, { certificate }: EntranceDomain): void {
  const { certificateArn, env } = certificate;
  const got = Token.isUnresolved(certificateArn) ? env.region : certificateArn.split(':')[3];
  const needed = Stack.of(owner).region;
  if (got && !Token.isUnresolved(got) && !Token.isUnresolved(needed) && got !== needed) {
    refuse(owner.node.path, `'certificate' of 'domain' must be in the region of the entrance, ${needed}, got one in ${got}; have one made in ${needed}`);
  }
}

/** Refuses options of the entrance itself that can't be deployed. */
function checkOptions(path: string, { _kind: kind, _facts: { longestWaitSeconds, loadBalancer } }: Entrance): void {
  if (kind === EntranceKind.REST_API) {
    requireRange(path, 'raisedTimeoutQuota', longestWaitSeconds, REST_API.integrationTimeoutDefaultSeconds, Infinity, 'that is what every account has');
  }
  if (loadBalancer) checkLoadBalancer(path, loadBalancer);
}

function checkLoadBalancer(path: string, { vpc, internal, healthCheckPath }: LoadBalancerEntranceOptions): void {
  const zones = vpc.availabilityZones;
  if (!Token.isUnresolved(zones) && zones.length < LOAD_BALANCER.availabilityZonesMin) {
    refuse(path, `'vpc' must have at least ${LOAD_BALANCER.availabilityZonesMin} availability zones for a load balancer, got ${zones.length}; add one, or use Entrance.httpApi()`);
  }
  if (internal && !knowsCidrBlock(vpc)) {
    refuse(path, "'vpc' must know its CIDR block for an internal load balancer, got an imported one without; give 'vpcCidrBlock' to Vpc.fromVpcAttributes");
  }
  if (healthCheckPath !== undefined && !Token.isUnresolved(healthCheckPath) && !healthCheckPath.startsWith('/')) {
    refuse(path, `'healthCheckPath' must start with a slash, got '${healthCheckPath}'; write it as /health`);
  }
}

/** An imported VPC has no way to ask for what it was not told. */
function knowsCidrBlock(vpc: ec2.IVpc): boolean {
  try {
    return vpc.vpcCidrBlock !== undefined;
  } catch {
    return false;
  }
}

function checkAlarms(path: string, { alarms = {} }: HttpEntranceProps): void {
  requireRange(path, 'errorRateThreshold', alarms.errorRateThreshold, 0, 99.999, 'it is the percentage of failed requests');
  requireRange(path, 'minimumRequests', alarms.minimumRequests, 1, 1_000_000, 'it is a number of requests a minute');
  for (const [prop, limit] of [
    ['latencyThreshold', alarms.latencyThreshold], ['slowestThreshold', alarms.slowestThreshold], ['integrationLatencyThreshold', alarms.integrationLatencyThreshold],
  ] as const) requireRange(path, prop, limit?.toMilliseconds(), 1, Infinity, 'it is a number of milliseconds, above which the alarm fires');
}

function completeCors(owner: HttpEntrance, cors: apigwv2.CorsPreflightOptions): CorsRules {
  const path = owner.node.path;
  const { allowOrigins = [], allowCredentials, maxAge } = cors;
  if (allowOrigins.length === 0) refuse(path, "'allowOrigins' of 'cors' must list the pages' origins, got none; name them as https://app.example.com");
  for (const origin of allowOrigins) {
    if (!Token.isUnresolved(origin) && !/^(\*|null|[a-z][a-z\d+.-]*:\/\/[^/]+)$/i.test(origin)) {
      refuse(path, `'allowOrigins' of 'cors' must be scheme, host and port alone, got '${origin}'; browsers send https://app.example.com, without a slash or path`);
    }
  }
  if (allowOrigins.includes('*')) {
    if (allowCredentials) refuse(path, "'allowOrigins' of 'cors' must not be '*' with 'allowCredentials', got both; browsers reject it, so list the origins");
    Validations.of(owner).addWarning(
      'cdk-production-lambda:HttpEntrance.corsAnyOrigin',
      "'allowOrigins' of '*' lets the scripts of every web page read the answers; list the origins of your own pages",
    );
  }
  // With credentials browsers take a star for the name of a method or header.
  const nameStar = allowCredentials && cors.allowMethods?.includes(apigwv2.CorsHttpMethod.ANY);
  for (const [prop, headers = []] of [['allowHeaders', cors.allowHeaders], ['exposeHeaders', cors.exposeHeaders]] as const) {
    if (allowCredentials && headers.includes('*')) refuse(path, `'${prop}' of 'cors' must not be '*' with 'allowCredentials', got both; browsers take it for a name, so list the headers`);
  }
  const maxAgeSeconds = maxAge ? wholeSeconds(path, 'maxAge', maxAge) : D.corsMaxAgeSeconds.value;
  requireRange(path, 'maxAge', maxAgeSeconds, 0, 86_400, 'it is at most a day');
  return {
    allowOrigins: [...allowOrigins],
    allowMethods: [...nameStar ? METHODS_BESIDE_PREFLIGHT : cors.allowMethods ?? METHODS_BESIDE_PREFLIGHT],
    allowHeaders: [...cors.allowHeaders ?? ['Authorization', 'Content-Type', 'Idempotency-Key']],
    exposeHeaders: cors.exposeHeaders && [...cors.exposeHeaders],
    allowCredentials,
    maxAgeSeconds,
  };
}
