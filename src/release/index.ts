export { CanaryAlias, type CanaryAliasProps } from './canary-alias';
export { type CanaryAliasOptions } from './canary-alias-options';
export { ColdStart } from './cold-start';
export { ReleaseGroup } from './release-group';
export { Shape } from './shape';
export { SmokeTest, type SmokeTestOptions } from './smoke-test';
export { TrafficHook } from './traffic-hook';
export { WarmCapacity, type WarmCapacityOptions, type WarmCapacityProps, type WarmSchedule } from './warm-capacity';
