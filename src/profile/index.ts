export type { GivenDefault } from './given-default';
export { ProductionDefaults, type ProductionDefaultsOptions } from './production-defaults';
export { Profile } from './profile';
export { type ProfileSettings, type SandboxProfileSettings } from './profile-settings';
