import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Proof } from './proof';
import { AlarmActions } from '../../src';

/** An alarm that is set off tells the topic of the stack, and who listens to it. */
export const proof = new Proof('AlarmActions');
const topic = new sns.Topic(proof.stack, 'OnCall', { enforceSSL: true });
const phone = new sqs.Queue(proof.stack, 'Phone', { enforceSSL: true });
topic.addSubscription(new subscriptions.SqsSubscription(phone));
AlarmActions.of(proof.stack).addTopic(topic);
const { errors } = proof.function('Pay', 'return 1;', { alarms: {} }).alarms!;

const ring = proof.test.assertions.awsApiCall('CloudWatch', 'setAlarmState', { AlarmName: errors.alarmName, StateValue: 'ALARM', StateReason: 'a drill' });
ring.provider.addToRolePolicy({ Effect: 'Allow', Action: ['cloudwatch:SetAlarmState'], Resource: [errors.alarmArn] });
ring.next(proof.receives(phone));
