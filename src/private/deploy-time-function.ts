import * as path from 'node:path';
import { Duration, Validations } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Properties of a function of this library that serves no requests. */
export interface DeployTimeFunctionProps {
  readonly description: string;
  /** Folder in assets/, which `npx projen bundle:assets` builds. */
  readonly asset: string;
  readonly memorySize: number;
  readonly timeoutSeconds: number;
  readonly environment?: { [name: string]: string };
  readonly logGroup: logs.ILogGroup;
  readonly role: iam.IRole;
  /** Reason why failed events need no dead-letter queue, for cdk-nag. */
  readonly noDeadLetterQueue: string;
}

/** Creates a function of this library that serves no requests: it runs during deployments or on a schedule. The path of assets/ is the same from src/ and from lib/. */
export function createDeployTimeFunction(scope: Construct, props: DeployTimeFunctionProps): lambda.Function {
  const fn = new lambda.Function(scope, 'Function', {
    description: props.description,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(path.join(__dirname, '..', '..', 'assets', props.asset)),
    memorySize: props.memorySize,
    timeout: Duration.seconds(props.timeoutSeconds),
    environment: props.environment,
    loggingFormat: lambda.LoggingFormat.JSON,
    tracing: lambda.Tracing.ACTIVE,
    logGroup: props.logGroup,
    role: props.role,
  });
  Validations.of(fn).acknowledge({ id: 'Serverless::Serverless-LambdaDLQ', reason: props.noDeadLetterQueue });
  return fn;
}
