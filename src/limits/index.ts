export { CLOUD_FORMATION } from './cloud-formation';
export { DEFAULTS } from './defaults';
export { LAMBDA, ASYNC_INVOKE } from './lambda';
export { IAM } from './iam';
export { UNSCOPABLE_ACTIONS } from './unscopable-actions';
export { CODE_DEPLOY } from './code-deploy';
