import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps, AspectPriority, Aspects, Stack, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { ProductionChecks } from '../../src';
import { RULES } from '../../src/checks/rules';

const WARNINGS = new Set(RULES.filter(({ severity }) => severity !== 'info').map(({ id }) => id));

/** One violated rule at one construct. */
export interface Finding {
  readonly rule: string;
  readonly path: string;
}

/** One acknowledgement, where it was made. */
export interface Acknowledgement {
  readonly id: string;
  readonly path: string;
}

export interface Findings {
  readonly open: Finding[];
  /** The errors of ProductionChecks, and exemptions that match no finding. */
  readonly rejected: string[];
  /** Acknowledgements that answered a finding. */
  readonly used: Acknowledgement[];
  /** Acknowledgements of any kind that were made in the app. */
  readonly made: Acknowledgement[];
}

interface ReportedViolation {
  readonly ruleName: string;
  readonly description: string;
  readonly severity?: string;
  readonly violatingConstructs: { constructPath?: string }[];
  readonly acknowledgedId?: string;
  readonly acknowledgedAt?: string;
}

/**
 * Synthesises an app with CDK's built-in validator, cdk-nag's AwsSolutions and Serverless packs and ProductionChecks, and
 * reads the report. The build function makes the app from the props given to it.
 * Alarms that have nobody to tell get somebody, as `AlarmActions` does it: whom is the one thing that no default can know.
 */
export function findingsOf(build: (props: AppProps) => App, context: Record<string, unknown> = {}): Findings {
  const outdir = mkdtempSync(join(tmpdir(), 'findings-'));
  const before = process.env.CDK_VALIDATION;
  process.env.CDK_VALIDATION = 'true';
  // A plugin that finds an error sets the exit code of the process, which here is the test's.
  const exitCode = process.exitCode;
  try {
    const app = build({ outdir, context });
    tellSomebody(app);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app), new ProductionChecks());
    synthQuietly(app);
    return { ...read(join(outdir, 'validation-report.json')), made: acknowledgementsIn(app) };
  } finally {
    process.exitCode = exitCode;
    process.env.CDK_VALIDATION = before;
    rmSync(outdir, { recursive: true, force: true });
  }
}

function tellSomebody(app: App): void {
  const told = new Set<unknown>();
  Aspects.of(app).add({
    visit: node => {
      if (!(node instanceof cloudwatch.Alarm) || told.has(node)) return;
      told.add(node);
      node.addAlarmAction({ bind: () => ({ alarmActionArn: `arn:aws:sns:${Stack.of(node).region}:111111111111:on-call` }) });
    },
  }, { priority: AspectPriority.MUTATING });
}

/** Findings are read from the report; that they also fail the synth is CDK's business. */
function synthQuietly(app: App): void {
  try {
    app.synth();
  } catch (error) {
    if (!/ValidationFailed|validation-report\.json/.test(`${(error as Error).name} ${error}`)) throw error;
  }
}

function read(file: string): Omit<Findings, 'made'> {
  const report = JSON.parse(readFileSync(file, 'utf8')) as { pluginReports: { pluginName: string; violations: ReportedViolation[]; suppressedViolations?: ReportedViolation[] }[] };
  const flat = (violations: ReportedViolation[]) => violations.flatMap(v => v.violatingConstructs.map(c => ({ rule: v.ruleName, path: c.constructPath ?? '' })));
  return {
    // An info asks for nothing, unless it is an info only because it is in a sandbox.
    open: report.pluginReports.flatMap(plugin => flat(plugin.violations.filter(({ ruleName, severity }) => severity !== 'info' || WARNINGS.has(ruleName)))),
    rejected: report.pluginReports.filter(({ pluginName }) => pluginName === 'ProductionChecks').flatMap(({ violations }) => violations)
      .filter(({ ruleName, severity }) => severity === 'error' || ruleName === 'unmatched-exemption')
      .map(({ ruleName, description }) => `${ruleName}: ${description}`),
    used: report.pluginReports.flatMap(plugin => plugin.suppressedViolations ?? []).map(v => ({ id: v.acknowledgedId ?? '', path: v.acknowledgedAt ?? '' })),
  };
}

function acknowledgementsIn(app: App): Acknowledgement[] {
  return app.node.findAll().flatMap(construct => construct.node.metadata
    .filter(entry => entry.type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(entry => Object.keys(entry.data).map(id => ({ id, path: construct.node.path }))));
}
