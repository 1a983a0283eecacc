import type { Range } from './arithmetic';
import { exactly } from './arithmetic';

/** What the template does not contain: how often a function runs, and how long. */
export interface FunctionTraffic {
  readonly requestsPerMonth: Range;
  readonly durationMillis: Range;
  /** The percentage of the requests that start an execution environment. */
  readonly coldStartPercent: Range;
  readonly initMillis: Range;
  /** Bytes of logs of one request. */
  readonly logBytes: Range;
}

/** The stated traffic of an app. */
export interface Traffic {
  readonly isStated: boolean;
  readonly default: FunctionTraffic;
  /** By function path. */
  readonly functions: ReadonlyMap<string, Partial<FunctionTraffic>>;
  /** GB a month that functions in a VPC send to AWS services and to the internet. */
  readonly vpcGigabytes: Range;
}

/** The assumptions without a traffic file. */
export const DEFAULT_TRAFFIC: Traffic = {
  isStated: false,
  default: {
    requestsPerMonth: exactly(1_000_000),
    durationMillis: { min: 50, max: 200 },
    coldStartPercent: { min: 0.1, max: 1 },
    initMillis: { min: 200, max: 1_000 },
    logBytes: { min: 500, max: 2_000 },
  },
  functions: new Map(),
  vpcGigabytes: { min: 1, max: 100 },
};

export function trafficOf(traffic: Traffic, path: string): FunctionTraffic {
  return { ...traffic.default, ...traffic.functions.get(path) };
}
