import { AspectPriority, Aspects, type IAspect, Stage, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { AcrossStages } from '../private/across-stages';

/**
 * Who hears of the alarms of a scope: said once for an app, a stage or a stack, and not alarm by alarm.
 *
 * It reaches every alarm of the scope, those of this library and all others, beside the actions that they have. Where the
 * topic has a policy (`enforceSSL` makes one), CloudWatch is let in, which it is by default only without a policy. A topic
 * encrypted with a key of yours must let `cloudwatch.amazonaws.com` use the key; a topic is in the region of its alarms.
 * For an app with stages the topic is an imported one, because a stage can not refer to another's.
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
    const teller = new TellTopic(topic);
    const stages = new AcrossStages(this.scope, at => Aspects.of(at).add(teller, { priority: AspectPriority.MUTATING }));
    Aspects.of(this.scope).add({ visit: node => node === this.scope && warnOfMissedStages(node, stages) }, { priority: AspectPriority.READONLY });
  }
}

function warnOfMissedStages(scope: IConstruct, stages: AcrossStages): void {
  for (const path of stages.missed(construct => construct instanceof cloudwatch.AlarmBase)) {
    Validations.of(scope).addWarning(
      'cdk-production-lambda:AlarmActions.stageNotReached',
      `the stage ${path} was made after 'addTopic', and its alarms tell nobody by it; call it when all stages are made, or for the stage too`,
    );
  }
}

class TellTopic implements IAspect {
  private readonly told = new Set<IConstruct>();

  constructor(private readonly topic: sns.ITopic) { }

  public visit(node: IConstruct): void {
    if (!(node instanceof cloudwatch.AlarmBase) || this.told.has(node)) return;
    // A stage can't refer to what another stage makes.
    if (this.topic instanceof sns.Topic && Stage.of(this.topic) !== Stage.of(node)) return;
    if (this.told.size === 0) this.letAlarmsPublish();
    this.told.add(node);
    node.addAlarmAction(new SnsAction(this.topic));
  }
  /** A topic lets the alarms of its account publish by its default policy, in whose place one of the user's has come. */
  private letAlarmsPublish(): void {
    const { topic } = this;
    if (!(topic instanceof sns.Topic) || topic.node.tryFindChild('Policy') === undefined) return;
    topic.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': topic.stack.account } },
    }));
  }
}
