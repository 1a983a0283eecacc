import { type ReleaseModel } from '../../src/release/power/release-model';
import { simulateReleases } from '../../src/release/power/simulation';
import type { Scenario } from '../../src/release/power/traffic';
import { alarmIn, releaseModel } from '../support/release';

/*
 * The bars of the release alarms, simulated on the synthesised template. `npm run bench -- --only=release` simulates the whole
 * grid with more releases. A bar holds if the simulated share is within three standard errors of it.
 */

const TRIALS = 1_000;
const percent = (model: ReleaseModel, scenario: Scenario, delayMinutes = 1, trials = TRIALS) =>
  100 * simulateReleases(model, scenario, { delayMinutes, trials, seed: 19 }).rolledBack;
const error = (bar: number, trials = TRIALS) => 3 * Math.sqrt(bar * (100 - bar) / trials);

const FAILING: [string, Scenario, number][] = [
  ['fails every request, at 10 requests a minute', { requestsPerMinute: 10, errorRate: 1 }, 90],
  ['fails every request, at 20 requests a minute', { requestsPerMinute: 20, errorRate: 1 }, 99.5],
  ['fails every request, at 1,000 requests a minute', { requestsPerMinute: 1_000, errorRate: 1 }, 99.5],
  ['fails 20 %, at 100 requests a minute', { requestsPerMinute: 100, errorRate: 0.2 }, 98.5],
  ['fails 20 %, at 1,000 requests a minute', { requestsPerMinute: 1_000, errorRate: 0.2 }, 98.5],
];
const TRAFFIC = [1, 5, 20, 50, 75, 100, 150, 200, 300, 500, 1_000, 5_000, 20_000];

/** The bars that a release misses; none if its alarms are right. */
function missedBars(model: ReleaseModel): string[] {
  const missed = FAILING.filter(([, scenario, bar]) => percent(model, scenario, 1, 300) < bar - error(bar, 300)).map(([title]) => title);
  const wrong = [100, 300, 1_000].filter(requestsPerMinute =>
    percent(model, { requestsPerMinute, errorRate: 0.005 }, 1, 300) > 0.5 + error(0.5, 300));
  return [...missed, ...wrong.map(traffic => `wrong at ${traffic}`)];
}

describe('defaults', () => {
  const model = releaseModel();

  test.each(FAILING)('a version that %s, is rolled back', (_, scenario, bar) => {
    expect(percent(model, scenario)).toBeGreaterThanOrEqual(bar);
  });

  test.each(FAILING)('with metrics 2 minutes late: a version that %s, is rolled back', (_, scenario, bar) => {
    expect(percent(model, scenario, 2)).toBeGreaterThanOrEqual(bar - 1);
  });

  test.each(TRAFFIC)('a version at half the threshold is not rolled back at %d requests a minute', requestsPerMinute => {
    expect(percent(model, { requestsPerMinute, errorRate: 0.005 })).toBeLessThanOrEqual(0.5);
  });

  test.each([100, 1_000])('a version at the threshold is rarely rolled back at %d requests a minute', requestsPerMinute => {
    expect(percent(model, { requestsPerMinute, errorRate: 0.01 })).toBeLessThanOrEqual(2);
  });

  test('a version that answers its failures itself is not seen', () => {
    expect(percent(model, { requestsPerMinute: 1_000, faultRate: 1 }, 1, 100)).toBe(0);
  });
});

describe('faults', () => {
  const model = releaseModel({ faults: true });

  test.each(FAILING)('are counted: a version that %s, is rolled back', (_, { requestsPerMinute, errorRate }, bar) => {
    expect(percent(model, { requestsPerMinute, faultRate: errorRate })).toBeGreaterThanOrEqual(bar);
  });

  test('count beside errors, and a version that only throws is rolled back too', () => {
    expect(percent(model, { requestsPerMinute: 100, faultRate: 0.1, errorRate: 0.1 })).toBeGreaterThanOrEqual(98.5);
    expect(missedBars(model)).toEqual([]);
  });
});

