import { Match } from '@aws-cdk/integ-tests-alpha';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Proof } from './proof';

/** CloudWatch evaluates the metric math of every alarm; the alarms of a function without requests are in state OK. */
export const proof = new Proof('FunctionAlarms');
const pay = proof.function('Pay', 'return 1;', { alarms: {} });
const alarms = pay.alarms!.node.findAll().filter(construct => construct instanceof cloudwatch.Alarm);

for (const { alarmName } of alarms) {
  proof.becomes('CloudWatch', 'describeAlarms', { AlarmNames: [alarmName] }, 'cloudwatch:DescribeAlarms', ['*'], { MetricAlarms: [Match.objectLike({ StateValue: 'OK' })] });
}
