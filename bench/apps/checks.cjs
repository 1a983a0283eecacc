// Synthesises an app of N ProductionFunctions with validation plugins, and prints the time in the plugins.
const { App, Stack, Validations } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const library = require('cdk-production-lambda');

const { plugins, count } = JSON.parse(process.argv[2]);
if (plugins === 'present') {
  console.log(JSON.stringify({ present: 'ProductionChecks' in library }));
  process.exit();
}

const PER_STACK = 50;
const make = {
  none: () => [],
  ours: () => [new library.ProductionChecks()],
  nag: app => {
    const { AwsSolutionsChecks, ServerlessChecks } = require('cdk-nag');
    return [new AwsSolutionsChecks(app), new ServerlessChecks(app)];
  },
}[plugins];

const started = performance.now();
const app = new App();
for (let first = 0; first < count; first += PER_STACK) {
  const stack = new Stack(app, `Stack${first}`);
  for (let i = first; i < first + PER_STACK; i++) {
    const code = lambda.Code.fromInline('exports.handler = async () => 1;');
    new library.ProductionFunction(stack, `Fn${i}`, { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code });
  }
}
let checking = 0;
const timed = make(app).map(plugin => {
  const validate = plugin.validate.bind(plugin);
  plugin.validate = context => {
    const began = performance.now();
    try {
      return validate(context);
    } finally {
      checking += performance.now() - began;
    }
  };
  return plugin;
});
if (timed.length > 0) Validations.of(app).addPlugins(...timed);
app.synth();
process.exitCode = 0; // findings do not matter here
console.log(JSON.stringify({ synth: performance.now() - started - checking, checking }));
