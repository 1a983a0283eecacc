export { awaitItem, awaitLog, awaitMessage, type AwaitOptions } from './cloud/await-in-cloud';
export { EmulatedAccount } from './cloud/emulated-account';
export { type LeftOut, localProfile, type LocalProfileOptions } from './cloud/local-profile';
export { MiniStack, UnavailableError } from './cloud/mini-stack';
export { type DeployedStacks, rehearse, type Rehearsal, type RehearsalOptions } from './cloud/rehearse';
export { awaitValue, type WaitOptions } from './cloud/wait';
export { DynamoDb, type TableDefinition } from './engines/dynamo-db';
export { freePort } from './engines/free-port';
export { Postgres } from './engines/postgres';
export { type AwsAnswer, answerJson, awsError, type AwsService, type HttpService, ok, type ProxiedRequest, type ProxiedResponse, read } from './faults/aws-service';
export { contextOf, type ContextOptions } from './events/context';
export { functionUrlEvent, httpApiEvent, type HttpRequest, loadBalancerEvent, restApiEvent } from './events/http-events';
export { dynamoDbEvent, kafkaEvent, type KafkaRecord, kinesisEvent, mskEvent, type QueueMessage, s3Event, snsEvent, sqsEvent } from './events/record-events';
export {
  codeDeployHookEvent, type CognitoOptions, eventBridgeEvent, postConfirmationEvent, preSignUpEvent, preTokenGenerationEvent, scheduledEvent,
  schedulerEvent,
} from './events/service-events';
export { type Fault, faultAt, type FaultRule, type Message } from './faults/fault';
export { HttpProxy, type HttpProxyOptions } from './faults/http-proxy';
export { PostgresProxy, type PostgresProxyOptions } from './faults/postgres-proxy';
export { FaultPlan, type FaultPlanOptions, type HappenedFault, type Point, pointsOf } from './faults/fault-plan';
export type { Outcome } from './functions/environment';
export { type Node, nodeOfRuntime } from './functions/node';
export { pythonOfRuntime } from './functions/python';
export { type RunHandlerOptions, runHandler, type RunningHandler } from './functions/run-handler';
export { RunningFunction, type RunningFunctionOptions } from './functions/running-function';
export { nodeRuntime, pythonRuntime, type RuntimeCommand } from './functions/runtime-command';
export type { FunctionConstruct } from './functions/synthesised-function';
export type { Delivery } from './proof/delivery';
export { type Acceptance, ProofError, type ProofReport, prove, type ProveOptions } from './proof/prove';
export { Random } from './proof/random';
export { describe, type Sequence, type Step, type Violation } from './proof/sequence';
export { ACCOUNT, arn, AssembledStack, type Physical, REGION, type Resource } from './template/assembly';
export { expectNoFindings, expectNothingPastTheAlias, findings, type Replacement, replacements, snapshotOf, type TemplateFinding, templateOf } from './template/templates';
