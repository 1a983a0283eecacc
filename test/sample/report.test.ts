import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { createApp } from '../../sample/app';
import { report } from '../../sample/report';
import { functionLines } from '../../sample/report/function-lines';
import { releaseLines } from '../../sample/report/release-lines';
import { Template } from '../../sample/report/template';
import { CanaryAlias, type ProductionFunction, type ReleaseOutcome } from '../../src';

test('tells of each function how it is reached, released, watched and where its failures go', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'report-'));
  try {
    const text = report(outdir).join('\n');
    expect(text).toMatch(/^Stack Payments$/m);
    expect(text).toMatch(/^ {2}Pay \(nodejs24\.x, arm64, 512 MB, 10 s\)$/m);
    expect(text).toMatch(/entrances +\S+/);
    expect(text).toMatch(/release +alias live, Canary10Percent10Minutes, rolls back on failure, stop, alarm/);
    expect(text).toMatch(/ErrorRateAlarm \(errors of the new version in percent, beyond what chance explains > 1, in 10 minutes\)/);
    expect(text).toMatch(/Errors \(errors in percent > 1, 3 of 3 minutes\)/);
    expect(text).toMatch(/failures +asynchronous events to ProductionLambda\/FailureQueue after 2 retries or 3600 s/);
    expect(text).toMatch(/\d+ of 500 resources, template \d+\.\d of 1024 KB/);
    expect(text).toMatch(/^ {6}entrances {2}schedule Reconciliation, rate\(1 minute\)/m);
    expect(text).toMatch(/^ {4}fails every request {2}rolled back in (99\.\d+|100) %, on average after [\d.]+ minutes and [\d.]+ failed requests$/m);
    expect(text).toMatch(/^Connections of Payments\/Ledger$/m);
    expect(text).toMatch(/Payments\/Pay +50 × 1 +50/);
    expect(text).toMatch(/\d+ connections of \d+ \(80 % of \d+\)/);
    expect(text).toMatch(/Findings .*: none/);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});

test('tells what a bad release costs, with the numbers of explainRelease', () => {
  const app = createApp();
  const lines = releaseLines(app).join('\n');
  const pay = app.node.findChild('Payments').node.findChild('Pay') as ProductionFunction;
  for (const requestsPerMinute of [10, 100]) {
    const { totalFailure, partialFailure, healthy, shiftMinutes } = pay.live.explainRelease({ requestsPerMinute });
    const cost = ({ rolledBackPercent, minutesToRollback, failedRequests }: ReleaseOutcome) =>
      `rolled back in ${rolledBackPercent} %, on average after ${minutesToRollback} minutes and ${failedRequests} failed requests`;
    expect(lines).toContain(`  at ${requestsPerMinute} requests a minute, in ${shiftMinutes} minutes
    fails every request  ${cost(totalFailure)}
    fails 20 %           ${cost(partialFailure)}
    good                 rolled back in ${healthy.rolledBackPercent} %`);
  }
  expect(lines).toMatch(/^Releases of Payments\/Pay\/Live, Payments\/Settle\/Live, Payments\/Reconcile\/Live, Payments\/Webhook\/Live$/m);
  expect(lines).toMatch(/^Releases of Payments\/Ledger\/Migrate\/Live\n {2}all traffic shifts immediately, so no alarm can roll a release back$/m);
});

test('has no cost of a rollback for an alias whose alarms roll nothing back', () => {
  const app = new App();
  const fn = new lambda.Function(new Stack(app, 'Shop'), 'Fn', {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => ({})'),
  });
  new CanaryAlias(fn.stack, 'Live', { function: fn, alarms: { minimumRequests: 1_000_000 } });
  expect(releaseLines(app).join('\n')).toMatch(/ {4}fails every request {2}rolled back in 0 %\n/);
});

test('reports that callers of a bare function invoke $LATEST', () => {
  const template = new Template({ Resources: { Fn: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs24.x' } } } });
  expect(functionLines(template, 'Fn', template.resources.Fn)).toEqual([
    'Fn (nodejs24.x, x86_64, 128 MB, 3 s)',
    '    entrances  none',
    '    release    none: callers invoke $LATEST',
    '    alarms     none',
    '    failures   none',
  ]);
});
