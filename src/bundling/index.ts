export { NodejsCode } from './nodejs-code';
export { NodejsBundle } from './nodejs-bundle';
export { AwsSdk, Loader, Minify, ModuleFormat, SourceMaps, type NodejsBundlingOptions } from './nodejs-bundling-options';
