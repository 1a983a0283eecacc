import path from 'node:path';
import { bytesOf } from '../install.mjs';
import { HERE, interleaved, median, milliseconds, run, table } from '../measure.mjs';

const kibibytes = bytes => `${Math.round(bytes / 1024)} KiB`;

/** Resources and template bytes per function, findings, and the size of the package. */
export async function weight({ quick, library }) {
  const names = { ours: 'ProductionFunction', same: 'the same by plain L2s', function: 'a plain L2 function alone', solutions: 'Solutions Constructs ApiGatewayToLambda' };
  const rows = [];
  let ours;
  for (const [kind, name] of Object.entries(names)) {
    const { told } = await run('apps/weight.cjs', [{ kind, count: 1 }], { env: { CDK_VALIDATION: 'true' } });
    const ten = (await run('apps/weight.cjs', [{ kind, count: 10 }])).told;
    const each = { resources: (ten.resources - told.resources) / 9, bytes: Math.round((ten.bytes - told.bytes) / 9) };
    if (kind === 'ours') ours = { ...each, findings: told.findings };
    rows.push([name, each.resources, told.resources - each.resources, each.bytes.toLocaleString('en'), told.findings]);
  }

  const packages = ['cdk-production-lambda', 'cdk-nag', '@mrgrain/cdk-esbuild', '@aws-solutions-constructs/aws-apigateway-lambda'];
  const load = (name, ...used) => async () => (await run('apps/import.cjs', [name, ...used])).told.load;
  const samples = await interleaved({
    ...Object.fromEntries(packages.map(name => [name, load(name)])),
    used: load('cdk-production-lambda', 'ProductionFunction'),
  }, quick ? 5 : 15);
  const loaded = packages.map(name => [name, milliseconds(median(samples[name])), kibibytes(bytesOf(path.join(HERE, 'node_modules', name)))]);
  loaded.splice(1, 0, ['the same, with the class ProductionFunction', milliseconds(median(samples.used)), '']);
  return {
    title: 'Weight',
    text: 'What each further function adds to its stack, what the first function adds in addition, and the findings of cdk-nag (AwsSolutions and Serverless) and '
      + 'the CDK\'s own validation in a stack with one function, except acknowledged findings.\n\n'
      + table(['by', 'resources each', 'shared', 'bytes each', 'findings'], rows)
      + '\n\nLoading a package after aws-cdk-lib and aws-lambda, and its size on disk'
      + ` (ours: ${library.entryCount} files, ${kibibytes(library.size)} packed).\n\n`
      + table(['package', 'load', 'installed'], loaded),
    bars: [
      { what: 'resources per function with a canary release, correct alarms and async configuration', bar: '≤ 9', got: String(ours.resources), met: ours.resources <= 9 },
      { what: 'findings of cdk-nag\'s two packs and CDK\'s own validation in a stack with one ProductionFunction', bar: '0', got: String(ours.findings), met: ours.findings === 0 },
    ],
  };
}
