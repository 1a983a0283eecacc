export { API_ACCOUNT, API_AUTHORIZER, HTTP_API, isParameterName, REST_API } from './api-gateway';
export { CLOUD_FORMATION, DURATION_PROPERTIES, PHYSICAL_NAMES, STACK_NAME } from './cloud-formation';
export { CLOUD_FRONT, LAMBDA_AT_EDGE } from './cloud-front';
export { CLOUD_WATCH } from './cloud-watch';
export { CODE_DEPLOY, highestCanaryPercentage, percentageOf, predefinedRouting, shiftMinutes, type TrafficRouting } from './code-deploy';
export {
  LAMBDA_ACCOUNT_METRICS, LAMBDA_DIMENSIONS, LAMBDA_METRIC_UNITS, LAMBDA_METRICS, LAMBDA_OTHER_DIMENSIONS,
} from './lambda-metrics';
export { LOAD_BALANCER } from './elastic-load-balancing';
export { movingTagOf } from './container-image';
export { EVENT_BRIDGE } from './event-bridge';
export { PIPE } from './event-bridge-pipes';
export { EVENT_FILTER, QUEUE_SOURCE, STREAM_SOURCE } from './event-source-mapping';
export { BOOTSTRAP, GITHUB } from './github';
export { IAM } from './iam';
export { coversAllResources, isBroadManagedPolicy, isNeededByLambda, isSupportingManagedPolicy, isWholeService, requiresAllResources } from './iam-actions';
export { ASYNC_INVOKE, FUNCTION_URL, LAMBDA, LAMBDA_BODY, LEGACY_ADOT_LAYER, PROVISIONED_CONCURRENCY, RESERVED_ENVIRONMENT_KEYS } from './lambda';
export { type DatabaseFamily, instanceMaxConnections, leastMaxConnections, maxConnections, RDS, versionsInstead } from './rds';
export { asyncRedeliverySeconds, HTTP_RETRY_SECONDS, iteratorAgeLimitSeconds, queueRedeliverySeconds, streamRedeliverySeconds } from './redelivery';
export { EVENT_BUS_POLICY, LOGS_RESOURCE_POLICIES, RESOURCE_POLICIES } from './resource-policies';
export { daysBetween, detectsEsModules, rejectsCallbacks, RUNTIME_ENDS, RUNTIME_ENDS_AS_OF, RUNTIME_NOTICE_DAYS } from './runtimes';
export { SAM_CONNECTORS } from './sam-connectors';
export { SAM_POLICY_TEMPLATES } from './sam-policy-templates';
export { oldestSnapStartRuntime } from './snap-start';
export { attemptsSeconds, MAX_RECEIVE_COUNT_RECOMMENDED, recommendedVisibilitySeconds, SQS, VISIBILITY_TIMEOUT_FACTOR } from './sqs';
export { APPSYNC_REQUEST, COGNITO_TRIGGER, synchronousTimeoutSeconds } from './synchronous-callers';
export { TAG } from './tag';
export { natMonthlyDollars, VPC } from './vpc';
export { endpointOf, isDelivery, isPolling, isReadByDataApi, SERVICE_ENDPOINTS, type ServiceEndpoint } from './vpc-endpoints';
