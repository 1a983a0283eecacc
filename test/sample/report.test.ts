import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../sample/app';
import { report } from '../../sample/report';
import { picture } from '../../scripts/report-picture';
import type { ProductionFunction, ReleaseOutcome } from '../../src';
import { readReport } from '../../src/report/command/read-report';

const outdir = mkdtempSync(join(tmpdir(), 'report-'));
let text: string;

beforeAll(() => { text = report(outdir); });
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

test('prints of each function how it is reached, released, watched and where its failures go', () => {
  expect(text).toMatch(/^Stack Payments$/m);
  expect(text).toMatch(/^ {2}Pay \(nodejs24\.x, arm64, 512 MB, 10 s\)$/m);
  expect(text).toMatch(/entrances +API Api\/Api, access JWT/);
  expect(text).toMatch(/release +alias live, 10 % for 10 min, rolls back on failure, stop, alarm/);
  expect(text).toMatch(/ErrorRateAlarm: errors of the new version in percent, beyond what chance explains > 1 in 10 min/);
  expect(text).toMatch(/Errors: errors in percent > 1 in 3 of 3 periods of 1 min/);
  expect(text).toMatch(/failures +Asynchronous events go to ProductionLambda\/FailureQueue after 2 retries or 1 h/);
  expect(text).toMatch(/\d+ of 500 resources, template [\d.]+ KB of 1 MB/);
  expect(text).toMatch(/entrances +schedule Reconciliation, asynchronous, rate\(1 minute\)/);
  expect(text).toMatch(/^Connections of Payments\/Ledger\/Cluster$/m);
  expect(text).toMatch(/Payments\/Pay +50 × 1 +50/);
  expect(text).toMatch(/\d+ connections of 1,335 \(80 % of 1,669\)/);
  expect(text).toMatch(/^Findings: none$/m);
});

test('prints what a bad release costs, with the numbers of explainRelease', () => {
  const pay = createApp().node.findChild('Payments').node.findChild('Pay') as ProductionFunction;
  for (const requestsPerMinute of [10, 100]) {
    const { totalFailure, partialFailure, healthy, shiftMinutes } = pay.live.explainRelease({ requestsPerMinute });
    const cost = ({ rolledBackPercent, minutesToRollback, failedRequests }: ReleaseOutcome) =>
      `rolled back in ${rolledBackPercent} %, on average after ${minutesToRollback} minutes and ${failedRequests} failed requests`;
    expect(text).toContain(`  at ${requestsPerMinute} requests a minute, in ${shiftMinutes} minutes
    fails every request  ${cost(totalFailure)}
    fails 20 %           ${cost(partialFailure)}
    is good              ${cost(healthy)}`);
  }
  expect(text).toMatch(/^Releases of Payments\/Pay\/Live, .*Payments\/Webhook\/Live$/m);
});

test('docs/images/report-map.svg is the map of the sample (ts-node scripts/report-picture.ts after npm run sample)', () => {
  const { report: data } = readReport([outdir], { severities: new Map(), exemptions: [], parameters: new Map() }, { language: 'en' });
  expect(readFileSync(join(__dirname, '..', '..', 'docs', 'images', 'report-map.svg'), 'utf8')).toBe(picture(data));
});

test('names the page that it writes', () => {
  const page = join(outdir, 'readiness.html');
  expect(text).toContain(`The page: ${page}`);
  expect(existsSync(page)).toBe(true);
  expect(readFileSync(page, 'utf8')).toContain('Readiness report: Payments');
});
