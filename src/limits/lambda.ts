/**
 * Quotas and ranges of AWS Lambda, in the unit that each name says.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const LAMBDA = {
  /** Longest run of an ordinary function; Managed Instances go further for async and event sources. */
  timeoutMaxSeconds: 900,
  /** What CloudFormation uses where a function states no timeout. */
  timeoutUnsetSeconds: 3,
  memoryMinMiB: 128,
  memoryMaxMiB: 10_240,
  /** Memory at which a function gets one whole vCPU; below it the share is proportional. */
  memoryOfOneVcpuMiB: 1_769,
  ephemeralStorageMinMiB: 512,
  ephemeralStorageMaxMiB: 10_240,
  /** All keys and values together. */
  environmentMaxBytes: 4_096,
  layersMax: 5,
  unzippedPackageMaxBytes: 250 * 1024 * 1024,
  /** The resource policy of one function: every permission on it and its aliases. */
  resourcePolicyMaxBytes: 20_480,
  aliasVersionsMax: 2,
  /** What an account always keeps unreserved. */
  unreservedConcurrencyMin: 100,
} as const;

/**
 * Ranges of asynchronous invocation.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export const ASYNC_INVOKE = {
  retryAttemptsMin: 0,
  retryAttemptsMax: 2,
  eventAgeMinSeconds: 60,
  eventAgeMaxSeconds: 21_600,
} as const;
