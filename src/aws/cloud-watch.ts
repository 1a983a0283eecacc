/**
 * Limits of CloudWatch alarms.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html
 */
export const CLOUD_WATCH = {
  /** Period × EvaluationPeriods, for periods below an hour. */
  alarmWindowMaxMinutes: 1_440,
  /** Metrics that the expression of an alarm refers to. */
  alarmMetricsMax: 10,
} as const;
