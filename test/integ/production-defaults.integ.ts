import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Proof } from './proof';
import { ProductionDefaults } from '../../src';

/** Lambda takes the floor for a plain function that a rule invokes: its role may trace, log and keep failed events. */
export const proof = new Proof('ProductionDefaults');
ProductionDefaults.applyTo(proof.stack);
const fn = new lambda.Function(proof.stack, 'Fn', {
  runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE;'),
});
new events.Rule(proof.stack, 'Rule', { schedule: events.Schedule.rate(Duration.hours(1)), targets: [new targets.LambdaFunction(fn)] });

proof.answers(fn, {}, '512');
proof.becomes(
  'Lambda', 'getFunctionConfiguration', { FunctionName: fn.functionName }, 'lambda:GetFunctionConfiguration', [fn.functionArn],
  { State: 'Active', Timeout: 10, TracingConfig: { Mode: 'Active' }, LoggingConfig: { LogFormat: 'JSON' } },
);
