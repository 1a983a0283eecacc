import { Match } from '@aws-cdk/integ-tests-alpha';
import { Proof } from './proof';
import { ProductionDashboard } from '../../src';

/** CloudWatch takes the metric math of every alarm, and the dashboard. */
export const proof = new Proof('Observability');
const pay = proof.function('Pay', 'return 1;', { alarms: {} });
const { dashboardName } = new ProductionDashboard(proof.stack, 'Dashboard', { functions: [pay] });
const { errors } = pay.alarms!;

proof.becomes(
  'CloudWatch', 'describeAlarms', { AlarmNames: [errors.alarmName] }, 'cloudwatch:DescribeAlarms', ['*'], { MetricAlarms: [Match.objectLike({ StateValue: 'OK' })] },
);
proof.becomes('CloudWatch', 'getDashboard', { DashboardName: dashboardName }, 'cloudwatch:GetDashboard', ['*'], { DashboardName: dashboardName });
