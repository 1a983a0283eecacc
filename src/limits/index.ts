export { API_ACCOUNT, API_AUTHORIZER, CLOUD_FRONT, FUNCTION_URL, HTTP_API, LAMBDA_BODY, LOAD_BALANCER, REST_API } from './api-gateway';
export { CLOUD_FORMATION } from './cloud-formation';
export { DEFAULTS } from './defaults';
export { LAMBDA, ASYNC_INVOKE, RESERVED_ENVIRONMENT_KEYS } from './lambda';
export { IAM } from './iam';
export { UNSCOPABLE_ACTIONS } from './unscopable-actions';
export { EDGE, PATIENCE } from './callers';
export { CODE_DEPLOY } from './code-deploy';
export { SMOKE_TEST } from './smoke-test';
export { WARM_CAPACITY } from './warm-capacity';
export { SQS } from './sqs';
export { QUEUE_SOURCE, STREAM_SOURCE, EVENT_FILTER, EVENT_BRIDGE } from './event-source';
export {
  asyncHorizonSeconds, attemptsSeconds, iteratorAgeLimitSeconds, queueHorizonSeconds, streamHorizonSeconds, visibilitySeconds,
  HTTP_RETRY_SECONDS, MAX_RECEIVE_COUNT_RECOMMENDED, VISIBILITY_TIMEOUTS,
} from './retry-horizon';
export { BOOTSTRAP, GITHUB } from './github';
export { PROFILES } from './profiles';
export { PHYSICAL_NAMES, STACK_NAME } from './stack-name';
export { TAG } from './tag';
export { type DatabaseFamily, instanceMaxConnections, leastMaxConnections, maxConnections, RDS, versionsInstead } from './rds';
export { VPC, natMonthlyDollars } from './vpc';
export { SERVICE_ENDPOINTS, endpointOf, isDelivery, isPolling, isReadByDataApi, type ServiceEndpoint } from './vpc-endpoints';
export { RUNTIME_ENDS, RUNTIME_NOTICE_DAYS, daysBetween } from './runtimes';
