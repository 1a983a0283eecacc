import { Arn, ArnFormat, Stack, Stage, Token } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';

/** Why a topic cannot be the action of an alarm. */
export interface TopicProblem {
  readonly id: `AlarmActions.${string}`;
  readonly message: string;
}

/** The reason why an alarm cannot notify a topic; undefined if it can, or if that is not known. */
export function problemOf(topic: sns.ITopic, alarm: IConstruct): TopicProblem | undefined {
  return regionProblem(topic, Stack.of(alarm)) ?? referenceProblem(topic, alarm);
}

/** Whether the alarm can refer to the topic: both are in one stage, one account and one Region, or the topic is imported. */
export function isSameEnvironment(topic: sns.ITopic, alarm: IConstruct): boolean {
  if (!(topic instanceof sns.Topic)) return true;
  return Stage.of(topic) === Stage.of(alarm) && topic.stack.environment === Stack.of(alarm).environment;
}

/** The ARN of a topic with a name, in a stack with an account and a Region; undefined if it contains a token. */
export function literalArnOf(topic: sns.ITopic): string | undefined {
  if (!(topic instanceof sns.Topic)) return Token.isUnresolved(topic.topicArn) ? undefined : topic.topicArn;
  const { account, region } = topic.stack;
  const { topicName } = topic.node.defaultChild as sns.CfnTopic;
  if (topicName === undefined || [topicName, account, region].some(part => Token.isUnresolved(part))) return undefined;
  return topic.stack.formatArn({ service: 'sns', resource: topicName, arnFormat: ArnFormat.NO_RESOURCE_NAME });
}

function regionProblem(topic: sns.ITopic, { region, node }: Stack): TopicProblem | undefined {
  const of = topic instanceof sns.Topic ? topic.stack.region : regionOf(literalArnOf(topic));
  if (of === undefined || Token.isUnresolved(of) || Token.isUnresolved(region) || of === region) return undefined;
  return {
    id: 'AlarmActions.topicInAnotherRegion',
    message: `the topic ${topic.node.path} is in ${of}, and alarms of ${node.path} in ${region} cannot notify it, so they have no action from it; `
      + 'add a topic of that Region for the stack or stage',
  };
}

function regionOf(arn: string | undefined): string | undefined {
  return arn === undefined ? undefined : Arn.split(arn, ArnFormat.NO_RESOURCE_NAME).region;
}

function referenceProblem(topic: sns.ITopic, alarm: IConstruct): TopicProblem | undefined {
  if (isSameEnvironment(topic, alarm) || literalArnOf(topic) !== undefined) return undefined;
  const stage = Stage.of(alarm);
  const place = Stage.of(topic) === stage ? `the account of ${Stack.of(alarm).node.path}` : `the stage ${stage?.node.path || 'of the app'}`;
  return {
    id: 'AlarmActions.topicInAnotherStage',
    message: `alarms in ${place} cannot refer to the topic ${topic.node.path}, and have no action from it; `
      + "use sns.Topic.fromTopicArn(), set 'topicName' of the topic and 'env' of its stack, or create a topic in each stage",
  };
}
