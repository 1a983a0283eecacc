import { type CfnElement, Stack } from 'aws-cdk-lib';
import { healthyErrorRate, outcomesOf, PARTIAL_FAILURE, round } from './power/outcomes';
import { ReleaseModel } from './power/release-model';
import type { ExplainReleaseOptions, ReleaseExplanation, ReleaseOutcome } from './release-explanation';
import { templateFragmentOf } from '../private/cdk-internals';
import { durationText } from '../private/duration-text';
import { refuse, requireRange, requireWhole } from '../private/validation';

type Json = Record<string, any>;

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
  const healthyRate = healthyErrorRate(errorRateThreshold);
  const explanation = { shiftMinutes: model.minutes, ...outcomesOf(model, errorRateThreshold, requestsPerMinute, metricDelayMinutes) };
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

function textOf({ shiftMinutes, totalFailure, partialFailure, healthy }: Omit<ReleaseExplanation, 'text'>, traffic: number, healthyRate: number): string {
  const cost = ({ rolledBackPercent, minutesToRollback, failedRequests }: ReleaseOutcome) => `is rolled back in ${rolledBackPercent} % of the releases`
    + (minutesToRollback === undefined ? '' : `, after ${durationText(Math.round(minutesToRollback * 60))} and ${failedRequests} failed requests on average`);
  return `At ${traffic} requests a minute, a release takes ${durationText(shiftMinutes * 60)}. A version that fails every request ${cost(totalFailure)}. `
    + `A version that fails ${100 * PARTIAL_FAILURE} % ${cost(partialFailure)}. `
    + `A good version that fails ${round(100 * healthyRate)} % is rolled back in ${healthy.rolledBackPercent} % of the releases.`;
}
