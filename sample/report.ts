import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { createApp } from './app';
import { ProductionChecks } from '../src';
import { readReport } from '../src/report/command/read-report';
import { FORMATS } from '../src/report/page';

/** Requests a minute for which the report says what a bad release costs: a quiet and a busy function. */
const TRAFFIC = [10, 100];

/** Synthesises the sample with all checks, writes the page of the report into the assembly, and returns the report as text. */
export function report(outdir: string): string {
  const app = createApp({ outdir, context: { '@aws-cdk/core:validateAgainstDefaultRules': true, 'aws:cdk:enable-path-metadata': true } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app), new ProductionChecks());
  app.synth();
  const settings = { severities: new Map(), exemptions: [], parameters: new Map() };
  const { report: data } = readReport([outdir], settings, { language: 'en', releaseRates: TRAFFIC });
  const page = join(outdir, 'readiness.html');
  writeFileSync(page, FORMATS.html(data));
  return `${FORMATS.text(data)}\nThe page: ${page}`;
}

if (require.main === module) console.log(report(join(__dirname, '..', 'cdk.out')));
