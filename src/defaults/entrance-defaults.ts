import { GUIDE, RECOMMENDED_ALARMS, row } from './default-row';
import { PROFILES } from './profile-defaults';

const P = PROFILES;
const APIGW = GUIDE.apiGateway;
const NO_ALARM = 'no alarm';

/** The media types of common binary bodies, as text: exact types only, because a REST API passes the bodies of these types in base64. */
const BINARY_MEDIA_TYPES = 'application/gzip,application/msgpack,application/octet-stream,application/pdf,application/protobuf,'
  + 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,application/vnd.openxmlformats-officedocument.wordprocessingml.document,'
  + 'application/x-protobuf,application/zip,audio/mpeg,audio/ogg,audio/wav,font/woff,font/woff2,image/avif,image/gif,image/jpeg,image/png,image/tiff,'
  + 'image/webp,image/x-icon,multipart/form-data,video/mp4,video/webm';

/** The defaults of entrances. */
export const ENTRANCE_DEFAULTS = {
  HttpEntrance: {
    entrance: row('HTTP API', 'one class for each', 'the least expensive entrance with JWT, throttle and access log', `${APIGW}/http-api-vs-rest.html`),
    throttleRateLimit: row(500, 'the quota of the account, 10,000 a second', 'one API does not use the quota that all APIs of the account share', `${APIGW}/http-api-throttling.html`,
      { rule: 'LP-H11', unit: 'requests a second' }),
    throttleBurstLimit: row(1_000, 'the quota of the account, 5,000', 'two seconds of the rate at the same time', `${APIGW}/http-api-throttling.html`,
      { rule: 'LP-H11', unit: 'requests' }),
    logRetentionDays: row(P.logRetentionDays.production, 'no access log', 'rejected requests do not appear in the log of a function', `${APIGW}/http-api-logging.html`,
      { rule: 'LP-H13', unit: 'days', sandbox: P.logRetentionDays.sandbox }),
    logRemovalPolicy: row('RetainExceptOnCreate', 'no access log', 'retained, except by a first deployment that fails: its name would block the next one',
      `${GUIDE.cloudFormationTemplates}/aws-attribute-deletionpolicy.html`, { sandbox: P.removalPolicy.sandbox }),
    detailedMetrics: row(true, 'false', 'each route has metrics of its own', `${APIGW}/http-api-metrics.html`),
    payloadFormatVersion: row('2.0', '2.0', 'pinned: formats 1.0 and 2.0 are not compatible', `${APIGW}/http-api-develop-integrations-lambda.html`),
    endpointType: row('REGIONAL', 'EDGE', 'a CloudFront distribution of your own can be configured, the one of an edge-optimized API cannot', `${APIGW}/api-gateway-api-endpoint-types.html`,
      { rule: 'LP-H19' }),
    binaryMediaTypes: row(BINARY_MEDIA_TYPES, 'none', 'the other entrances pass binary request bodies too', `${APIGW}/api-gateway-payload-encodings-workflow.html`),
    restStageName: row('live', 'prod', 'the name of the alias that serves traffic', `${APIGW}/set-up-stages.html`),
    restTracing: row(true, 'false', 'the trace starts at the entrance', `${APIGW}/apigateway-xray.html`),
    restMetrics: row(true, 'false', 'each method has metrics of its own', `${APIGW}/api-gateway-metrics-and-dimensions.html`),
    restLoggingLevel: row('ERROR', 'OFF', 'API Gateway logs why a request failed; it requires the CloudWatch role of the account', `${APIGW}/set-up-logging.html`,
      { sandbox: 'OFF' }),
    restDataTrace: row(false, 'false', 'pinned: a full request log contains tokens and personal data', `${APIGW}/set-up-logging.html`, { rule: 'LP-H20' }),
    requestValidation: row('body and parameters', 'none', 'API Gateway rejects requests that the function would reject', `${APIGW}/api-gateway-method-request-validation.html`),
    errorResponses: row('JSON with message, code and requestId', 'JSON with message', 'callers can report the request that failed', `${APIGW}/api-gateway-gatewayResponse-definition.html`),
    retryAfterSeconds: row(1, 'not set', 'clients wait before they retry a throttled request', `${APIGW}/api-gateway-gatewayResponse-definition.html`, { unit: 's' }),
    securityPolicy: row('TLS_1_2', 'TLS_1_2', 'pinned: older versions are not secure', `${APIGW}/apigateway-custom-domain-tls-version.html`),
    authorizerCacheSeconds: row(300, '300 s, for all routes', 'five minutes, for each route', `${APIGW}/http-api-lambda-authorizer.html`,
      { rule: 'LP-H08', unit: 's' }),
    authorizerCacheKey: row('$request.header.Authorization,$context.routeKey', '$request.header.Authorization', 'the result of one route does not apply to another', `${APIGW}/http-api-lambda-authorizer.html`,
      { rule: 'LP-H08' }),
    authorizerPayloadFormat: row('2.0, simple', '1.0', 'the authorizer returns isAuthorized instead of a policy', `${APIGW}/http-api-lambda-authorizer.html`),
    corsMaxAgeSeconds: row(7_200, 'not set: 5 s in browsers', 'the longest time for which Chromium caches a preflight response', `${APIGW}/http-api-cors.html`, { unit: 's' }),
    corsAllowHeaders: row('Authorization,Content-Type,Idempotency-Key', 'none', 'the headers of most requests', `${APIGW}/http-api-cors.html`),
    corsAllowMethods: row('all but OPTIONS', 'none', 'the methods that a route can have', `${APIGW}/http-api-cors.html`),
    multiValueHeaders: row(true, 'false', 'otherwise a load balancer passes only the last value of a header', `${GUIDE.loadBalancer}/lambda-functions.html`),
    dropInvalidHeaders: row(true, 'false', 'headers with invalid names can carry a smuggled request', `${GUIDE.loadBalancer}/application-load-balancers.html`),
    sslPolicy: row('ELBSecurityPolicy-TLS13-1-2-2021-06', 'ELBSecurityPolicy-TLS13-1-2-PQ-2025-09', 'TLS 1.2 and 1.3 only, the policy that CDK calls recommended', `${GUIDE.loadBalancer}/describe-ssl-policies.html`),
    redirectHttp: row('HTTP_301', 'none', 'a caller that uses HTTP is redirected to HTTPS', `${GUIDE.loadBalancer}/rule-action-types.html`),
    healthCheck: row(false, 'false', 'each health check would be a request to the function, which is charged', `${GUIDE.loadBalancer}/lambda-functions.html`),
    idleTimeoutSeconds: row(60, '60 s', 'the default, or a second more than the longest function timeout', `${GUIDE.loadBalancer}/application-load-balancers.html`, { unit: 's' }),
    balancerLogDays: row(P.logRetentionDays.production, 'no access log', 'the retention of the logs of the functions', `${GUIDE.loadBalancer}/load-balancer-access-logs.html`,
      { unit: 'days', sandbox: P.logRetentionDays.sandbox }),
    errorRateThreshold: row(5, NO_ALARM, 'AWS recommends an alarm on more than 5 % of server errors', RECOMMENDED_ALARMS, { unit: '%' }),
    minimumRequests: row(10, NO_ALARM, 'one failure among a few requests is not a rate', RECOMMENDED_ALARMS, { unit: 'requests a minute' }),
    latencyThresholdMilliseconds: row(2_500, NO_ALARM, 'the p90 that AWS recommends', RECOMMENDED_ALARMS, { unit: 'ms' }),
    tailLatencyThresholdMilliseconds: row(10_000, NO_ALARM, 'a p99 of 10 s is the default timeout of a ProductionFunction', RECOMMENDED_ALARMS, { unit: 'ms' }),
    integrationLatencyThresholdMilliseconds: row(2_000, NO_ALARM, 'the p90 that AWS recommends', RECOMMENDED_ALARMS, { unit: 'ms' }),
    alarmPeriodSeconds: row(60, NO_ALARM, 'the period that AWS recommends', RECOMMENDED_ALARMS, { unit: 's' }),
    errorRateDatapoints: row(3, NO_ALARM, 'three minutes in a row, as AWS recommends', RECOMMENDED_ALARMS, { unit: 'periods' }),
    latencyDatapoints: row(5, NO_ALARM, 'five minutes in a row, as AWS recommends', RECOMMENDED_ALARMS, { unit: 'periods' }),
  },
} as const;