describe('duration', () => {
  const model = releaseModel();
  const latency = (factor: number, coldShare = 0.02) => ({
    old: { medianMillis: 200, sigma: 0.6, coldShare: 0.01, coldMillis: 800 },
    new: { medianMillis: 200 * factor, sigma: 0.6, coldShare, coldMillis: 800 },
  });
  const slow = (requestsPerMinute: number, factor: number, coldShare?: number) =>
    percent(model, { requestsPerMinute, latency: latency(factor, coldShare) }, 1, 100);

  test('a version that is twice as slow as usual is rolled back', () => {
    expect(slow(200, 2)).toBeGreaterThanOrEqual(97);
  });

  test.each([10, 50, 200])('a version that is as slow as usual, with cold starts, is not rolled back at %d requests a minute', requestsPerMinute => {
    expect(slow(requestsPerMinute, 1, 0.1)).toBeLessThanOrEqual(0.5);
  });

  test('a version near its timeout is rolled back at low traffic', () => {
    const near = { old: latency(1).old, new: { medianMillis: 9_000, sigma: 0.1, coldShare: 0, coldMillis: 0 } };
    expect(percent(model, { requestsPerMinute: 20, latency: near }, 1, 200)).toBeGreaterThanOrEqual(99);
  });

  test('a limit that the version never reaches makes the alarm blind', () => {
    const blind = releaseModel({ alarms: { slowdownThreshold: 1_000 } });
    expect(100 * simulateReleases(blind, { requestsPerMinute: 200, latency: latency(2) }, { trials: 20 }).rolledBack).toBe(0);
  });
});

describe('an alarm that is wired wrongly misses a bar', () => {
  const metricsOf = (resources: any) => alarmIn(resources, 'ErrorRateAlarm').Metrics.filter((metric: any) => metric.MetricStat);
  const expressionOf = (resources: any) => alarmIn(resources, 'ErrorRateAlarm').Metrics.find((metric: any) => metric.Expression);
  const eachDimension = (change: (dimension: any) => any) => (resources: any) => {
    for (const { MetricStat: { Metric } } of metricsOf(resources)) Metric.Dimensions = Metric.Dimensions.map(change).filter(Boolean);
  };

  test.each<[string, (resources: any) => void]>([
    ['without the dimension ExecutedVersion', eachDimension(d => d.Name === 'ExecutedVersion' ? undefined : d)],
    ['without the dimension Resource', eachDimension(d => d.Name === 'Resource' ? undefined : d)],
    ['with another alias', eachDimension(d => d.Name === 'Resource' ? { ...d, Value: { 'Fn::Join': ['', [d.Value['Fn::Join'][1][0], ':beta']] } } : d)],
    ['with another version', eachDimension(d => d.Name === 'ExecutedVersion' ? { ...d, Value: '1' } : d)],
    ['with another namespace', resources => { for (const { MetricStat } of metricsOf(resources)) MetricStat.Metric.Namespace = 'AWS/lambda'; }],
    ['with a floor of 50 requests', resources => {
      expressionOf(resources).Expression = `IF(invocations >= 50, ${expressionOf(resources).Expression}, 0)`;
    }],
    ['that no deployment group has', resources => {
      const group = Object.values<any>(resources).find(({ Type }) => Type === 'AWS::CodeDeploy::DeploymentGroup');
      group.Properties.AlarmConfiguration.Alarms = [];
    }],
    ['that compares the plain rate', resources => {
      expressionOf(resources).Expression = '100 * errors / invocations';
    }],
  ])('%s', (_, change) => {
    expect(missedBars(releaseModel({}, change))).not.toEqual([]);
  });

  test.each<[string, (resources: any) => void]>([
    ['without FILL', resources => { expressionOf(resources).Expression = expressionOf(resources).Expression.replace('FILL(faults, 0)', 'faults'); }],
    ['without errors', resources => { expressionOf(resources).Expression = expressionOf(resources).Expression.replace('errors +', '0 +'); }],
  ])('%s', (_, change) => {
    expect(missedBars(releaseModel({ faults: true }, change))).not.toEqual([]);
  });

  test.each([[1, 1], [3, 3]])('not with %d of %d periods of a minute, which count when their metrics are visible', (DatapointsToAlarm, EvaluationPeriods) => {
    const plain = releaseModel({}, resources => {
      const alarm = alarmIn(resources, 'ErrorRateAlarm');
      const [{ MetricStat: { Metric: { Dimensions } } }] = metricsOf(resources);
      delete alarm.Metrics;
      Object.assign(alarm, { Namespace: 'AWS/Lambda', MetricName: 'Errors', Statistic: 'Sum', Period: 60, Threshold: 0, Dimensions, DatapointsToAlarm, EvaluationPeriods });
    });
    expect(percent(plain, { requestsPerMinute: 1_000, errorRate: 1 }, 1, 100)).toBe(100);
  });

  test('nothing else: the alarm as it is misses none', () => {
    expect(missedBars(releaseModel())).toEqual([]);
  });
});
