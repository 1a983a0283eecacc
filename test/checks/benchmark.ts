/* eslint-disable no-console -- a script: npx ts-node -P tsconfig.dev.json --transpile-only test/checks/benchmark.ts */
import { mkdtempSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { IPolicyValidationContext, IPolicyValidationPlugin } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { ProductionChecks } from '../../src';
import { careful } from './corpus/apps';

process.env.CDK_VALIDATION = 'false';
const FUNCTIONS = 100;
const ROUNDS = 7;

/** A function with role, log group, version, alias, queue, dead-letter queue and event source mapping: eight resources each. */
function build(): App {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'bench-')), analyticsReporting: false });
  for (let s = 0; s < FUNCTIONS / 50; s++) {
    const stack = new Stack(app, `Stack${s}`);
    for (let i = 0; i < 50; i++) {
      const fn = careful(stack, `Fn${i}`, { currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN } });
      const queue = new sqs.Queue(stack, `Queue${i}`, { visibilityTimeout: Duration.seconds(60), deadLetterQueue: { maxReceiveCount: 5, queue: new sqs.Queue(stack, `Dead${i}`, { retentionPeriod: Duration.days(14) }) } });
      new lambda.Alias(stack, `Live${i}`, { aliasName: 'live', version: fn.currentVersion }).addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true }));
    }
  }
  return app;
}

/** Measures the time of the plugin. */
function timed(plugin: IPolicyValidationPlugin, times: number[]): IPolicyValidationPlugin {
  return {
    name: plugin.name,
    validate: (context: IPolicyValidationContext) => {
      const began = performance.now();
      const report = plugin.validate(context);
      times.push(performance.now() - began);
      return report;
    },
  };
}

function synthesise(plugins: (app: App) => IPolicyValidationPlugin[]): number {
  const began = performance.now();
  const app = build();
  const all = plugins(app);
  if (all.length > 0) Validations.of(app).addPlugins(...all);
  const { error } = console;
  console.error = () => undefined;
  try { app.synth(); } catch { /* findings of cdk-nag */ } finally { console.error = error; }
  return performance.now() - began;
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const plain: number[] = [];
const own: number[] = [];
const nag: number[] = [];
synthesise(() => []);
for (let round = 0; round < ROUNDS; round++) {
  plain.push(synthesise(() => []));
  synthesise(() => [timed(new ProductionChecks(), own)]);
  const packs: number[] = [];
  synthesise(app => [new AwsSolutionsChecks(app), new ServerlessChecks(app)].map(pack => timed(pack as unknown as IPolicyValidationPlugin, packs)));
  nag.push(packs.reduce((a, b) => a + b, 0));
}
process.exitCode = 0;
console.log(`${FUNCTIONS} functions: synth ${median(plain).toFixed(0)} ms, ProductionChecks ${median(own).toFixed(0)} ms (${(100 * median(own) / median(plain)).toFixed(1)} %, first run ${own[0].toFixed(0)} ms), cdk-nag two packs ${median(nag).toFixed(0)} ms (${(median(nag) / median(own)).toFixed(1)} x)`);
