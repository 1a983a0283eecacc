import { Match } from '@aws-cdk/integ-tests-alpha';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Proof } from './proof';

/** CloudWatch takes the metric math of every alarm, and finds nothing wrong with a function that nobody calls. */
export const proof = new Proof('FunctionAlarms');
const pay = proof.function('Pay', 'return 1;', { alarms: {} });
const alarms = pay.alarms!.node.findAll().filter(construct => construct instanceof cloudwatch.Alarm);

for (const { alarmName } of alarms) {
  proof.becomes('CloudWatch', 'describeAlarms', { AlarmNames: [alarmName] }, 'cloudwatch:DescribeAlarms', ['*'], { MetricAlarms: [Match.objectLike({ StateValue: 'OK' })] });
}
