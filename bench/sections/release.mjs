import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
import { HERE, run, table } from '../measure.mjs';
import { chart } from '../chart.mjs';

const ROOT = path.dirname(HERE);
const TRAFFIC = [1, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 20_000];
const ERRORS = [1, 0.2, 0.05, 0.02, 0.01, 0.005, 0.001];
const SPEEDS = [1, 1.25, 2, 4];
const DURATION_TRAFFIC = [10, 20, 50, 100, 200];
const DURATION_SHIFTS = ['CANARY_10PERCENT_10MINUTES', 'CANARY_10PERCENT_30MINUTES', 'LINEAR_10PERCENT_EVERY_1MINUTE', 'LINEAR_10PERCENT_EVERY_3MINUTES'];
const percent = share => `${Number((100 * share).toFixed(2))} %`;

/** The operating characteristic of the release alarms: simulated on synthesised templates with the evaluator of the library. */
export async function release({ quick, library, trials = quick ? 1_000 : 10_000 }) {
  const { told } = await run('apps/release.cjs', [{ library: library.folder }]);
  const load = createRequire(import.meta.url);
  const { ReleaseModel } = load(path.join(library.folder, 'lib/release/power/release-model.js'));
  const { simulateReleases } = load(path.join(library.folder, 'lib/release/power/simulation.js'));
  const model = ReleaseModel.fromResources(told.defaults);
  const rate = (of, scenario, delayMinutes = 1, count = trials) => simulateReleases(of, scenario, { delayMinutes, trials: count, seed: 19 }).rolledBack;

  const grid = Object.fromEntries([1, 2].map(delay => [delay, TRAFFIC.map(requestsPerMinute =>
    ERRORS.map(errorRate => rate(model, { requestsPerMinute, errorRate }, delay)))]));
  const gridTable = delay => table(['requests a minute', ...ERRORS.map(error => `fails ${percent(error)}`)],
    TRAFFIC.map((traffic, row) => [traffic.toLocaleString('en'), ...grid[delay][row].map(percent)]));

  const shiftTraffic = [0.2, 0.5, 1, 2, 5, 10, 20, 50];
  const shiftRows = Object.entries(told.shifts).map(([name, resources]) => {
    const of = ReleaseModel.fromResources(resources);
    return [`\`${name}\``, of.minutes, ...shiftTraffic.map(requestsPerMinute => percent(rate(of, { requestsPerMinute, errorRate: 1 })))];
  });
  const shiftTable = table(['shift', 'minutes', ...shiftTraffic.map(traffic => `${traffic} a minute`)], shiftRows);

  const latency = (factor, coldShare) => ({
    old: { medianMillis: 200, sigma: 0.6, coldShare: 0.01, coldMillis: 800 }, new: { medianMillis: 200 * factor, sigma: 0.6, coldShare, coldMillis: 800 },
  });
  const near = { old: latency(1, 0).old, new: { medianMillis: 9_000, sigma: 0.1, coldShare: 0, coldMillis: 0 } };
  const durations = [
    ...SPEEDS.map(factor => [factor === 1 ? 'as slow as usual, 5 % cold starts' : `${factor} times as slow`, latency(factor, 0.05)]),
    ['as slow as usual, 30 % cold starts', latency(1, 0.3)],
    ['near its timeout (median 9 of 10 s)', near],
  ];
  const durationRates = durations.map(([, latencies]) => DURATION_TRAFFIC.map(requestsPerMinute =>
    rate(model, { requestsPerMinute, latency: latencies }, 1, Math.max(100, trials / 10))));
  const durationTable = table(['the new version is', ...DURATION_TRAFFIC.map(traffic => `${traffic} a minute`)],
    durations.map(([title], row) => [title, ...durationRates[row].map(percent)]));
  const durationShiftTable = table(['shift', 'the new version is', ...DURATION_TRAFFIC.map(traffic => `${traffic} a minute`)], DURATION_SHIFTS.flatMap(name => {
    const of = ReleaseModel.fromResources(told.shifts[name]);
    return durations.slice(0, SPEEDS.length).filter((_, index) => SPEEDS[index] !== 1.25).map(([title, latencies]) => [`\`${name}\``, title,
      ...DURATION_TRAFFIC.map(requestsPerMinute => percent(rate(of, { requestsPerMinute, latency: latencies }, 1, Math.max(100, trials / 10))))]);
  }));

  if (!quick) {
    writeCharts(grid[1], durations.map(([title]) => title), durationRates);
    for (const page of ['releases.md', 'releases.ja.md']) {
      replaceTable(page, 'release', gridTable(1));
      replaceTable(page, 'shift', shiftTable);
      replaceTable(page, 'duration', durationTable);
      replaceTable(page, 'duration by shift', durationShiftTable);
    }
  }
  const at = (traffic, error, delay = 1) => grid[delay][TRAFFIC.indexOf(traffic)][ERRORS.indexOf(error)];
  const bar = (what, least, got) => ({ what, bar: `≥ ${percent(least)}`, got: percent(got), met: got >= least });
  const worst = delay => Math.max(...grid[delay].map(row => row[ERRORS.indexOf(0.005)]));
  return {
    title: 'Releases',
    text: `Releases that the alarms of a CanaryAlias roll back before the last shift: ${trials.toLocaleString('en')} simulated releases a cell, Poisson traffic, `
      + `the alarms and steps of the synthesised template. Metrics 1 minute late:\n\n${gridTable(1)}\n\nMetrics 2 minutes late:\n\n${gridTable(2)}\n\n`
      + `A version that fails every request, by shift:\n\n${shiftTable}\n\nBy duration (log-normal):\n\n${durationTable}\n\n${durationShiftTable}`,
    bars: [
      ...[1, 2].flatMap(delay => [
        bar(`a version that fails every request is rolled back, 20 requests a minute, metrics ${delay} min late`, 0.995, at(20, 1, delay)),
        bar(`the same, 10 requests a minute, metrics ${delay} min late`, 0.9, at(10, 1, delay)),
        bar(`a version that fails 20 % is rolled back, 100 requests a minute, metrics ${delay} min late`, 0.985, at(100, 0.2, delay)),
      ]),
      { what: 'a version at half the threshold is rolled back, at any traffic', bar: '≤ 0.5 %', got: percent(worst(1)), met: worst(1) <= 0.005 },
    ],
  };
}

