export { DEFAULTS } from './construct-defaults';
export { PROFILES } from './profile-defaults';
export { SMOKE_TEST } from './smoke-test';
