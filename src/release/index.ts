export { CanaryAlias, type CanaryAliasOptions, type CanaryAliasProps } from './canary-alias';
export { ReleaseGroup } from './release-group';
