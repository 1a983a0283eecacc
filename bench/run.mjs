// Measures this library side by side with its peers and writes RESULTS.md: npm run bench [-- --quick] [-- --only=bundling]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { installLibrary, installPeers } from './install.mjs';
import { HERE, run, table } from './measure.mjs';

const { values: { quick, only } } = parseArgs({ options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } } });
const SECTIONS = ['synth', 'bundling', 'python', 'load', 'runtime', 'weight', 'routes', 'checks', 'charges', 'release'];
const chosen = SECTIONS.filter(name => only === undefined || only.split(',').includes(name));
if (chosen.length === 0) throw new Error(`--only must name some of ${SECTIONS.join(', ')}, got ${only}`);

installPeers();
const library = installLibrary();

const loadBefore = os.loadavg()[0];
const started = new Date();
const sections = [];
for (const name of chosen) {
  const began = performance.now();
  const section = (await import(`./sections/${name}.mjs`))[name];
  sections.push(await section({ quick, library }));
  console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

const bars = sections.flatMap(section => section.bars);
const options = [...quick ? ['--quick'] : [], ...only === undefined ? [] : [`--only=${only}`]];
const command = ['npm run bench', ...options.length > 0 ? ['--', ...options] : []].join(' ');
const report = `# Benchmarks

Written by \`${command}\`; do not edit. ${started.toISOString().slice(0, 10)}, ${await machine()}.
${quick ? '\nA quick run: fewer rounds and smaller apps than the bars require.\n' : ''}
Contenders take turns, so that a slow machine affects all of them; times are medians.

${bars.length > 0 ? table(['bar', 'at', 'measured', ''], bars.map(({ what, bar, got, met }) => [what, bar, got, met ? 'met' : '**missed**'])) : 'No bar is among what was measured.'}

${sections.map(({ title, text }) => `## ${title}\n\n${text}\n`).join('\n')}`;

// Only a complete run replaces the results.
if (quick || only !== undefined) console.log(`\n${report}`);
else fs.writeFileSync(path.join(HERE, 'RESULTS.md'), report);

async function machine() {
  const [cpu] = os.cpus();
  const packages = ['aws-cdk-lib', 'esbuild', 'cdk-nag', '@mrgrain/cdk-esbuild', '@aws-solutions-constructs/aws-apigateway-lambda', 'aws-lambda-ric'];
  const versions = packages.map(name => `${name} ${JSON.parse(fs.readFileSync(path.join(HERE, 'node_modules', name, 'package.json'), 'utf8')).version}`);
  const { told: { version } } = await run('apps/version.mjs');
  return `${os.cpus().length} × ${cpu.model.trim()}, ${Math.round(os.totalmem() / 1024 ** 3)} GiB, ${os.type()} ${os.arch()}, `
    + `load ${loadBefore.toFixed(1)} before and ${os.loadavg()[0].toFixed(1)} after, Node.js ${version} for tools; ${versions.join(', ')}`;
}
