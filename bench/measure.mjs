import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** The folder of the bench: the apps run in it, and it contains their handlers and lock file. */
export const HERE = import.meta.dirname;
/** The output of a run. */
export const WORK = path.join(HERE, '.work');

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs each contender in turn, `rounds` times over, so that a slow machine affects all of them equally; medians by name. */
export async function interleaved(contenders, rounds) {
  const samples = Object.fromEntries(Object.keys(contenders).map(name => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const names = Object.keys(contenders);
    if (round % 2) names.reverse(); // no contender always runs after the same one
    for (const name of names) samples[name].push(await contenders[name](round));
  }
  return samples;
}

export const medians = samples => Object.fromEntries(Object.entries(samples).map(([name, numbers]) => [name, median(numbers)]));

/** A Node.js process in the bench's folder: its duration, and the JSON of its last line. */
export function run(script, args = [], { node = process.execPath, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(node, [path.join(HERE, script), ...args.map(arg => typeof arg === 'string' ? arg : JSON.stringify(arg))], {
      cwd: HERE,
      env: { ...process.env, CDK_VALIDATION: 'false', CDK_DISABLE_CLI_TELEMETRY: 'true', NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let errors = '';
    child.stdout.on('data', chunk => { out += chunk; });
    child.stderr.on('data', chunk => { errors += chunk; });
    child.on('error', reject);
    child.on('close', code => {
      if (code !== 0) return reject(new Error(`${script} ${args.join(' ')} ended with ${code}:\n${`${errors}${out}`.slice(-3_000)}`));
      resolve({ ms: performance.now() - started, told: JSON.parse(out.trim().split('\n').at(-1)) });
    });
  });
}

/** An empty folder. */
export function emptyFolder(name) {
  const folder = path.join(WORK, name);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

export const seconds = ms => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
export const milliseconds = ms => `${ms.toFixed(0)} ms`;
export const times = ratio => `${ratio.toFixed(ratio < 10 ? 2 : 0)} ×`;

export function table(head, rows) {
  return [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(row => `| ${row.join(' | ')} |`)].join('\n');
}
