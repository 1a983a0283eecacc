import { type CfnElement, Stack } from 'aws-cdk-lib';
import { ReleaseModel } from './power/release-model';
import { simulateReleases } from './power/simulation';
import type { ExplainReleaseOptions, ReleaseExplanation, ReleaseOutcome } from './release-explanation';
import { templateFragmentOf } from '../private/cdk-internals';
import { refuse, requireRange, requireWhole } from '../private/validation';

type Json = Record<string, any>;

const TRIALS = 4_000;
const PARTIAL = 0.2;

/** The resources that elements would write into the template now, by logical id. */
export function resourcesOf(elements: CfnElement[]): Json {
  return Object.assign({}, ...elements.map(element => (Stack.of(element).resolve(templateFragmentOf(element)) as Json | undefined)?.Resources));
}

/** Simulates releases on the resources of one release. The same input has the same result. */
export function explainRelease(
  path: string, elements: CfnElement[], errorRateThreshold: number, { requestsPerMinute, metricDelayMinutes = 1 }: ExplainReleaseOptions,
): ReleaseExplanation {
  requireRange(path, 'requestsPerMinute', requestsPerMinute, 0.001, 1_000_000, 'it is a number of requests a minute');
  requireRange(path, 'metricDelayMinutes', metricDelayMinutes, 0, 10, 'it is the delay of metrics in minutes');
  requireWhole(path, 'metricDelayMinutes', metricDelayMinutes);
  const model = modelOf(path, elements);
  const outcome = (errorRate: number) => outcomeOf(model, errorRate, requestsPerMinute, metricDelayMinutes);
  const healthyRate = errorRateThreshold / 200;
  const explanation = {
    shiftMinutes: model.minutes, totalFailure: outcome(1), partialFailure: outcome(PARTIAL), healthy: outcome(healthyRate),
  };
  return { ...explanation, text: textOf(explanation, requestsPerMinute, healthyRate) };
}

/** Throws an error for a release with limits that only the deployment knows: they are references, and the evaluator reads numbers. */
function modelOf(path: string, elements: CfnElement[]): ReleaseModel {
  try {
    return ReleaseModel.fromResources(resourcesOf(elements));
  } catch (error) {
    return refuse(path, `the limits and the shift of the release must be known at synth to be explained; ${(error as Error).message}`);
  }
}

function outcomeOf(model: ReleaseModel, errorRate: number, requestsPerMinute: number, delayMinutes: number): ReleaseOutcome {
  const outcome = simulateReleases(model, { requestsPerMinute, errorRate }, { delayMinutes, trials: TRIALS });
  const rolledBackPercent = round(100 * outcome.rolledBack);
  if (outcome.rolledBack === 0) return { rolledBackPercent };
  return { rolledBackPercent, minutesToRollback: round(outcome.minutesToDetection), failedRequests: round(outcome.failedRequests) };
}

function textOf({ shiftMinutes, totalFailure, partialFailure, healthy }: Omit<ReleaseExplanation, 'text'>, traffic: number, healthyRate: number): string {
  const cost = ({ rolledBackPercent, minutesToRollback, failedRequests }: ReleaseOutcome) => `is rolled back in ${rolledBackPercent} % of the releases`
    + (minutesToRollback === undefined ? '' : `, after ${minutesToRollback} minutes and ${failedRequests} failed requests on average`);
  return `At ${traffic} requests a minute, a release takes ${shiftMinutes} minutes. A version that fails every request ${cost(totalFailure)}. `
    + `A version that fails ${100 * PARTIAL} % ${cost(partialFailure)}. `
    + `A good version that fails ${round(100 * healthyRate)} % is rolled back in ${healthy.rolledBackPercent} % of the releases.`;
}

/** Two decimals. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
