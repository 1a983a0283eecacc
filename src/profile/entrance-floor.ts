import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Place } from './floor';
import { Profile } from './profile';
import { DEFAULTS } from '../limits';
import { HTTP_API_LOG_FORMAT, vendedLogName } from '../private/access-log';

const D = DEFAULTS.HttpEntrance;

/** What the stage of an HTTP API lacks; the one that an HttpApi makes for itself is one too. */
export function missingOfHttpStage(given: Partial<apigwv2.HttpStageProps>, place: Place): Partial<apigwv2.HttpStageProps> {
  return {
    ...given.throttle === undefined && { throttle: throttle(place) },
    ...given.accessLogSettings === undefined && { accessLogSettings: accessLog(place) },
  };
}

/**
 * What a REST API lacks that needs nothing of the account: its access log needs a role that is set once for all APIs of
 * a region, and an endpoint of another type is another endpoint.
 */
export function missingOfRestApi(given: Partial<apigateway.RestApiProps>, place: Place): Partial<apigateway.RestApiProps> {
  const { throttlingRateLimit, throttlingBurstLimit } = given.deployOptions ?? {};
  if (given.deploy === false || throttlingRateLimit !== undefined || throttlingBurstLimit !== undefined) return {};
  const { rateLimit, burstLimit } = throttle(place);
  return { deployOptions: { ...given.deployOptions, throttlingRateLimit: rateLimit, throttlingBurstLimit: burstLimit } };
}

function throttle(place: Place): { rateLimit: number; burstLimit: number } {
  return {
    rateLimit: place.give('throttle.rateLimit', D.throttleRateLimit.value, D.throttleRateLimit),
    burstLimit: place.give('throttle.burstLimit', D.throttleBurstLimit.value, D.throttleBurstLimit),
  };
}

function accessLog(place: Place): apigwv2.IAccessLogSettings {
  const { logRetention, removalPolicy } = Profile.of(place.scope);
  const room = place.room('AccessLogs');
  const group = new logs.LogGroup(room, 'AccessLog', { logGroupName: vendedLogName(room), retention: logRetention, removalPolicy });
  place.give('accessLogSettings', group, D.logRetentionDays, logRetention);
  return { destination: { bind: () => ({ destinationArn: group.logGroupArn }) }, format: HTTP_API_LOG_FORMAT };
}
