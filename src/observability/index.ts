export { AlarmActions } from './alarm-actions';
export { FunctionAlarms, type FunctionAlarmsOptions, type FunctionAlarmsProps } from './function-alarms';
export { ProductionDashboard, type ProductionDashboardProps } from './production-dashboard';
