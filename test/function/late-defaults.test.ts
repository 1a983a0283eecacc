import { Aspects, Duration, type Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { ColdStart, type ProductionFunction, type ProductionFunctionProps } from '../../src';
import { newStack } from '../support/plain-function';
import { only, production } from '../support/production-function';

const functionOf = (stack: Stack) => only(stack, 'AWS::Lambda::Function', /^Pay/).Properties;

describe('a caller that waits for the response', () => {
  const timeoutFor = (principal: string, props: Partial<ProductionFunctionProps> = {}) => {
    const stack = newStack();
    production(stack, props).addPermission('Caller', { principal: new iam.ServicePrincipal(principal) });
    return functionOf(stack).Timeout;
  };

  test.each([['cognito-idp', 5], ['alexa-appkit', 8], ['connect', 8], ['s3', 10], ['apigateway', 10]])('the default timeout for %s is %d s', (service, seconds) => {
    expect(timeoutFor(service === 'alexa-appkit' ? 'alexa-appkit.amazon.com' : `${service}.amazonaws.com`)).toBe(seconds);
  });

  test('a timeout of the author is not changed', () => {
    expect(timeoutFor('cognito-idp.amazonaws.com', { timeout: Duration.seconds(20) })).toBe(20);
  });

  test('a user pool with the function as its trigger lowers the default timeout', () => {
    const stack = newStack();
    new cognito.UserPool(stack, 'Users', { lambdaTriggers: { preTokenGeneration: production(stack) } });
    expect(functionOf(stack).Timeout).toBe(5);
  });
});

describe('a log level that is added to the environment', () => {
  const added = (key: string, value: string, props: Partial<ProductionFunctionProps> = {}) => {
    const stack = newStack();
    production(stack, props).addEnvironment(key, value);
    const { Environment: environment, LoggingConfig: logging } = functionOf(stack);
    return [environment.Variables.POWERTOOLS_LOG_LEVEL, environment.Variables.LOG_LEVEL, logging.ApplicationLogLevel];
  };

  test.each<[string, string, string, Partial<ProductionFunctionProps>, unknown[]]>([
    ['replaces the default', 'LOG_LEVEL', 'debug', {}, [undefined, 'debug', 'DEBUG']],
    ['in the preferred variable replaces the default', 'POWERTOOLS_LOG_LEVEL', 'WARN', {}, ['WARN', undefined, 'WARN']],
    ['does not replace the variable of the author', 'LOG_LEVEL', 'DEBUG', { environment: { POWERTOOLS_LOG_LEVEL: 'ERROR' } }, ['ERROR', 'DEBUG', 'ERROR']],
    ['does not replace the level of the author', 'LOG_LEVEL', 'DEBUG', { applicationLogLevelV2: lambda.ApplicationLogLevel.WARN }, [undefined, 'DEBUG', 'WARN']],
    ['is not a level under another name', 'LEVEL', 'DEBUG', {}, ['INFO', undefined, 'INFO']],
    ['in another spelling replaces the default', 'LOGLEVEL', 'debug', {}, [undefined, undefined, 'DEBUG']],
    ['in another spelling does not raise the level of other loggers', 'APP_LOG_LEVEL', 'error', {}, [undefined, undefined, 'INFO']],
  ])('%s', (_, key, value, props, expected) => {
    expect(added(key, value, props)).toEqual(expected);
  });
});

test.each<[string, (fn: ProductionFunction, stack: Stack) => void]>([
  ['at the function behind the alias', fn => fn.definition.addEnvironment('LOG_LEVEL', 'DEBUG')],
  ['by an override', fn => (fn.definition.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Environment.Variables.LOG_LEVEL', 'DEBUG')],
  ['by an Aspect', (_, stack) => Aspects.of(stack).add({ visit: node => node instanceof lambda.Function && node.addEnvironment('LOG_LEVEL', 'DEBUG') })],
])('a log level that is stated %s replaces the default', (_, state) => {
  const stack = newStack();
  state(production(stack), stack);
  const { Environment: environment, LoggingConfig: logging } = functionOf(stack);
  expect(environment.Variables).toMatchObject({ LOG_LEVEL: 'DEBUG' });
  expect(environment.Variables).not.toHaveProperty('POWERTOOLS_LOG_LEVEL');
  expect(logging.ApplicationLogLevel).toBe('DEBUG');
});

describe('a dead-letter queue of the L1 construct', () => {
  const withDeadLetters = (state: (resource: lambda.CfnFunction, arn: string) => void, props: Partial<ProductionFunctionProps> = {}) => {
    const stack = newStack();
    const fn = production(stack, props);
    state(fn.definition.node.defaultChild as lambda.CfnFunction, new sqs.Queue(stack, 'Dead').queueArn);
    return only(stack, 'AWS::Lambda::EventInvokeConfig').Properties.DestinationConfig;
  };
  const states: [string, (resource: lambda.CfnFunction, arn: string) => void][] = [
    ['a property', (resource, targetArn) => resource.deadLetterConfig = { targetArn }],
    ['an override', (resource, arn) => resource.addPropertyOverride('DeadLetterConfig.TargetArn', arn)],
  ];

  test.each(states)('that %s states replaces the default destination', (_, state) => {
    expect(withDeadLetters(state)).toBeUndefined();
  });

  test('does not replace the other destination, or the one of the author', () => {
    const onSuccess = { bind: () => ({ destination: 'arn:aws:sqs:eu-west-1:111122223333:done' }) };
    const onFailure = { bind: () => ({ destination: 'arn:aws:sqs:eu-west-1:111122223333:failed' }) };
    expect(withDeadLetters(states[0][1], { onSuccess })).toEqual({ OnSuccess: { Destination: expect.stringContaining('done') } });
    expect(withDeadLetters(states[0][1], { onFailure })).toEqual({ OnFailure: { Destination: expect.stringContaining('failed') } });
  });
});

describe('a function with a capacity provider', () => {
  function managed(props: Partial<ProductionFunctionProps> = {}): Stack {
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const provider = new lambda.CapacityProvider(stack, 'Provider', {
      subnets: vpc.privateSubnets, securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc })], architectures: [lambda.Architecture.ARM_64],
    });
    provider.addFunction(production(stack, props));
    return stack;
  }

  test('has no default memory, and its old versions are deleted, because each runs on instances of its own', () => {
    const stack = managed();
    expect(functionOf(stack)).not.toHaveProperty('MemorySize');
    expect(only(stack, 'AWS::Lambda::Version').DeletionPolicy).toBe('Delete');
  });

  test('that an override states has no default memory either', () => {
    const stack = newStack();
    const { definition } = production(stack);
    (definition.node.defaultChild as lambda.CfnFunction).addPropertyOverride('CapacityProviderConfig', { LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: 'arn' } });
    expect(functionOf(stack)).not.toHaveProperty('MemorySize');
  });

  test.each([2_048, 4_096, 32_768])('has the memory of the author: %d MB', memorySize => {
    expect(functionOf(managed({ memorySize })).MemorySize).toBe(memorySize);
  });

  test('has a timeout of up to 90 minutes, which asynchronous invocations and event sources can use', () => {
    expect(functionOf(managed({ timeout: Duration.minutes(90) })).Timeout).toBe(5_400);
  });

  test('fails with less memory than Managed Instances need', () => {
    expect(() => functionOf(managed({ memorySize: 2_047 }))).toThrow("'memorySize' must be between 2048 and 32768 with a capacity provider, got 2047");
  });

  test.each<[string, Partial<ProductionFunctionProps>]>([
    ['coldStart', { coldStart: ColdStart.provisioned({ min: 1, max: 2 }) }],
    ['coldStart', { coldStart: ColdStart.snapStart(), runtime: lambda.Runtime.PYTHON_3_13 }],
    ['reservedConcurrentExecutions', { reservedConcurrentExecutions: 10 }],
  ])('fails with %s', (prop, props) => {
    expect(() => functionOf(managed(props))).toThrow(`'${prop}' must not be set for a function with a capacity provider, got both`);
  });
});

