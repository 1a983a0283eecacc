import { interleaved, median, milliseconds, run, table, times } from '../measure.mjs';

const ROUNDS = { 1: 11, 10: 11, 100: 21, 300: 5 };

/** Synth of N ProductionFunctions against the same resources by plain L2s. */
export async function synth({ quick }) {
  const rows = [];
  let bar;
  for (const count of quick ? [1, 10, 100] : [1, 10, 100, 300]) {
    const told = {};
    const one = kind => async () => {
      const got = (await run('apps/functions.cjs', [{ kind, count }])).told;
      told[kind] = got;
      return got.whole;
    };
    const samples = await interleaved({ ours: one('ours'), plain: one('plain') }, quick ? 3 : ROUNDS[count]);
    if (told.ours.resources !== told.plain.resources) {
      throw new Error(`not the same resources: ${JSON.stringify(sorted(told.ours.types))} and ${JSON.stringify(sorted(told.plain.types))}, ${told.ours.bytes} and ${told.plain.bytes} bytes`);
    }
    const ratio = median(samples.ours.map((ms, round) => ms / samples.plain[round]));
    rows.push([count, milliseconds(median(samples.ours)), milliseconds(median(samples.plain)), times(ratio), ...[samples.ours, samples.plain].map(each => `${(median(each) / count).toFixed(1)} ms`)]);
    if (count === 100) bar = { what: 'synth of 100 ProductionFunctions, against the same resources by plain L2s', bar: '≤ 1 ×', got: times(ratio), met: ratio <= 1 };
  }
  return {
    title: 'Synth',
    text: 'Constructing and synthesising in one process that has synthesised one function before, so that the modules are loaded, and without CDK\'s template validation, which costs both the same. '
      + 'The resources of both are equal, property by property, except for their logical ids. The ratio is the median of the ratios of each round.\n\n'
      + table(['functions', 'ProductionFunction', 'plain L2s', 'ratio', 'ours, each', 'L2s, each'], rows),
    bars: [bar],
  };
}

const sorted = types => Object.fromEntries(Object.entries(types).sort());
