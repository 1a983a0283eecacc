import { App, type AppProps, Stack, type StackProps } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** What both a plain function and a ProductionFunction must be given. */
export const REQUIRED: lambda.FunctionProps = {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline('exports.handler = async () => {};'),
};

export function plainFunction(scope: Construct, id: string, props: Partial<lambda.FunctionProps> = {}): lambda.Function {
  return new lambda.Function(scope, id, { ...REQUIRED, ...props });
}

export function newStack(props: StackProps = {}, context: AppProps['context'] = undefined): Stack {
  return new Stack(new App({ context }), 'Stack', props);
}
