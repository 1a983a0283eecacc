import fs from 'node:fs';
import path from 'node:path';
import { handlers } from '../fixtures.mjs';
import { emptyFolder, HERE, interleaved, median, run, seconds, table, times } from '../measure.mjs';

const CACHE = path.join(HERE, 'node_modules', '.cache', 'cdk-production-lambda');
const NAMES = { unbundled: 'nothing to bundle', ours: 'NodejsBundle', cdkEsbuild: 'cdk-esbuild', nodejsFunction: 'NodejsFunction' };

/** How often each contender runs. NodejsFunction needs most of a second for each handler, so it runs once for many handlers. */
const ROUNDS = {
  1: { others: 5, nodejsFunction: 3 },
  20: { others: 3, nodejsFunction: 1 },
  50: { others: 9, othersBundled: 3, nodejsFunction: 1 },
  221: { others: 3, othersBundled: 1, nodejsFunction: 1, onceOnly: true },
};
/** An unchanged synthesis takes a fraction of a cold one, so the contenders that a bar compares run several for each cold one. */
const UNCHANGED = { unbundled: 3, ours: 3 };
const QUICK = { others: 1, nodejsFunction: 1, onceOnly: true };

/** Bundling of N handlers, cold and with nothing changed, the SDK external and bundled. */
export async function bundling({ quick }) {
  const rows = [];
  const bars = [];
  for (const count of quick ? [1, 20] : [1, 20, 50, 221]) {
    for (const sdk of [false, true]) {
      const { nodejsFunction, onceOnly = false, ...rounds } = quick ? QUICK : ROUNDS[count];
      const others = sdk ? rounds.othersBundled ?? rounds.others : rounds.others;
      const samples = {};
      const contender = kind => () => measure({ kind, count, sdk, again: kind !== 'nodejsFunction' || !onceOnly }, samples[kind] ??= { cold: [], unchanged: [] });
      const contenders = Object.fromEntries(Object.keys(NAMES).map(kind => [kind, contender(kind)]));
      const { nodejsFunction: slow, ...fast } = contenders;
      await interleaved({ ...fast, nodejsFunction: slow }, nodejsFunction);
      await interleaved(fast, others - nodejsFunction);
      const [cold, unchanged] = ['cold', 'unchanged'].map(what => Object.fromEntries(
        Object.entries(samples).filter(([, sample]) => sample[what].length > 0).map(([kind, sample]) => [kind, median(sample[what])])));
      for (const kind of Object.keys(NAMES)) {
        rows.push([count, sdk ? 'bundled' : 'external', NAMES[kind], seconds(cold[kind]), unchanged[kind] === undefined ? 'not run' : seconds(unchanged[kind]),
          kind === 'ours' ? '' : times(cold[kind] / cold.ours), kind === 'ours' || unchanged[kind] === undefined ? '' : times(unchanged[kind] / unchanged.ours),
          samples[kind].cold.length, kind === 'unbundled' ? '' : `${Math.round(samples[kind].bytes / 1024)}`]);
      }
      if (count === (quick ? 20 : 50)) bars.push(...barsOf(count, sdk, cold, unchanged));
    }
  }
  return {
    title: 'Bundling',
    text: 'A whole process: loading, constructing one function per handler, bundling and synthesising, each handler with three clients of the SDK. '
      + 'Cold: no cache and an empty cdk.out. Unchanged: the same again with the same cdk.out. Everyone at their defaults, but for the SDK.\n\n'
      + table(['handlers', 'SDK', 'by', 'cold', 'unchanged', 'cold, against NodejsBundle', 'unchanged, against it', 'cold runs', 'KiB each'], rows),
    bars,
  };
}

/** A synthesis with an empty cache, and `again` some with the cache of the first. */
async function measure({ kind, count, sdk, again }, sample) {
  const folder = handlers(count);
  const outdir = emptyFolder(`out/${kind}`);
  if (kind === 'ours') fs.rmSync(CACHE, { recursive: true, force: true });
  const args = [{ kind, folder, sdk, outdir }];
  const { ms, told } = await run('apps/bundling.cjs', args);
  if (told.functions !== count || told.assets !== count) throw new Error(`${kind} made ${told.assets} assets of ${count} handlers`);
  sample.cold.push(ms);
  sample.bytes = told.bytes / count;
  if (!again) return;
  await new Promise(resolve => setTimeout(resolve, 50)); // file times are coarse
  for (let i = 0; i < (UNCHANGED[kind] ?? 1); i++) sample.unchanged.push((await run('apps/bundling.cjs', args)).ms);
}

function barsOf(count, sdk, cold, unchanged) {
  const where = `${count} handlers, SDK ${sdk ? 'bundled' : 'external'}`;
  const [least, most] = [sdk ? 6 : 25, 0.6];
  const faster = cold.nodejsFunction / cold.ours;
  const whole = cold.ours / cold.cdkEsbuild;
  const alone = (cold.ours - cold.unbundled) / (cold.cdkEsbuild - cold.unbundled);
  const floor = cold.unbundled / cold.cdkEsbuild;
  const more = unchanged.ours - unchanged.unbundled;
  return [
    { what: `bundling ${where}, cold, whole synth, against NodejsFunction`, bar: `≥ ${least} × faster`, got: times(faster), met: faster >= least },
    {
      what: `bundling ${where}, cold, whole synth, against cdk-esbuild (a synth that bundles nothing is at ${times(floor)})`,
      bar: `≤ ${most} ×`, got: times(whole), met: whole <= most,
    },
    { what: `bundling ${where}, cold, what it adds to a synth that bundles nothing, against cdk-esbuild`, bar: `≤ ${most} ×`, got: times(alone), met: alone <= most },
    { what: `bundling ${where}, nothing changed, beside a synth that bundles nothing`, bar: '≤ 0 s', got: `${more < 0 ? '-' : '+'} ${seconds(Math.abs(more))}`, met: Number((more / 1000).toFixed(2)) <= 0 },
  ];
}
