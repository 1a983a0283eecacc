import { Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import { Capability, EntranceKind, joinWords, supports } from './entrance-capabilities';
import type { EntranceRequirements } from './entrance-requirements';
import { CLOUD_FRONT, HTTP_API, LAMBDA, LAMBDA_BODY, LOAD_BALANCER, REST_API } from '../aws';
import { durationText } from '../private/duration-text';

const { FUNCTION_URL, HTTP_API: HTTP, CLOUD_FRONT: CDN, REST_API: REST, LOAD_BALANCER: BALANCER } = EntranceKind;
/** From the least to the most expensive at low traffic: a load balancer is also billed by the hour. */
const BY_PRICE = [FUNCTION_URL, HTTP, CDN, REST, BALANCER];
/** The same at traffic so heavy that the hourly price is the smaller part. */
const BY_PRICE_UNDER_LOAD = [FUNCTION_URL, BALANCER, HTTP, CDN, REST];

/** The requirements that are true or false, the capability that each needs, and the reason against an entrance without it. */
const FLAGS: readonly [keyof EntranceRequirements, Capability, string][] = [
  ['privateNetwork', Capability.PRIVATE_NETWORK, 'it is reached from the internet'],
  ['waf', Capability.WAF, 'it does not support AWS WAF'],
  ['validation', Capability.VALIDATION, 'it does not validate requests against a schema'],
  ['streaming', Capability.STREAMING, 'it does not stream responses'],
  ['jwt', Capability.JWT, 'it does not validate JSON Web Tokens'],
  ['iam', Capability.IAM, 'it does not support access by IAM'],
  ['mutualTls', Capability.MUTUAL_TLS, 'it does not validate client certificates'],
  ['usagePlans', Capability.API_KEY, 'it has no API keys'],
  ['staticAddress', Capability.STATIC_ADDRESS, 'it has no static IP addresses, which a load balancer has behind AWS Global Accelerator or a Network Load Balancer'],
  ['severalFunctions', Capability.SEVERAL_FUNCTIONS, 'it invokes only one function'],
  ['domain', Capability.DOMAIN, 'it has no custom domain name'],
];

/** Selects the least expensive entrance that meets every requirement, and returns a sentence on each entrance up to it. */
export function selectCheapest(need: EntranceRequirements): { readonly kind: EntranceKind; readonly reasons: string[] } {
  const reasons: string[] = [];
  for (const kind of need.heavyTraffic ? BY_PRICE_UNDER_LOAD : BY_PRICE) {
    const against = [...unmetFlags(kind, need), ...unmetWait(kind, need), ...unmetSizes(kind, need), ...missingOptions(kind, need)];
    if (against.length === 0) return { kind, reasons: [...reasons, `${kind}: the least expensive entrance that meets all requirements`] };
    reasons.push(`not ${kind}: ${joinWords(against, 'and')}`);
  }
  throw new Error(`no entrance meets all requirements: ${reasons.join('; ')}; split the API, or remove a requirement`);
}

function unmetFlags(kind: EntranceKind, need: EntranceRequirements): string[] {
  return FLAGS.filter(([prop, capability]) => need[prop] === true && !supports(kind, capability)).map(([, , reason]) => reason);
}

function unmetWait(kind: EntranceKind, { longestWait, streaming, restApi }: EntranceRequirements): string[] {
  if (longestWait === undefined) return [];
  const most: Record<EntranceKind, number> = {
    [EntranceKind.FUNCTION_URL]: LAMBDA.timeoutMaxSeconds,
    [EntranceKind.CLOUD_FRONT]: CLOUD_FRONT.originResponseTimeoutDefaultMaxSeconds,
    [EntranceKind.HTTP_API]: HTTP_API.integrationTimeoutMaxSeconds,
    [EntranceKind.REST_API]: streaming ? REST_API.streamedResponseMaxSeconds
      : restApi?.raisedTimeoutQuota?.toSeconds({ integral: false }) ?? REST_API.integrationTimeoutDefaultSeconds,
    [EntranceKind.LOAD_BALANCER]: LAMBDA.timeoutMaxSeconds,
  };
  const required = longestWait.toSeconds({ integral: false });
  return required > most[kind] ? [`it waits at most ${durationText(most[kind])} of the required ${durationText(required)}`] : [];
}

function unmetSizes(kind: EntranceKind, { requestSize, responseSize, streaming }: EntranceRequirements): string[] {
  const isBalancer = kind === EntranceKind.LOAD_BALANCER;
  const request = isBalancer ? LOAD_BALANCER.bodyMaxMiB : LAMBDA_BODY.requestMaxMiB;
  const response = isBalancer ? LOAD_BALANCER.bodyMaxMiB
    : streaming && supports(kind, Capability.STREAMING) ? LAMBDA_BODY.streamedResponseMaxMiB : LAMBDA_BODY.bufferedResponseMaxMiB;
  return [...unmetSize('requests', requestSize, request), ...unmetSize('responses', responseSize, response)];
}

function unmetSize(what: string, required: Size | undefined, mostMiB: number): string[] {
  const requiredMiB = required?.toMebibytes({ rounding: SizeRoundingBehavior.NONE }) ?? 0;
  return requiredMiB <= mostMiB ? [] : [`it supports ${what} of at most ${mostMiB} MiB of the required ${requiredMiB} MiB`];
}

function missingOptions(kind: EntranceKind, need: EntranceRequirements): string[] {
  if (kind === EntranceKind.LOAD_BALANCER && !need.loadBalancer) return ["'loadBalancer' with its VPC is not set"];
  if (kind === EntranceKind.REST_API && need.privateNetwork) {
    if (need.domain) return ['a private API has no custom domain name in HttpEntrance'];
    if (need.mutualTls) return ['a private API does not validate client certificates'];
    if (!need.restApi?.vpcEndpoints) return ["'vpcEndpoints' of 'restApi' is not set"];
  }
  return [];
}
