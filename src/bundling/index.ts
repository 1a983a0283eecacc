export { NodejsCode } from './nodejs-code';
export { NodejsBundle } from './nodejs-bundle';
export { Instrumentation, type ObservedInstrumentationOptions } from './instrumentation';
export { AwsSdk, Loader, Minify, ModuleFormat, SourceMaps, type NodejsBundlingOptions } from './nodejs-bundling-options';
export { PythonCode } from './python-code';
export { PythonBundle } from './python-bundle';
export { type PythonBundlingOptions } from './python-bundling-options';
