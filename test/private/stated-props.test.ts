import { Token } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { isStated, logLevelOf, type Subject } from '../../src/private/stated-props';
import { newStack } from '../support/plain-function';

const layer = (name: string) => ({ layerVersionArn: `arn:aws:lambda:eu-west-1:901920570463:layer:${name}` }) as lambda.ILayerVersion;

test.each<[Subject, Partial<lambda.FunctionProps>, boolean]>([
  ['failedEvents', { deadLetterQueue: new sqs.Queue(newStack(), 'Q') }, true],
  ['failedEvents', { deadLetterQueueEnabled: true }, true],
  ['failedEvents', { deadLetterQueueEnabled: false }, false],
  ['failedEvents', { onSuccess: undefined }, false],
  ['outboundTraffic', { securityGroups: [] }, false],
  ['outboundTraffic', { allowAllOutbound: false }, true],
  ['tracing', { adotInstrumentation: {} as never }, true],
  ['tracing', { layers: [layer('aws-otel-nodejs-arm64-ver-1-30-0:1')] }, true],
  ['tracing', { layers: [layer('AWSOpenTelemetryDistroJs:5')] }, false],
  ['memorySize', {}, false],
])('%s is stated by %p: %p', (subject, props, stated) => {
  expect(isStated(subject, props)).toBe(stated);
});

test.each([
  [undefined, undefined], [{}, undefined], [{ LEVEL: 'DEBUG' }, undefined],
  [{ LOG_LEVEL: 'DEBUG' }, 'DEBUG'], [{ LOG_LEVEL: 'debug' }, 'DEBUG'], [{ LOG_LEVEL: 'Warning' }, 'WARN'], [{ LOG_LEVEL: 'CRITICAL' }, 'FATAL'],
  [{ POWERTOOLS_LOG_LEVEL: 'ERROR', LOG_LEVEL: 'DEBUG' }, 'ERROR'], [{ POWERTOOLS_LOG_LEVEL: 'SILENT' }, 'FATAL'],
  [{ LOG_LEVEL: '' }, undefined], [{ LOG_LEVEL: '', LOGLEVEL: 'debug' }, 'DEBUG'], [{ AWS_LAMBDA_LOG_LEVEL: 'DEBUG' }, 'DEBUG'], [{ logLevel: 'trace' }, 'TRACE'],
  [{ LOGGING_LEVEL: 'warn' }, 'INFO'], [{ PINO_LOG_LEVEL: 'debug', APP_LOG_LEVEL: 'error' }, 'DEBUG'], [{ RUST_LOG: 'info,shop=debug' }, 'DEBUG'],
  [{ QUARKUS_LOG_LEVEL: 'DEBUG' }, 'DEBUG'], [{ LOGGING_LEVEL_ROOT: 'debug' }, 'DEBUG'], [{ LOGGING_LEVEL_COM_SHOP: 'TRACE' }, 'TRACE'], [{ LOGGER_LEVELS_ROOT: 'DEBUG' }, 'DEBUG'],
  [{ Logging__LogLevel__Default: 'Debug' }, 'DEBUG'], [{ Logging__LogLevel__Default: 'Information' }, 'INFO'], [{ QUARKUS_LOG_LEVEL: 'OFF' }, 'INFO'],
  [{ DD_LOG_LEVEL: 'debug' }, undefined], [{ OTEL_LOG_LEVEL: 'debug' }, undefined], [{ PARAMETERS_SECRETS_EXTENSION_LOG_LEVEL: 'debug' }, undefined],
  [{ LOG_LEVEL: 'verbose' }, 'TRACE'], [{ LOG_LEVEL: Token.asString({ Ref: 'Level' }) }, 'TRACE'],
])('the log level of %p is %p', (environment, level) => {
  expect(logLevelOf(environment)).toBe(level);
});
