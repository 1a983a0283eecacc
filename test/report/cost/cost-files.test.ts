import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPrices, readTraffic } from '../../../src/report/cost/cost-files';
import { PRICES } from '../../../src/report/cost/prices';
import { DEFAULT_TRAFFIC, trafficOf } from '../../../src/report/cost/traffic';

const folder = mkdtempSync(join(tmpdir(), 'cost-'));

function file(content: unknown): string {
  const path = join(folder, 'file.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

test('reads numbers and ranges of traffic, and the defaults for what is not stated', () => {
  const traffic = readTraffic(file({ default: { requestsPerMonth: 5 }, functions: { 'Shop/Pay': { durationMillis: [10, 20] } }, vpcGigabytesPerMonth: 3 }));
  expect(trafficOf(traffic, 'Shop/Pay')).toEqual({
    ...DEFAULT_TRAFFIC.default, requestsPerMonth: { min: 5, max: 5 }, durationMillis: { min: 10, max: 20 },
  });
  expect(trafficOf(traffic, 'Shop/Other').durationMillis).toEqual(DEFAULT_TRAFFIC.default.durationMillis);
  expect(traffic).toMatchObject({ isStated: true, vpcGigabytes: { min: 3, max: 3 } });
});

test.each([
  [{ functions: [] }, "'functions' of FILE must be an object, got []"],
  [{ default: { requests: 1 } }, "'default' of FILE contains 'requests'; the keys are requestsPerMonth, durationMillis, coldStartPercent, initMillis, logBytes"],
  [{ default: { coldStartPercent: 101 } }, "'coldStartPercent' in 'default' of FILE must be a number from 0 to 100, or a list of a lower and an upper bound, got 101"],
  [{ default: { durationMillis: [1] } }, "'durationMillis' in 'default' of FILE must be a number from 0 to 900000, or a list of a lower and an upper bound, got [1]"],
  [{ default: { logBytes: [2, 1] } }, /'logBytes' in 'default' of FILE must be .*, or a list of a lower and an upper bound, got \[2,1\]/],
  [{ default: null }, "'default' of FILE must be an object, got null"],
  [{ functions: null }, "'functions' of FILE must be an object, got null"],
  [{ functions: { 'Shop/Pay': 3 } }, "'functions.Shop/Pay' of FILE must be an object, got 3"],
  [{ functions: { 'Shop/Pay': { duration: 3 } } }, /^'functions.Shop\/Pay' of FILE contains 'duration'; the keys are requestsPerMonth, /],
  [{ vpcGigabytesPerMonth: '3' }, /'vpcGigabytesPerMonth' of FILE must be a number from 0 to .* got "3"/],
  [{ default: { initMillis: -1 } }, /'initMillis' in 'default' of FILE must be a number from 0 to \d+, or a list of a lower and an upper bound, got -1/],
  [{ other: 1 }, "FILE contains 'other'; the keys are default, functions, vpcGigabytesPerMonth, $schema"],
  [[], 'FILE must contain an object'],
  ['{', /cannot read FILE: /],
])('rejects traffic %j', (content, message) => {
  const path = file(content);
  let got = '';
  try {
    readTraffic(path);
  } catch (error) {
    got = (error as Error).message.replaceAll(path, 'FILE');
  }
  if (typeof message === 'string') expect(got).toBe(message);
  else expect(got).toMatch(message);
});

test('prices of a file replace those of the table, with the file as the source', () => {
  const path = file({ natHour: 0.052 });
  expect(readPrices(path).natHour).toMatchObject({ value: 0.052, source: path });
  expect(readPrices(path).natGb).toEqual(PRICES.natGb);
});

test.each([[{ natHour: '1' }, "'natHour' of FILE must be a price in US dollars, a number from 0 on, got \"1\""], [{ nat: 1 }, /^FILE contains 'nat'; the keys are lambdaMillionRequests, /]])(
  'rejects prices %j', (content, message) => {
    const path = file(content);
    expect(() => readPrices(path)).toThrow(typeof message === 'string' ? message.replace('FILE', path) : new RegExp(message.source.replace('^FILE', '')));
  });
