import { Proof } from './proof';
import { ProductionDashboard } from '../../src';

/** CloudWatch accepts the body of the dashboard, with the widgets of a function. */
export const proof = new Proof('ProductionDashboard');
const { dashboardName } = new ProductionDashboard(proof.stack, 'Dashboard', { functions: [proof.function('Pay', 'return 1;', { alarms: {} })] });

proof.becomes('CloudWatch', 'getDashboard', { DashboardName: dashboardName }, 'cloudwatch:GetDashboard', ['*'], { DashboardName: dashboardName });
