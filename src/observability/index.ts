export { AlarmActions } from './alarm-actions';
export { FunctionAlarms } from './function-alarms';
export { type FunctionAlarmsOptions, type FunctionAlarmsProps } from './function-alarms-props';
export { ProductionDashboard } from './production-dashboard';
export { type ProductionDashboardProps } from './production-dashboard-props';
