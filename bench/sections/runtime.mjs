import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import esbuild from 'esbuild';
import { emptyFolder, HERE, interleaved, median, milliseconds, run, table } from '../measure.mjs';
import { node24 } from './load.mjs';

const ROOT = path.dirname(HERE);
const NAME = 'cdk-production-lambda-runtime';
const POWERTOOLS = `import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
export const [logger, metrics, tracer] = [new Logger(), new Metrics(), new Tracer()];
export const handler = async () => 'done';`;

/** The same handler with Powertools alone, and with the runtime package, as bundles and from node_modules. */
const HANDLERS = {
  'Powertools logger, metrics and tracer': POWERTOOLS,
  'observed': `import { observed } from '${NAME}';\nexport const handler = observed(async () => 'done');`,
  'observed and idempotent': `import { observed } from '${NAME}';\nimport { idempotent } from '${NAME}/idempotency';
const work = idempotent('work', async () => 'done', { key: 'id' });\nexport const handler = observed(work);`,
  'observed and data API': `import { observed } from '${NAME}';\nimport { dataApi } from '${NAME}/data-api';
const database = dataApi();\nexport const handler = observed(async () => database.query('SELECT 1'));`,
};
const VARIABLES = {
  AWS_REGION: 'eu-central-1', POWERTOOLS_METRICS_NAMESPACE: 'Bench', POWERTOOLS_TRACE_ENABLED: 'false', IDEMPOTENCY_TABLE: 'T', IDEMPOTENCY_KEY_PREFIX: 'P',
  IDEMPOTENCY_EXPIRES_AFTER_SECONDS: '3600', DATABASE_CLUSTER_ARN: 'c', DATABASE_SECRET_ARN: 's', DATABASE_NAME: 'd',
};

/** What the runtime package adds to the import of Powertools, on the Node.js that Lambda runs. */
export async function runtime({ quick }) {
  const folder = emptyFolder('runtime');
  const installed = path.join(folder, 'node_modules', NAME);
  fs.mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
  execFileSync(process.execPath, [path.join(ROOT, 'scripts', 'runtime-package.mjs'), installed]);
  for (const name of fs.readdirSync(path.join(ROOT, 'node_modules'))) {
    if (!name.startsWith('.')) fs.symlinkSync(path.join(ROOT, 'node_modules', name), path.join(folder, 'node_modules', name));
  }
  const node = node24();
  const rows = [];
  const contenders = {};
  for (const [name, contents] of Object.entries(HANDLERS)) {
    const outfile = path.join(folder, `${name.replaceAll(/\W+/g, '-')}.js`);
    esbuild.buildSync({
      stdin: { contents, resolveDir: folder, loader: 'js' }, outfile, bundle: true, platform: 'node', target: 'node24', format: 'cjs',
      mainFields: ['module', 'main'], minifyWhitespace: true, keepNames: true, logLevel: 'error',
    });
    const loose = outfile.replace(/\.js$/, '.cjs');
    esbuild.buildSync({ stdin: { contents, resolveDir: folder, loader: 'js' }, outfile: loose, format: 'cjs', logLevel: 'error' });
    contenders[`${name}/bundled`] = async () => (await run('apps/load.mjs', [outfile], { node, env: VARIABLES })).told.load;
    contenders[`${name}/installed`] = async () => (await run('apps/load.mjs', [loose], { node, env: VARIABLES })).told.load;
    rows.push({ name, bytes: fs.statSync(outfile).size });
  }
  const samples = await interleaved(contenders, quick ? 7 : 25);
  const [base] = Object.keys(HANDLERS);
  const over = (name, kind) => median(samples[`${name}/${kind}`].map((ms, round) => ms - samples[`${base}/${kind}`][round]));
  const cells = rows.map(({ name, bytes }) => [
    name, `${Math.round(bytes / 1024)}`, ...['bundled', 'installed'].flatMap(kind => [milliseconds(median(samples[`${name}/${kind}`])), name === base ? '' : milliseconds(over(name, kind))]),
  ]);
  const worst = Math.max(over('observed', 'bundled'), over('observed', 'installed'));
  return {
    title: 'The runtime package',
    text: `The import of a handler on Node.js ${(await run('apps/version.mjs', [], { node })).told.version}, as a bundle (white space removed) and from node_modules. The difference is the median of the differences of each round. `
      + 'The handlers with a client of the AWS SDK load that client, too.\n\n'
      + table(['handler', 'KiB', 'bundled', 'difference', 'installed', 'difference'], cells),
    bars: [{ what: 'import of the runtime package, beside Powertools logger, metrics and tracer', bar: '≤ + 10 ms', got: `+ ${milliseconds(worst)}`, met: worst <= 10 }],
  };
}
