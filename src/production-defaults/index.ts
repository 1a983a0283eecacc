export type { AppliedDefault } from './applied-default';
export { ProductionDefaults } from './production-defaults';
export type { ProductionDefaultsOptions } from './production-defaults-props';
