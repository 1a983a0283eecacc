// Synthesises N functions, each with all resources of a ProductionFunction, and prints the time and the result.
const { createHash } = require('node:crypto');
const { App, Stack } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');

const { kind, count } = JSON.parse(process.argv[2]);
const PER_STACK = 50;

const builders = {
  ours() {
    const { ProductionFunction } = require('cdk-production-lambda');
    return stack => (id, props) => new ProductionFunction(stack, id, props);
  },
  plain() {
    const { plainL2, sharedByStack } = require('./plain-l2.cjs');
    return stack => {
      const shared = sharedByStack(stack);
      return (id, props) => plainL2(stack, id, props, shared);
    };
  },
};

const inline = () => ({ runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => 1;') });

// The library and the CDK load modules when they are first used: one function of an app of its own loads them.
const loading = performance.now();
const build = builders[kind]();
const first = new App();
build(new Stack(first, 'First'))('Fn', inline());
first.synth();
const started = performance.now();
const app = new App();
for (let from = 0; from < count; from += PER_STACK) {
  const stack = new Stack(app, `Stack${from}`);
  const add = build(stack);
  for (let i = from; i < Math.min(count, from + PER_STACK); i++) add(`Fn${i}`, inline());
}
const constructed = performance.now();
const { stacks } = app.synth();
const ended = performance.now();

const templates = stacks.map(({ template }) => template.Resources);
const types = {};
for (const { Type } of templates.flatMap(Object.values)) types[Type] = (types[Type] ?? 0) + 1;
const bytes = templates.reduce((sum, resources) => sum + JSON.stringify(resources).length, 0);
console.log(JSON.stringify({ load: started - loading, construct: constructed - started, synth: ended - constructed, whole: ended - started, types, bytes, resources: hash(templates.map(withoutNames)) }));

/** The resources as texts, with the type in place of each logical id. */
function withoutNames(resources) {
  const types = new Map(Object.entries(resources).map(([id, { Type }]) => [id, Type]));
  return Object.values(resources).map(resource => JSON.stringify(resource, (key, value) => types.get(value) ?? value)).sort();
}

function hash(value) {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