test.each<[Partial<ProductionFunctionProps>, string]>([
  [{ memorySize: 10_241 }, "'memorySize' must be between 128 and 10240 without a capacity provider, got 10241; it is a number of MiB"],
  [{ timeout: Duration.seconds(901) }, "'timeout' must be at most 15 minutes, got 15 minutes 1 second; split longer work into steps, for example with Step Functions"],
])('fails with the limits of Managed Instances without a capacity provider: %j', (props, message) => {
  const stack = newStack();
  production(stack, props);
  expect(() => functionOf(stack)).toThrow(message);
});

test('fails when a distribution uses the function at Lambda@Edge', () => {
  const stack = newStack({ env: { region: 'us-east-1', account: '111122223333' } });
  new cloudfront.Distribution(stack, 'Site', {
    defaultBehavior: {
      origin: new origins.HttpOrigin('example.com'),
      edgeLambdas: [{ functionVersion: production(stack).currentVersion, eventType: cloudfront.LambdaEdgeEventType.VIEWER_REQUEST }],
    },
  });
  expect(() => functionOf(stack)).toThrow("[Stack/Pay] 'edgeLambdas' of a distribution must not use a ProductionFunction, got one; Lambda@Edge supports no environment variables, aliases, tracing or arm64, use cloudfront.experimental.EdgeFunction or lambda.Function");
});
