// Runs an app as the CDK command line does, and normalises its template for comparison.
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, run } from './machine.mjs';

const flags = JSON.parse(fs.readFileSync(path.join(ROOT, 'node_modules', 'aws-cdk-lib', 'recommended-feature-flags.json'), 'utf8'));
/** The context that the command line adds to every app. */
export const COMMAND_LINE = { 'aws:cdk:version-reporting': true, 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };

const ALL_FLAGS = { ...flags, ...COMMAND_LINE };

/** The template of the app. */
export async function template({ cwd, synth }, context = ALL_FLAGS) {
  const out = await assembly(cwd, synth, context);
  mustHaveAcknowledged(JSON.parse(fs.readFileSync(path.join(out, 'validation-report.json'), 'utf8')));
  return comparable(fs.readFileSync(path.join(out, 'Orders.template.json'), 'utf8'));
}

/** The commands of a package run where it is installed: on the app, the checks report the findings of the synthesis. */
export async function commands({ cwd, synth, command }) {
  const out = await assembly(cwd, synth, ALL_FLAGS);
  const [check, prune] = ['cdk-production-lambda', 'prune-versions'].map(command);
  const told = await run(check[0], [...check.slice(1), 'check', out], { cwd });
  if (!told.includes('LP-F09') || told.includes('LP-F23')) throw new Error(`the command must report LP-F09 and not LP-F23, got:\n${told}`);
  mustReport(JSON.parse(await run(check[0], [...check.slice(1), 'report', '--format', 'json', out], { cwd, warnings: false })));
  await run(prune[0], [...prune.slice(1), '--help'], { cwd });
}

/** The report of the app has its functions, and each of them is called through an alias. */
function mustReport({ functions, map }) {
  const names = functions.map(({ name }) => name).sort().join();
  if (names !== 'Report,Take,Work') throw new Error(`the report must have the functions Report,Take,Work, got ${names}`);
  const past = map.edges.filter(({ bypassesAlias }) => bypassesAlias).length;
  if (past > 0) throw new Error(`the report must have no call past an alias, got ${past}`);
}

/** The template of the README's first example. */
export async function readmeTemplate({ cwd, readme }) {
  return comparable(fs.readFileSync(path.join(await assembly(cwd, readme, ALL_FLAGS), 'Payments.template.json'), 'utf8'));
}

/** The assembly that an app writes for `cdk synth`. */
async function assembly(cwd, [command, ...args], context) {
  const out = fs.mkdtempSync(path.join(cwd, 'cdk.out-'));
  await run(command, args, { cwd, env: { CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(context) } });
  return out;
}

/** The message that a user reads when a prop is rejected: the line, and the text around it. */
export async function rejection({ cwd, refused: [command, ...args] }) {
  const text = await run(command, args, { cwd, env: { CDK_OUTDIR: path.join(cwd, 'refused.out') }, fails: true });
  const expected = "'maxConcurrency' must be between 2 and 1000, got 1; reserve concurrency on the function to get less than 2 (at Orders/Queue)";
  const line = text.split('\n').find(l => l.includes(expected));
  if (line === undefined) throw new Error(`the error must contain ${expected}, got:\n${text.slice(-3000)}`);
  return line.trim();
}

/**
 * The metadata resource contains the loaded libraries and the language, compressed. Only that line
 * differs by language.
 */
function comparable(text) {
  const analytics = /^ {4}"Analytics": "v2:deflate64:[^"]+"$/gm;
  if (text.match(analytics)?.length !== 1) throw new Error('the template must hold one Analytics line');
  return text.replace(analytics, '    "Analytics": "…"');
}

/** The acknowledgement and the exemption of the app were used, and nothing else was silenced. */
function mustHaveAcknowledged({ pluginReports }) {
  const ours = pluginReports.find(report => report.summary?.pluginName === 'ProductionChecks' || report.pluginName === 'ProductionChecks');
  if (ours === undefined) throw new Error(`the report must name ProductionChecks, got ${JSON.stringify(pluginReports).slice(0, 500)}`);
  const rules = ours.violations.filter(v => !v.suppressed).map(v => v.ruleName);
  for (const silenced of ['LP-F23', 'LP-H09', 'LP-F01']) {
    if (rules.includes(silenced)) throw new Error(`${silenced} was acknowledged, exempted or switched off and is still reported`);
  }
  if (!rules.includes('LP-F09')) throw new Error(`LP-F09 must be reported, for the app leaves it open; got ${rules.join(', ') || 'nothing'}`);
}
