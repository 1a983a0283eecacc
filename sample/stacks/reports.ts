import { join } from 'node:path';
import { Duration, TimeZone } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import type { Ledger } from './ledger';
import { NO_PAYMENTS } from './smoke-tests';
import { FunctionTarget, ProductionFunction, PythonCode } from '../../src';

/** What the packages of the function are installed for. */
export interface ReportsPlatform {
  readonly runtime: lambda.Runtime;
  readonly architecture: lambda.Architecture;
}

export interface ReportsProps extends ReportsPlatform {
  readonly vpc: ec2.IVpc;
  readonly ledger: Ledger;
}

/** The platform on AWS. */
export const REPORTS_PLATFORM: ReportsPlatform = { runtime: lambda.Runtime.PYTHON_3_14, architecture: lambda.Architecture.ARM_64 };

const RUNTIME = join(__dirname, '..', '..', 'runtime-python', 'src', 'cdk_production_lambda_runtime');

/** A function in Python that reports every night what became of the payments of the day before. */
export class Reports extends ProductionFunction {
  constructor(scope: Construct, id: string, { vpc, ledger, ...platform }: ReportsProps) {
    super(scope, id, {
      ...platform,
      handler: 'app.handler',
      // An app outside of this repository names cdk-production-lambda-runtime[postgres] in requirements.txt instead of copying it.
      code: PythonCode.fromDirectory(join(__dirname, '..', 'reports'), { files: { cdk_production_lambda_runtime: RUNTIME } }),
      vpc,
      timeout: Duration.seconds(30),
      reservedConcurrentExecutions: 2,
      release: { preTraffic: NO_PAYMENTS },
    });
    ledger.openForReports(this);
    // The time of the schedule, which is the same when the event is delivered later or again.
    const input = scheduler.ScheduleTargetInput.fromObject({ scheduledTime: scheduler.ContextAttribute.scheduledTime });
    new scheduler.Schedule(this, 'Nightly', {
      schedule: scheduler.ScheduleExpression.cron({ hour: '2', minute: '0', timeZone: TimeZone.ETC_UTC }),
      target: FunctionTarget.forSchedule(this, { input }),
    });
  }
}
