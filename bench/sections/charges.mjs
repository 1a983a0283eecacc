import { spawn } from 'node:child_process';
import path from 'node:path';
import { HERE } from '../measure.mjs';

/** Payments of the sample under injected faults: npm run prove, with fewer deliveries. */
export async function charges({ quick }) {
  const out = await prove(quick ? 300 : 2_000);
  const number = label => Number(out.match(new RegExp(`^${label}.*?([\\d,]+)$`, 'm'))?.[1].replaceAll(',', ''));
  const doubled = number('double charges');
  return {
    title: 'Charges',
    text: 'The sample under duplicates, crashes and redelivery (npm run prove).\n\n```\n' + out.slice(out.indexOf('\ndeliveries')).trim() + '\n```',
    bars: [{ what: `double charges in the sample, ${number('deliveries').toLocaleString('en')} deliveries with ${number('faults').toLocaleString('en')} faults`, bar: '0', got: String(doubled), met: doubled === 0 }],
  };
}

/** Its output, also if it found a fault. */
function prove(deliveries) {
  return new Promise((resolve, reject) => {
    const root = path.dirname(HERE);
    const args = ['-r', 'ts-node/register/transpile-only', 'sample/proof/main.ts', '--deliveries', String(deliveries), '--seed', '7'];
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, TS_NODE_PROJECT: 'tsconfig.dev.json' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, errors] = ['', ''];
    child.stdout.on('data', chunk => { out += chunk; });
    child.stderr.on('data', chunk => { errors += chunk; });
    child.on('error', reject);
    child.on('close', code => {
      if (!/^double charges/m.test(out)) return reject(new Error(`npm run prove ended with ${code}:\n${errors}${out}`));
      resolve(out);
    });
  });
}
