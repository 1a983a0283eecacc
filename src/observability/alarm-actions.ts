import { AspectPriority, Aspects, type IAspect } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';

/**
 * Who hears of the alarms of a scope: said once for an app, a stage or a stack, and not alarm by alarm.
 *
 * It reaches every alarm of the scope, those of this library and all others, beside the actions that they have. A topic
 * encrypted with a key of yours must let `cloudwatch.amazonaws.com` use the key; a topic is in the region of its alarms.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
 * @example
 * AlarmActions.of(this.node.root).addTopic(new sns.Topic(this, 'OnCall'));
 */
export class AlarmActions {
  /**
   * The actions of all alarms below a scope.
   *
   * @param scope An app, a stage, a stack or any other construct
   */
  public static of(scope: IConstruct): AlarmActions {
    return new AlarmActions(scope);
  }

  private constructor(private readonly scope: IConstruct) { }

  /**
   * Tells the topic when an alarm fires.
   *
   * @param topic The topic
   */
  public addTopic(topic: sns.ITopic): void {
    Aspects.of(this.scope).add(new TellTopic(topic), { priority: AspectPriority.MUTATING });
  }
}

class TellTopic implements IAspect {
  private readonly told = new Set<IConstruct>();

  constructor(private readonly topic: sns.ITopic) { }

  public visit(node: IConstruct): void {
    if (!(node instanceof cloudwatch.AlarmBase) || this.told.has(node)) return;
    this.told.add(node);
    node.addAlarmAction(new SnsAction(this.topic));
  }
}
