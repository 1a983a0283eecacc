// The cost of loading a module in addition to the parts of aws-cdk-lib that any app with a function loads.
require('aws-cdk-lib');
require('aws-cdk-lib/aws-lambda');
const started = performance.now();
const [name, used] = process.argv.slice(2);
const loaded = require(name);
if (used && typeof loaded[used] !== 'function') throw new Error(`${name} has no ${used}`);
console.log(JSON.stringify({ load: performance.now() - started, modules: Object.keys(require.cache).length }));
