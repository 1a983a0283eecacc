import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { createApp } from './app';
import { ProductionChecks, ProxiedDatabase } from '../src';
import { functionLines } from './report/function-lines';
import { releaseLines } from './report/release-lines';
import { Template } from './report/template';
import { CLOUD_FORMATION } from '../src/aws';

/** Synthesises the sample with all checks and prints a report. */
export function report(outdir: string): string[] {
  const app = createApp({ outdir, context: { '@aws-cdk/core:validateAgainstDefaultRules': true, 'aws:cdk:enable-path-metadata': true } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app), new ProductionChecks());
  const assembly = app.synth();
  return [
    ...assembly.stacks.flatMap(stack => stackLines(stack.stackName, readFileSync(stack.templateFullPath, 'utf8'))),
    ...releaseLines(app),
    ...databaseLines(app),
    ...findingLines(outdir),
  ];
}

function stackLines(name: string, text: string): string[] {
  const template = new Template(JSON.parse(text));
  const count = Object.keys(template.resources).length;
  const functions = template.ofType('AWS::Lambda::Function').map(([id, fn]) => functionLines(template, id, fn).join('\n  '));
  return [
    `Stack ${name}`,
    ...functions.map(lines => `  ${lines}`),
    `  ${count} of ${CLOUD_FORMATION.resourcesMax} resources, template ${(text.length / 1024).toFixed(1)} of ${CLOUD_FORMATION.templateMaxBytes / 1024} KB`,
    '',
  ];
}

/** The connection budget of each database. */
function databaseLines(app: App): string[] {
  const databases = app.node.findAll().filter((construct): construct is ProxiedDatabase => construct instanceof ProxiedDatabase);
  return databases.flatMap(database => [`Connections of ${database.node.path}`, ...database.budget.toTable().split('\n').map(line => `  ${line}`), '']);
}

function findingLines(outdir: string): string[] {
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
    pluginReports: {
      pluginName: string;
      violations: { ruleName: string; severity?: string }[];
      suppressedViolations?: { ruleName: string; reason: string }[];
    }[];
  };
  // an info needs no action
  const found = pluginReports.flatMap(({ pluginName, violations }) => violations
    .map(({ ruleName, severity }) => ({ text: `  ${pluginName} ${ruleName}`, isInfo: severity === 'info' })));
  const open = found.filter(({ isInfo }) => !isInfo).map(({ text }) => text);
  const infos = found.filter(({ isInfo }) => isInfo).map(({ text }) => text);
  const acknowledged = pluginReports.flatMap(plugin => plugin.suppressedViolations ?? []).map(v => `  ${v.ruleName}: ${v.reason}`);
  return [
    `Findings of CDK's own validation, cdk-nag AwsSolutions and Serverless, and ProductionChecks: ${open.length || 'none'}`, ...open,
    `For information: ${infos.length || 'none'}`, ...infos,
    `Acknowledged, each with its reason: ${acknowledged.length}`, ...acknowledged,
  ];
}

if (require.main === module) console.log(report(join(__dirname, '..', 'cdk.out')).join('\n'));
