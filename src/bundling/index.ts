export { NodejsCode } from './nodejs-code';
export { NodejsBundle } from './nodejs-bundle';
export { AwsSdk, Minify, ModuleFormat, SourceMaps, type NodejsBundlingOptions } from './nodejs-bundling-options';
