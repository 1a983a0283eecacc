export { CanaryAlias } from './canary-alias';
export { type CanaryAlarmsOptions, type CanaryAliasOptions, type CanaryAliasProps } from './canary-alias-props';
export { ColdStart } from './cold-start';
export { ExpectedValue } from './expected-value';
export { ProvisionedConcurrency } from './provisioned-concurrency';
export {
  type ProvisionedConcurrencyOptions, type ProvisionedConcurrencyProps, type ProvisionedConcurrencySchedule,
} from './provisioned-concurrency-props';
export { type ExplainReleaseOptions, type ReleaseExplanation, type ReleaseOutcome } from './release-explanation';
export { SmokeTest } from './smoke-test';
export { type SmokeTestOptions } from './smoke-test-props';
export { TrafficHook } from './traffic-hook';
