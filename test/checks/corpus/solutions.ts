/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { ApiGatewayToLambda } from '@aws-solutions-constructs/aws-apigateway-lambda';
import { SqsToLambda } from '@aws-solutions-constructs/aws-sqs-lambda';
import * as solutions from '@aws-solutions-constructs/core';
import { Duration, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';

const lambdaFunctionProps: lambda.FunctionProps = { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {}') };

/** Apps of AWS Solutions Constructs, with default and with other props. */
export const SOLUTIONS_APPS: Record<string, (stack: Stack) => void> = {
  'Solutions: API to a function': stack => { new ApiGatewayToLambda(stack, 'Api', { lambdaFunctionProps }); },

  'Solutions: public API': stack => {
    new ApiGatewayToLambda(stack, 'Api', { lambdaFunctionProps, apiGatewayProps: { defaultMethodOptions: { authorizationType: apigateway.AuthorizationType.NONE } } });
  },

  'Solutions: API with a slow function': stack => { new ApiGatewayToLambda(stack, 'Api', { lambdaFunctionProps: { ...lambdaFunctionProps, timeout: Duration.seconds(60) } }); },

  'Solutions: queue to a function': stack => { new SqsToLambda(stack, 'Work', { lambdaFunctionProps }); },

  'Solutions: queue to a function with a timeout of 60 s': stack => {
    new SqsToLambda(stack, 'Work', { lambdaFunctionProps: { ...lambdaFunctionProps, timeout: Duration.minutes(1) }, sqsEventSourceProps: { batchSize: 5, reportBatchItemFailures: true } });
  },

  'Solutions core: table with a stream to a function': stack => {
    const fn = solutions.buildLambdaFunction(stack, { lambdaFunctionProps });
    const { tableObject } = solutions.buildDynamoDBTableWithStream(stack, {});
    fn.addEventSource(new DynamoEventSource(tableObject!, {
      startingPosition: lambda.StartingPosition.TRIM_HORIZON, bisectBatchOnError: true, retryAttempts: 500, maxRecordAge: Duration.hours(24), onFailure: new SqsDlq(new sqs.Queue(stack, 'Failed')),
    }));
  },

  'Solutions core: function in a VPC': stack => {
    const vpc = solutions.buildVpc(stack, { defaultVpcProps: solutions.DefaultIsolatedVpcProps(), constructVpcProps: { enableDnsHostnames: true, enableDnsSupport: true } });
    solutions.AddAwsServiceEndpoint(stack, vpc, solutions.ServiceEndpointTypes.SQS);
    solutions.buildLambdaFunction(stack, { lambdaFunctionProps, vpc: vpc as ec2.IVpc });
  },
};
