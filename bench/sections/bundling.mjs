import fs from 'node:fs';
import path from 'node:path';
import { handlers } from '../fixtures.mjs';
import { emptyFolder, HERE, interleaved, median, run, seconds, table, times } from '../measure.mjs';

const CACHE = path.join(HERE, 'node_modules', '.cache', 'cdk-production-lambda');
const NAMES = { unbundled: 'nothing to bundle', ours: 'NodejsBundle', cdkEsbuild: 'cdk-esbuild', nodejsFunction: 'NodejsFunction' };

/** Bundling of N handlers, cold and with nothing changed, the SDK external and bundled. */
export async function bundling({ quick }) {
  const rows = [];
  const bars = [];
  for (const count of quick ? [1, 20] : [1, 20, 50, 221]) {
    for (const sdk of [false, true]) {
      const folder = handlers(count);
      const [cold, unchanged] = [{}, {}];
      const contenders = {};
      for (const kind of Object.keys(NAMES)) {
        if (kind === 'nodejsFunction' && count > 50 && sdk) continue; // four minutes more for what the other rows tell
        contenders[kind] = async () => {
          const outdir = emptyFolder(`out/${kind}`);
          if (kind === 'ours') fs.rmSync(CACHE, { recursive: true, force: true });
          const args = [{ kind, folder, sdk, outdir }];
          const first = await run('apps/bundling.cjs', args);
          if (first.told.functions !== count) throw new Error(`${kind} made ${first.told.functions} functions of ${count}`);
          (cold[kind] ??= []).push(first.ms);
          if (kind === 'ours') await new Promise(resolve => setTimeout(resolve, 50));
          // NodejsFunction bundles all of it again: seen once, and not again where it takes long
          if (kind !== 'nodejsFunction' || count === 1 || (count <= 20 && !quick && unchanged[kind] === undefined)) (unchanged[kind] ??= []).push((await run('apps/bundling.cjs', args)).ms);
          return first.told.bytes / count;
        };
      }
      const { nodejsFunction, ...others } = contenders;
      const rounds = quick ? 1 : count > 50 ? 1 : 3;
      const bytes = await interleaved(contenders, count >= 50 ? 1 : rounds);
      if (count >= 50) await interleaved(others, rounds); // NodejsFunction takes most of a minute: once is enough to see it
      const middle = samples => Object.fromEntries(Object.entries(samples).map(([kind, numbers]) => [kind, median(numbers)]));
      const [first, again] = [middle(cold), middle(unchanged)];
      for (const kind of Object.keys(contenders)) {
        const size = kind === 'unbundled' ? '' : `${Math.round(bytes[kind][0] / 1024)}`;
        rows.push([count, sdk ? 'bundled' : 'external', NAMES[kind], seconds(first[kind]), again[kind] ? seconds(again[kind]) : 'as cold',
          kind === 'ours' ? '' : times(first[kind] / first.ours), size]);
      }
      if (count === (quick ? 20 : 50)) bars.push(...barsOf(count, sdk, first, again));
    }
  }
  return {
    title: 'Bundling',
    text: 'A whole process: loading, constructing one function per handler, bundling and synthesising, each handler with three clients of the SDK. '
      + 'Cold: no cache and an empty cdk.out. Unchanged: the same again with the same cdk.out. Everyone at their defaults, but for the SDK.\n\n'
      + table(['handlers', 'SDK', 'by', 'cold', 'unchanged', 'cold, against NodejsBundle', 'KiB each'], rows),
    bars,
  };
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
    { what: `bundling ${where}, nothing changed, beside a synth that bundles nothing`, bar: '≤ + 0.2 s', got: `${more < 0 ? '-' : '+'} ${seconds(Math.abs(more))}`, met: more <= 200 },
  ];
}
