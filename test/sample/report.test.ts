import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report } from '../../sample/report';
import { functionLines } from '../../sample/report/function-lines';
import { Template } from '../../sample/report/template';

test('tells of each function how it is reached, released, watched and where its failures go', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'report-'));
  try {
    const text = report(outdir).join('\n');
    expect(text).toMatch(/^Stack Payments$/m);
    expect(text).toMatch(/^ {2}Pay \(nodejs24\.x, arm64, 512 MB, 10 s\)$/m);
    expect(text).toMatch(/entrances +\S+/);
    expect(text).toMatch(/release +alias live, Canary10Percent5Minutes, rolls back on failure, stop, alarm/);
    expect(text).toMatch(/ErrorRateAlarm \(errors of the new version in percent > 1, 2 of 3 minutes\)/);
    expect(text).toMatch(/failures +asynchronous events to ProductionLambda\/FailureQueue after 2 retries or 3600 s/);
    expect(text).toMatch(/\d+ of 500 resources, template \d+\.\d of 1024 KB/);
    expect(text).toMatch(/^ {6}entrances {2}schedule Reconciliation, rate\(1 minute\)/m);
    expect(text).toMatch(/^Connections of Payments\/Ledger$/m);
    expect(text).toMatch(/Payments\/Pay +50 × 1 +50/);
    expect(text).toMatch(/\d+ connections of \d+ \(80 % of \d+\)/);
    expect(text).toMatch(/Findings .*: none/);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
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
