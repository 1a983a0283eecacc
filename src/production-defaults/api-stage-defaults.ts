import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { NewConstruct } from './defaults-injector';
import { DEFAULTS } from '../defaults';
import { HTTP_API_LOG_FORMAT, retainedExceptOnCreate, vendedLogName } from '../private/log-groups';
import { Profile } from '../profile/profile';

const D = DEFAULTS.HttpEntrance;

/** The defaults of a stage of an HTTP API, including the default stage that an HttpApi creates. */
export function httpStageDefaults(props: Partial<apigwv2.HttpStageProps>, stage: NewConstruct): Partial<apigwv2.HttpStageProps> {
  return {
    ...props.throttle === undefined && { throttle: throttle(stage) },
    ...props.accessLogSettings === undefined && { accessLogSettings: accessLog(stage) },
  };
}

/**
 * The defaults of a REST API. Not the access log, which requires a role for all APIs of the account and Region, and not the
 * endpoint type, whose change creates another endpoint.
 */
export function restApiDefaults(props: Partial<apigateway.RestApiProps>, api: NewConstruct): Partial<apigateway.RestApiProps> {
  const { throttlingRateLimit, throttlingBurstLimit } = props.deployOptions ?? {};
  if (props.deploy === false || throttlingRateLimit !== undefined || throttlingBurstLimit !== undefined) return {};
  const { rateLimit, burstLimit } = throttle(api);
  return { deployOptions: { ...props.deployOptions, throttlingRateLimit: rateLimit, throttlingBurstLimit: burstLimit } };
}

function throttle(construct: NewConstruct): { rateLimit: number; burstLimit: number } {
  return {
    rateLimit: construct.apply('throttle.rateLimit', D.throttleRateLimit.value, D.throttleRateLimit),
    burstLimit: construct.apply('throttle.burstLimit', D.throttleBurstLimit.value, D.throttleBurstLimit),
  };
}

function accessLog(stage: NewConstruct): apigwv2.IAccessLogSettings {
  const { logRetention, removalPolicy } = Profile.of(stage.scope);
  const scope = stage.supportScope('AccessLogs');
  const group = new logs.LogGroup(scope, 'AccessLog', {
    logGroupName: vendedLogName(scope), retention: logRetention, removalPolicy: retainedExceptOnCreate(removalPolicy),
  });
  stage.apply('accessLogSettings', group, D.logRetentionDays, logRetention);
  return { destination: { bind: () => ({ destinationArn: group.logGroupArn }) }, format: HTTP_API_LOG_FORMAT };
}
