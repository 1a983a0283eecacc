import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { STACK, synthesised } from './app';
import { Cloud } from './cloud';
import { Invocations } from './invocations';
import { type LocalPython, localPython } from './python';
import { Webhooks } from './webhooks';
import { nodeOfRuntime } from '../../testing/src';

/** `npm run sample:local`: the app on this machine until Ctrl-C, synthesised now, or before (`--app cdk.out`). */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { app: { type: 'string' }, port: { type: 'string', default: '0' }, quiet: { type: 'boolean', default: false } } });
  const outdir = mkdtempSync(join(tmpdir(), 'payments-app-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const stopped = new Promise(resolve => { for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve); });

  if (!values.app) console.log('synthesising the app …');
  const { path: node, remark } = await nodeOfRuntime();
  const webhooks = new Webhooks();
  const remarks: string[] = [];
  const { assembly, python } = values.app ? { assembly: new CloudAssembly(values.app), python: undefined } : await synthesisedHere(outdir, remarks);
  const cloud = await Cloud.start({
    assembly,
    stackName: STACK,
    node,
    python,
    port: Number(values.port),
    maxEnvironments: 4,
    provider: { charged: charge => webhooks.send(cloud, charge), chargeMillis: () => 50 },
    onEvent: ({ detailType, detail }) => console.log(`event      ${detailType} ${detail.payment?.id ?? ''}`),
    log: values.quiet ? undefined : (source, line) => console.log(`${source.slice(0, 10).padEnd(10)} ${line}`),
  });
  const invocations = python && await Invocations.start(cloud);
  cloud.remarks.push(...remarks);
  try {
    console.log(welcome(cloud, remark, invocations?.urlOf('Reports')).join('\n'));
    await stopped;
  } finally {
    webhooks.stop();
    invocations?.stop();
    await cloud.stop();
    console.log('\nstopped; nothing is left behind');
  }
}

/** The app with the reports if this machine can run Python, otherwise without them. */
async function synthesisedHere(outdir: string, remarks: string[]): Promise<{ assembly: CloudAssembly; python?: LocalPython }> {
  const python = await localPython().catch((error: Error) => {
    remarks.push(`the reports, in Python, do not run here: ${error.message.split('\n')[0]}`);
    return undefined;
  });
  return { assembly: synthesised(outdir, {}, python?.platform), python };
}

function welcome(cloud: Cloud, node: string, reports: string | undefined): string[] {
  const { host, port, database } = cloud.ledger;
  return [
    '',
    `${cloud.functions.size} functions under ${node}, behind ${cloud.url}`,
    ...cloud.routes.map(({ method, path, functionId, token }) => `  ${method.padEnd(5)} ${path.padEnd(22)} ${functionId}${token ? '' : ' (no token)'}`),
    ...cloud.remarks.map(remark => `  note: ${remark}`),
    '',
    'Take a payment; the same key answers the same payment, however often it is sent:',
    '',
    `curl -i ${cloud.url}/payments -H 'authorization: Bearer ${cloud.demoToken('demo')}' -H 'content-type: application/json' -H 'idempotency-key: order-1' -d '{"amount":1250,"currency":"EUR","customer":"ada"}'`,
    '',
    ...reports ? [
      'The report on the payments of today (UTC), by the function in Python:',
      '',
      `curl ${reports} -d '{"day":"${new Date().toISOString().slice(0, 10)}"}'`,
      '',
    ] : [],
    `The ledger: psql -h ${host} -p ${port} -U postgres ${database} -c 'SELECT * FROM payments'`,
    'Ctrl-C ends it all.',
    '',
  ];
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
