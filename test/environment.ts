import { join } from 'node:path';
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/** What V8 made of each module of node_modules: Jest compiles all modules again for every test file, and aws-cdk-lib takes half a second. */
const compiled = new Map<string, Buffer>();
const { compileFunction } = vm;
const NODE_MODULES = join(__dirname, '../node_modules/');

vm.compileFunction = (code, params, options = {}) => {
  const { filename = '' } = options;
  if (!filename.startsWith(NODE_MODULES)) return compileFunction(code, params, options);
  const cachedData = compiled.get(filename);
  const result = compileFunction(code, params, { ...options, cachedData, produceCachedData: cachedData === undefined });
  if (result.cachedData !== undefined) compiled.set(filename, result.cachedData);
  return result;
};

export default TestEnvironment;
