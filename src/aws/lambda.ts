/**
 * Quotas and ranges of AWS Lambda. Each name contains the unit.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const LAMBDA = {
  timeoutMaxSeconds: 900,
  /**
   * For asynchronous invocations and event sources of functions on Managed Instances.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
   */
  managedInstancesTimeoutMaxSeconds: 5_400,
  /** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
  timeoutUnsetSeconds: 3,
  memoryMinMiB: 128,
  memoryMaxMiB: 10_240,
  /**
   * With this memory a function has one vCPU; with less, a proportional share.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
   */
  memoryOfOneVcpuMiB: 1_769,
  ephemeralStorageMinMiB: 512,
  ephemeralStorageMaxMiB: 10_240,
  /** Of all names and values. */
  environmentMaxBytes: 4_096,
  layersMax: 5,
  unzippedPackageMaxBytes: 250 * 1024 * 1024,
  /** Of the permissions on one qualifier of a function. */
  resourcePolicyMaxBytes: 20_480,
  /** The size of the permission of one route or method in that policy, measured in synthesised templates. */
  routePermissionBytes: 369,
  /** @see https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html */
  aliasVersionsMax: 2,
  /**
   * The concurrency of an account that cannot be reserved.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  unreservedConcurrencyMin: 100,
  memoryUnsetMiB: 128,
  /** @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-best-practices.html */
  managedInstancesMemoryMinMiB: 2_048,
  /** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
  managedInstancesMemoryMaxMiB: 32_768,
  /** With less, the CPU limits how fast the JVM and the CLR start. */
  memoryJvmMinMiB: 1_024,
  /** @see https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html */
  snapStartEphemeralStorageMaxMiB: 512,
  zipMaxBytes: 50 * 1024 * 1024,
  /** @see https://docs.aws.amazon.com/lambda/latest/dg/durable-functions.html */
  durableWithSourceMaxSeconds: 900,
  durableWithSourceOnInstancesMaxSeconds: 5_400,
  durableExecutionMaxSeconds: 31_622_400,
  durableRetentionMaxDays: 90,
  /** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
  availabilityZonesMin: 2,
} as const;

/**
 * Environment variables that Lambda sets and that a function must not set.
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

/**
 * Payloads of synchronous invocations, whichever service invokes the function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const LAMBDA_BODY = {
  requestMaxMiB: 6,
  bufferedResponseMaxMiB: 6,
  streamedResponseMaxMiB: 200,
} as const;

/**
 * Quotas of function URLs.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
 */
export const FUNCTION_URL = {
  requestsPerSecondPerReservedConcurrency: 10,
} as const;

/**
 * Ranges of provisioned concurrency with Application Auto Scaling.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
 */
export const PROVISIONED_CONCURRENCY = {
  /** With 0, Application Auto Scaling deletes the configuration, and the next update of the alias fails (aws/aws-cdk#29992). */
  min: 1,
  utilizationMin: 0.1,
  utilizationMax: 0.9,
} as const;

/**
 * The ARN of a legacy layer of the AWS Distro for OpenTelemetry, which sends traces itself.
 *
 * @see https://aws-otel.github.io/docs/getting-started/lambda
 */
export const LEGACY_ADOT_LAYER = /:layer:aws-otel-/;
