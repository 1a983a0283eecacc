import { interleaved, median, milliseconds, run, table, times } from '../measure.mjs';

/** Checks of an app with 100 functions, against cdk-nag's two packs for it. */
export async function checks({ quick }) {
  if (!(await run('apps/checks.cjs', [{ plugins: 'present' }])).told.present) {
    return { title: 'Checks', text: 'This build of the library has no ProductionChecks: not measured.', bars: [] };
  }
  const one = (plugins, what) => async () => (await run('apps/checks.cjs', [{ plugins, count: 100 }])).told[what];
  const samples = await interleaved({ none: one('none', 'synth'), ours: one('ours', 'checking'), nag: one('nag', 'checking') }, quick ? 3 : 9);
  const [synth, ours, nag] = [median(samples.none), median(samples.ours), median(samples.nag)];
  const [share, faster] = [ours / synth, nag / ours];
  return {
    title: 'Checks',
    text: 'An app of 100 ProductionFunctions in two stacks; the time inside the plugins alone, against the synth without any.\n\n' + table(['', 'time', 'of the synth'], [
      ['construct and synth, without checks', milliseconds(synth), ''],
      ['ProductionChecks', milliseconds(ours), `${(100 * share).toFixed(1)} %`],
      ['cdk-nag, AwsSolutions and Serverless', milliseconds(nag), `${(100 * nag / synth).toFixed(1)} %`],
    ]),
    bars: [
      { what: 'all checks on a 100-function app, of its synth', bar: '≤ 3 %', got: `${(100 * share).toFixed(1)} %`, met: share <= 0.03 },
      { what: 'the same, against cdk-nag\'s two packs', bar: '≥ 12 × faster', got: times(faster), met: faster >= 12 },
    ],
  };
}
