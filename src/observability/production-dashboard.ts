import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { databaseRow, proxyRow, queueRow } from './data-widgets';
import { functionRows } from './function-widgets';
import type { ProductionDashboardProps } from './production-dashboard-props';
import { requireProps } from '../private/validation';

/**
 * A dashboard of a service, ordered for a person on call who reads it from top to bottom.
 *
 * Creates one dashboard: the state of the alarms; for each function its traffic, its errors by version (a release in
 * progress appears as a second line), its latency and timeout, its cold starts from the JSON log, and its concurrency with
 * its reserved and provisioned concurrency; then the number and age of the messages of the queues, the databases and their
 * proxies.
 *
 * A Logs Insights query reads the cold starts each time the dashboard is opened. It is billed by the size of the scanned log.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
 * @example
 * declare const pay: ProductionFunction;
 * new ProductionDashboard(this, 'Dashboard', {
 *   functions: [pay],
 *   queues: [FailureQueue.getOrCreate(this)],
 *   alarmStatus: [pay.live.errorRateAlarm, FailureQueue.getOrCreate(this).failedEventsAlarm],
 * });
 */
export class ProductionDashboard extends cloudwatch.Dashboard {
  constructor(scope: Construct, id: string, props: ProductionDashboardProps) {
    super(scope, id, { dashboardName: props?.dashboardName, periodOverride: cloudwatch.PeriodOverride.AUTO });
    requireProps(this.node.path, props, 'functions');
    const { alarmStatus = [], functions, queues = [], databases = [], proxies = [] } = props;
    if (alarmStatus.length > 0) this.addWidgets(new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: [...alarmStatus], width: 24 }));
    for (const alias of functions) for (const row of functionRows(alias)) this.addWidgets(...row);
    for (const queue of queues) this.addWidgets(...queueRow(queue));
    for (const database of databases) this.addWidgets(...databaseRow(database));
    for (const proxy of proxies) this.addWidgets(...proxyRow(proxy));
  }
}
