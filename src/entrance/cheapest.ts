import { Size } from 'aws-cdk-lib';
import { Ability, EntranceKind, inWords, isAble } from './entrance-kind';
import type { EntranceNeed } from './entrance-need';
import { CLOUD_FRONT, HTTP_API, LAMBDA, LAMBDA_BODY, LOAD_BALANCER, REST_API } from '../limits';

const { FUNCTION_URL, HTTP_API: HTTP, CLOUD_FRONT: CDN, REST_API: REST, LOAD_BALANCER: BALANCER } = EntranceKind;
/** From the least expensive on, where requests are few: the last is paid by the hour, too. */
const BY_PRICE = [FUNCTION_URL, HTTP, CDN, REST, BALANCER];
/** The same where requests are so many that the hour is the smaller part. */
const BY_PRICE_UNDER_LOAD = [FUNCTION_URL, BALANCER, HTTP, CDN, REST];

/** Needs that an entrance meets or not, and what to say of one that doesn't. */
const PLAIN_NEEDS: readonly [keyof EntranceNeed, Ability, string][] = [
  ['privateNetwork', Ability.PRIVATE_NETWORK, 'it is reached from the internet'],
  ['waf', Ability.WAF, 'AWS WAF has no place in front of it'],
  ['validation', Ability.VALIDATION, "it doesn't check requests against a schema"],
  ['streaming', Ability.STREAMING, "it doesn't stream responses"],
  ['jwt', Ability.JWT, "it doesn't check JSON Web Tokens"],
  ['iam', Ability.IAM, "it doesn't check AWS signatures"],
  ['mutualTls', Ability.MUTUAL_TLS, "it doesn't check client certificates"],
  ['usagePlans', Ability.API_KEY, 'it has no API keys'],
  ['staticAddress', Ability.STATIC_ADDRESS, 'nothing gives it static IP addresses; a load balancer stands behind a Global Accelerator or a Network Load Balancer'],
  ['severalFunctions', Ability.SEVERAL_FUNCTIONS, 'it leads to one function'],
  ['domain', Ability.DOMAIN, 'it has no domain name of its own'],
];

/** The decision table: the least expensive entrance that meets every need, and a sentence on each up to it. */
export function chooseCheapest(need: EntranceNeed): { readonly kind: EntranceKind; readonly reasons: string[] } {
  const reasons: string[] = [];
  for (const kind of need.heavyTraffic ? BY_PRICE_UNDER_LOAD : BY_PRICE) {
    const against = [...unmetNeeds(kind, need), ...unmetWaits(kind, need), ...unmetSizes(kind, need), ...missingOptions(kind, need)];
    if (against.length === 0) return { kind, reasons: [...reasons, `${kind}: the least expensive that can do all that is needed`] };
    reasons.push(`not ${kind}: ${inWords(against, 'and')}`);
  }
  throw new Error(`no entrance can do all that is needed: ${reasons.join('; ')}; split the API, or drop a need`);
}

function unmetNeeds(kind: EntranceKind, need: EntranceNeed): string[] {
  return PLAIN_NEEDS.filter(([prop, ability]) => need[prop] === true && !isAble(kind, ability)).map(([, , words]) => words);
}

function unmetWaits(kind: EntranceKind, { longestWait, streaming, restApi }: EntranceNeed): string[] {
  if (longestWait === undefined) return [];
  const most: Record<EntranceKind, number> = {
    [EntranceKind.FUNCTION_URL]: LAMBDA.timeoutMaxSeconds,
    [EntranceKind.CLOUD_FRONT]: CLOUD_FRONT.originResponseTimeoutDefaultMaxSeconds,
    [EntranceKind.HTTP_API]: HTTP_API.integrationTimeoutMaxSeconds,
    [EntranceKind.REST_API]: streaming ? REST_API.streamedResponseMaxSeconds
      : restApi?.raisedTimeoutQuota?.toSeconds({ integral: false }) ?? REST_API.integrationTimeoutDefaultSeconds,
    [EntranceKind.LOAD_BALANCER]: LAMBDA.timeoutMaxSeconds,
  };
  const asked = longestWait.toSeconds({ integral: false });
  return asked > most[kind] ? [`it waits at most ${most[kind]} s, asked for ${asked} s`] : [];
}

function unmetSizes(kind: EntranceKind, { requestSize, responseSize, streaming }: EntranceNeed): string[] {
  const balanced = kind === EntranceKind.LOAD_BALANCER;
  const request = balanced ? LOAD_BALANCER.bodyMaxMiB : LAMBDA_BODY.requestMaxMiB;
  const response = balanced ? LOAD_BALANCER.bodyMaxMiB
    : streaming && isAble(kind, Ability.STREAMING) ? LAMBDA_BODY.streamedResponseMaxMiB : LAMBDA_BODY.bufferedResponseMaxMiB;
  return [...oversize('requests', requestSize, request), ...oversize('responses', responseSize, response)];
}

function oversize(what: string, asked: Size | undefined, mostMiB: number): string[] {
  if (asked === undefined || asked.toBytes() <= Size.mebibytes(mostMiB).toBytes()) return [];
  return [`its ${what} are at most ${mostMiB} MiB, asked for ${asked.toBytes() / Size.mebibytes(1).toBytes()} MiB`];
}

function missingOptions(kind: EntranceKind, need: EntranceNeed): string[] {
  if (kind === EntranceKind.LOAD_BALANCER && !need.loadBalancer) return ["'loadBalancer', with its VPC, is not given"];
  if (kind === EntranceKind.REST_API && need.privateNetwork) {
    if (need.domain) return ['a private API has no domain name of its own here'];
    if (need.mutualTls) return ["a private API doesn't check client certificates"];
    if (!need.restApi?.vpcEndpoints) return ["'vpcEndpoints' of 'restApi' are not given"];
  }
  return [];
}
