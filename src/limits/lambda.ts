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
  /** What the permission of one route or method takes of that, as measured on synthesised templates. */
  routePermissionBytes: 369,
  aliasVersionsMax: 2,
  /** What an account always keeps unreserved. */
  unreservedConcurrencyMin: 100,
  memoryUnsetMiB: 128,
  /** Below this, the start of a JVM or CLR is bound by its share of a CPU. */
  memoryJvmMinMiB: 1_024,
  snapStartEphemeralStorageMaxMiB: 512,
  zipMaxBytes: 50 * 1024 * 1024,
  durableWithSourceMaxSeconds: 900,
  durableWithSourceOnInstancesMaxSeconds: 5_400,
  durableExecutionMaxSeconds: 31_622_400,
  durableRetentionMaxDays: 90,
  availabilityZonesMin: 2,
} as const;

/**
 * Environment keys that Lambda sets itself and refuses to have set.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export const RESERVED_ENVIRONMENT_KEYS: readonly string[] = [
  '_HANDLER', '_X_AMZN_TRACE_ID', 'AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE', 'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API', 'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR',
];

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
