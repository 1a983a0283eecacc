export { FailureQueue, type FailureQueueProps } from './failure-queue';
