import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
import esbuild from 'esbuild';
import { productionHandler } from '../fixtures.mjs';
import { emptyFolder, HERE, interleaved, median, milliseconds, run, table, times, WORK } from '../measure.mjs';

const require = createRequire(import.meta.url);
const LOAD_BAR = 0.6;
const RUNTIME = path.join(path.dirname(HERE), 'test', 'runtime');

/** The Node.js version that Lambda runs, if a binary for this machine exists. */
export function node24() {
  try {
    return require.resolve(`node-${process.platform}-${process.arch}/bin/node`);
  } catch {
    return process.execPath;
  }
}

/** Module load and INIT of one handler as each bundler builds it by default. */
export async function load({ quick }) {
  const { ExecutionEnvironment } = runtimeApi();
  const variants = await bundles();
  const node = node24();
  const contenders = {};
  for (const [name, { folder, handler }] of Object.entries(variants)) {
    const file = fs.readdirSync(folder).find(one => new RegExp(`^${path.parse(handler).name}\\.m?js$`).test(one));
    contenders[`${name}/load`] = async () => (await run('apps/load.mjs', [path.join(folder, file)], { node })).told.load;
    contenders[`${name}/init`] = async () => {
      const environment = await ExecutionEnvironment.start({ taskRoot: folder, handler, node });
      const answer = await environment.invoke({});
      await environment.stop();
      if (answer.payload !== 'nothing to pay') throw new Error(`${name} answered ${JSON.stringify(answer)}`);
      return environment.initMs;
    };
  }
  const samples = await interleaved(contenders, quick ? 7 : 25);
  const [loads, inits] = ['load', 'init'].map(kind => name => median(samples[`${name}/${kind}`]));
  const ratio = kind => name => median(samples[`${name}/${kind}`].map((ms, round) => ms / samples[`NodejsFunction, SDK bundled/${kind}`][round]));
  const overhead = await overheadOf(variants, node, quick ? 5 : 31);
  const rows = Object.entries(variants).map(([name, { folder }]) => [
    name, `${Math.round(sizeOf(folder) / 1024)}`, milliseconds(loads(name)), times(ratio('load')(name)), milliseconds(inits(name)), times(ratio('init')(name)),
  ]);
  const got = ratio('load')('NodejsBundle');
  return {
    title: 'Module load and INIT',
    text: 'One handler with Powertools (logger, metrics) and three clients of the SDK. Load is the import of the bundle alone. INIT is from the start of the '
      + `process to its first call for work, under aws-lambda-ric ${version('aws-lambda-ric')} and a Runtime API on this machine. Both on Node.js ${await versionOf(node)}. `
      + 'Each bundler at its defaults; ratios are medians of the ratios of each round, against NodejsFunction with the SDK in the bundle too.\n\n'
      + table(['by', 'KiB', 'load', 'ratio', 'INIT', 'ratio'], rows)
      + `\n\nThe instrumentation adds ${overhead.load.toFixed(2)} ms to the import of an empty handler, and ${(overhead.invocation * 1000).toFixed(0)} µs to each warm invocation, with its metric written to a pipe.`,
    bars: [
      { what: 'module load of a handler with Powertools and three SDK clients, against NodejsFunction', bar: `≤ ${LOAD_BAR} ×`, got: times(got), met: got <= LOAD_BAR },
      { what: 'instrumentation: what it adds to the import of an empty handler', bar: '≤ 1 ms', got: `${overhead.load.toFixed(2)} ms`, met: overhead.load <= 1 },
      { what: 'instrumentation: what it adds to a warm invocation', bar: '≤ 0.1 ms', got: `${overhead.invocation.toFixed(3)} ms`, met: overhead.invocation <= 0.1 },
    ],
  };
}

/** What the instrumentation adds, in milliseconds: medians of differences in one process each. */
async function overheadOf(variants, node, rounds) {
  const files = ['an empty handler', 'an empty handler, instrumented'].map(name => path.join(variants[name].folder, 'index.js'));
  const { overhead } = await interleaved({ overhead: async () => (await run('apps/overhead.mjs', files, { node })).told }, rounds);
  return { load: median(overhead.map(({ load: ms }) => ms)), invocation: median(overhead.map(({ invocation }) => invocation)) };
}

/** The same handler by each bundler, read from the assemblies that they synthesise. */
async function bundles() {
  const folder = productionHandler();
  const made = {};
  const make = async (name, kind, sdk, file) => {
    const outdir = emptyFolder(`out/load-${kind}-${sdk}`);
    await run('apps/bundling.cjs', [{ kind, folder, sdk, outdir }]);
    const asset = fs.readdirSync(outdir).filter(one => one.startsWith('asset.')).map(one => path.join(outdir, one)).sort((a, b) => sizeOf(b) - sizeOf(a));
    made[name] = { folder: asset[0], handler: `${file}.handler` };
    if (kind === 'ours' && sdk) made['an empty handler'] = { folder: asset[1], handler: 'index.handler' };
    if (kind === 'instrumented') made['an empty handler, instrumented'] = { folder: asset[1], handler: 'index.handler' };
  };
  await make('NodejsBundle', 'ours', true, 'index');
  await make('NodejsBundle, instrumented', 'instrumented', true, 'index');
  await make('NodejsFunction, SDK bundled', 'nodejsFunction', true, 'index');
  await make('NodejsFunction, SDK from node_modules', 'nodejsFunction', false, 'index');
  await make('cdk-esbuild, SDK bundled', 'cdkEsbuild', true, 'pay');
  return made;
}

function runtimeApi() {
  const file = path.join(WORK, 'runtime-api.cjs');
  esbuild.buildSync({ entryPoints: [path.join(RUNTIME, 'runtime-api.ts')], outfile: file, bundle: true, platform: 'node', format: 'cjs',
    external: ['aws-lambda-ric'], define: { __dirname: JSON.stringify(path.join(path.dirname(HERE), 'testing', 'src', 'functions')) } });
  return require(file);
}

const sizeOf = folder => fs.readdirSync(folder).filter(file => /\.m?js$/.test(file)).reduce((sum, file) => sum + fs.statSync(path.join(folder, file)).size, 0);
const version = name => JSON.parse(fs.readFileSync(path.join(HERE, 'node_modules', name, 'package.json'), 'utf8')).version;
const versionOf = async node => (await run('apps/version.mjs', [], { node })).told.version;
