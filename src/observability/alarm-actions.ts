import { AspectPriority, Aspects, type IAspect, Stack, Stage } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { isSameEnvironment, literalArnOf, problemOf, type TopicProblem } from './alarm-topic';
import { AcrossStages } from '../private/across-stages';
import { hasResourcePolicy } from '../private/cdk-internals';
import { warn } from '../private/validation';

/**
 * The actions of all alarms of a scope, set once for an app, a stage or a stack.
 *
 * An action is added to every alarm of the scope, from this library or not, beside the alarm's own actions. If the topic has
 * a policy (for example from `enforceSSL`), the policy is extended so that CloudWatch can publish; the default policy of a
 * topic allows CloudWatch already. The key policy of an encrypted topic must allow `cloudwatch.amazonaws.com` to use the key.
 *
 * A topic must be in the Region of the alarms. A stage cannot refer to a resource of another stage: for an app with stages,
 * use an imported topic, or give the topic a name and its stack an account and a Region, so that its ARN is known. Alarms
 * that the topic cannot notify raise a warning.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
 * @example
 * AlarmActions.of(this.node.root).addTopic(new sns.Topic(this, 'OnCall'));
 */
export class AlarmActions {
  /**
   * The actions of all alarms in a scope.
   *
   * @param scope An app, a stage, a stack or any other construct
   */
  public static of(scope: IConstruct): AlarmActions {
    return new AlarmActions(scope);
  }

  private constructor(private readonly scope: IConstruct) { }

  /**
   * Notifies a topic when an alarm fires. Returns the action, for alarms outside the scope.
   *
   * @param topic The topic
   */
  public addTopic(topic: sns.ITopic): cloudwatch.IAlarmAction {
    const action = new SnsAction(topic);
    const aspect = new NotifyTopic(topic, action);
    const stages = new AcrossStages(this.scope, at => Aspects.of(at).add(aspect, { priority: AspectPriority.MUTATING }));
    Aspects.of(this.scope).add({ visit: node => node === this.scope && warnMissedStages(node, stages) }, { priority: AspectPriority.READONLY });
    return action;
  }
}

function warnMissedStages(scope: IConstruct, stages: AcrossStages): void {
  for (const path of stages.missedStages(construct => construct instanceof cloudwatch.AlarmBase)) {
    warn(scope, 'AlarmActions.stageNotReached',
      `the stage ${path} was created after 'addTopic()', and its alarms have no action from it; `
      + 'call it after all stages are created, or for the stage too',
    );
  }
}

class NotifyTopic implements IAspect {
  private readonly alarms = new Set<IConstruct>();
  private readonly warned = new Set<string>();
  private allowed = false;

  constructor(private readonly topic: sns.ITopic, private readonly action: cloudwatch.IAlarmAction) { }

  public visit(node: IConstruct): void {
    if (!(node instanceof cloudwatch.AlarmBase) || this.alarms.has(node)) return;
    this.alarms.add(node);
    const problem = problemOf(this.topic, node);
    if (problem) return this.warnOnce(node, problem);
    this.allowPublish();
    const arn = literalArnOf(this.topic);
    node.addAlarmAction(arn !== undefined && !isSameEnvironment(this.topic, node) ? { bind: () => ({ alarmActionArn: arn }) } : this.action);
  }

  /** Once for each stage and environment, on the stack of the first alarm. */
  private warnOnce(alarm: cloudwatch.AlarmBase, { id, message }: TopicProblem): void {
    const key = `${id} ${Stage.of(alarm)?.node.addr} ${Stack.of(alarm).environment}`;
    if (this.warned.has(key)) return;
    this.warned.add(key);
    warn(Stack.of(alarm), id, message);
  }

  /** The default policy of a topic allows alarms of its account to publish; a policy of the user replaces it. */
  private allowPublish(): void {
    const { topic } = this;
    if (this.allowed || !(topic instanceof sns.Topic) || !hasResourcePolicy(topic)) return;
    this.allowed = true;
    topic.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': topic.stack.account } },
    }));
  }
}