function writeCharts(grid, titles, durationRates) {
  const line = (name, share) => ({ name, values: grid.map(row => 100 * row[ERRORS.indexOf(share)]) });
  fs.writeFileSync(path.join(ROOT, 'docs/images/release-errors.svg'), chart({
    title: 'Releases that are rolled back, by traffic and error rate',
    x: 'requests a minute to the function', labels: TRAFFIC.map(traffic => traffic.toLocaleString('en')),
    lines: [line('fails every request', 1), line('fails 20 %', 0.2), line('fails 5 %', 0.05), line('fails 2 %', 0.02), line('fails 0.5 % (healthy)', 0.005)],
  }));
  fs.writeFileSync(path.join(ROOT, 'docs/images/release-durations.svg'), chart({
    title: 'Releases that are rolled back, by traffic and duration',
    x: 'requests a minute to the function', labels: DURATION_TRAFFIC.map(String),
    lines: titles.map((name, row) => ({ name, values: durationRates[row].map(share => 100 * share) })),
  }));
}

/** Replaces the table between the comments `bench: <name>` and `/bench` of a guide. */
function replaceTable(page, name, text) {
  const file = path.join(ROOT, 'docs/guides', page);
  const pattern = new RegExp(`(<!-- bench: ${name} -->\n)[\\s\\S]*?(<!-- /bench -->)`);
  const before = fs.readFileSync(file, 'utf8');
  if (!pattern.test(before)) throw new Error(`${page} must contain <!-- bench: ${name} -->`);
  fs.writeFileSync(file, before.replace(pattern, (_, start, end) => `${start}${text}\n${end}`));
}
