export { FailureBucket, type FailureBucketProps } from './failure-bucket';
export { FailureQueue, type FailureQueueProps } from './failure-queue';
export { FunctionTarget, type FunctionTargetOptions, type RuleTargetOptions, type ScheduleTargetOptions } from './function-target';
export { QueueConsumer, type QueueConsumerProps } from './queue-consumer';
export { StreamConsumer, type StreamConsumerProps } from './stream-consumer';
export { StreamSource, type ManagedKafkaOptions, type SelfManagedKafkaOptions } from './stream-source';
