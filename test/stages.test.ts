import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { buildEveryConstruct, missingIn } from './support/every-construct';
import { documentedExamples, runExampleInStages } from './support/examples';

/** The usual shape of an app: a stage for each account, here in different Regions too. */
const ENVIRONMENTS = [
  { account: '111122223333', region: 'us-east-1' },
  { account: '444455556666', region: 'eu-west-1' },
];

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'stages-'));
  // examples print their defaults, and CDK prints reports
  for (const method of ['log', 'error'] as const) jest.spyOn(console, method).mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(outdir, { recursive: true, force: true });
});

test('every construct in two stages with two environments', () => {
  const app = new App({ outdir });
  const stacks = ENVIRONMENTS.map((env, index) => {
    const stack = new Stack(new Stage(app, `Stage${index}`, { env }), 'Stack');
    buildEveryConstruct(stack);
    return stack;
  });
  expect(stacks.map(missingIn)).toEqual([[], []]);
  const assembly = app.synth();
  expect(assembly.nestedAssemblies.map(({ nestedAssembly }) => nestedAssembly.stacks.map(({ environment }) => environment.region)))
    .toEqual(ENVIRONMENTS.map(({ region }) => [region]));
});

test.each(documentedExamples().map(example => [example.name, example] as const))('%s in two stages with two environments', (_, example) => {
  const app = runExampleInStages(example, ENVIRONMENTS, { outdir, analyticsReporting: false, context: { 'aws:cdk:bundling-stacks': [] } });
  expect(app.synth().nestedAssemblies.length).toBeGreaterThanOrEqual(ENVIRONMENTS.length);
});
