/**
 * The metrics that Lambda publishes in `AWS/Lambda`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/durable-monitoring.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-monitoring.html
 */
export const LAMBDA_METRICS: ReadonlySet<string> = new Set([
  'Invocations', 'Errors', 'DeadLetterErrors', 'DestinationDeliveryFailures', 'Throttles', 'OversizedRecordCount',
  'ProvisionedConcurrencyInvocations', 'ProvisionedConcurrencySpilloverInvocations', 'RecursiveInvocationsDropped',
  'SignatureValidationErrors',
  'Duration', 'PostRuntimeExtensionsDuration', 'IteratorAge', 'OffsetLag',
  'ConcurrentExecutions', 'ProvisionedConcurrentExecutions', 'ProvisionedConcurrencyUtilization', 'UnreservedConcurrentExecutions',
  'ClaimedAccountConcurrency',
  'AsyncEventsReceived', 'AsyncEventAge', 'AsyncEventsDropped',
  'PolledEventCount', 'FilteredOutEventCount', 'InvokedEventCount', 'FailedInvokeEventCount', 'DroppedEventCount',
  'OnFailureDestinationDeliveredEventCount', 'DeletedEventCount', 'CommittedEventCount', 'EstimatedEventCount', 'MaxOffsetLag', 'SumOffsetLag',
  'ProvisionedPollers', 'EventPollerUnit',
  'UrlRequestCount', 'Url4xxCount', 'Url5xxCount', 'UrlRequestLatency',
  'ApproximateRunningDurableExecutions', 'ApproximateRunningDurableExecutionsUtilization', 'DurableExecutionDuration',
  'DurableExecutionStarted', 'DurableExecutionStopped', 'DurableExecutionSucceeded', 'DurableExecutionFailed', 'DurableExecutionTimedOut',
  'DurableExecutionOperations', 'DurableExecutionStorageWrittenBytes',
]);

/** The metrics of the account, which have no dimensions. */
export const LAMBDA_ACCOUNT_METRICS: ReadonlySet<string> = new Set(['UnreservedConcurrentExecutions', 'ClaimedAccountConcurrency']);

/**
 * The dimensions of metrics of functions, versions and aliases.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html
 */
export const LAMBDA_DIMENSIONS = ['FunctionName', 'Resource', 'ExecutedVersion'] as const;

/** The dimensions of metrics of event source mappings and capacity providers; those metrics are not checked. */
export const LAMBDA_OTHER_DIMENSIONS: ReadonlySet<string> = new Set([
  'EventSourceMappingUUID', 'CapacityProviderName', 'InstanceType', 'FunctionVersion', 'FunctionResource',
]);

/**
 * The unit in which Lambda publishes metrics that alarms often state a unit for.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export const LAMBDA_METRIC_UNITS: { readonly [metric: string]: string } = {
  Duration: 'Milliseconds',
  IteratorAge: 'Milliseconds',
  AsyncEventAge: 'Milliseconds',
  Invocations: 'Count',
  Errors: 'Count',
  Throttles: 'Count',
  DeadLetterErrors: 'Count',
  ConcurrentExecutions: 'Count',
};
