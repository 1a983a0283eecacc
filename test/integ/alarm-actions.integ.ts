import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Proof } from './proof';
import { AlarmActions } from '../../src';

/** An alarm that fires notifies the topic of the stack and its subscribers. */
export const proof = new Proof('AlarmActions');
const topic = new sns.Topic(proof.stack, 'OnCall', { enforceSSL: true });
const subscriber = new sqs.Queue(proof.stack, 'Phone', { enforceSSL: true });
topic.addSubscription(new subscriptions.SqsSubscription(subscriber));
AlarmActions.of(proof.stack).addTopic(topic);
const { errorRateAlarm } = proof.function('Pay', 'return 1;', { alarms: {} }).alarms!;

const fire = proof.test.assertions.awsApiCall('CloudWatch', 'setAlarmState', {
  AlarmName: errorRateAlarm.alarmName, StateValue: 'ALARM', StateReason: 'a drill',
});
fire.provider.addToRolePolicy({ Effect: 'Allow', Action: ['cloudwatch:SetAlarmState'], Resource: [errorRateAlarm.alarmArn] });
fire.next(proof.receives(subscriber));
