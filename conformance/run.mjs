// One app in every language whose toolchain is installed: each must synthesise the same template as TypeScript.
// node conformance/run.mjs [typescript] [newest] [python] [java] [go] [dotnet]; all of them when none is named.
import { COMMAND_LINE, commands, readmeTemplate, rejection, template } from './app.mjs';
import * as dotnet from './languages/dotnet.mjs';
import * as go from './languages/go.mjs';
import * as java from './languages/java.mjs';
import * as python from './languages/python.mjs';
import * as typescript from './languages/typescript.mjs';
import { published } from './machine.mjs';
import * as examples from './translated/examples.mjs';
import { types } from './translated/types.mjs';

const LANGUAGES = { python, java, go };
const KNOWN = ['typescript', 'newest', 'python', 'java', 'go', 'dotnet'];
const asked = process.argv.slice(2);
const unknown = asked.filter(name => !KNOWN.includes(name));
if (unknown.length > 0) throw new Error(`languages must be some of ${KNOWN.join(', ')}, got ${unknown.join(', ')}`);
const chosen = name => asked.length === 0 || asked.includes(name);

const told = [];
async function step(title, work) {
  const began = performance.now();
  const outcome = await work().then(text => ({ text, kind: text.startsWith('skipped') ? 'skipped' : 'passed' }), error => ({ text: error.message, kind: 'failed' }));
  told.push(outcome.kind);
  console.log(`${title} (${((performance.now() - began) / 1000).toFixed(0)} s): ${outcome.kind === 'failed' ? 'FAILED: ' : ''}${outcome.text}`);
}

const expected = new Map();
/** What the apps in TypeScript synthesise with one version of aws-cdk-lib. */
function ofTypeScript(cdk) {
  if (!expected.has(cdk)) expected.set(cdk, typescript.app(cdk).then(async app => ({ template: await template(app), readme: await readmeTemplate(app) })));
  return expected.get(cdk);
}

const apps = new Map();
function appOf(language) {
  if (!apps.has(language)) apps.set(language, language.app());
  return apps.get(language);
}

/** A check that uses what the app of a language has installed. */
async function withApp(language, check) {
  const reason = await language.missing();
  return reason === undefined ? check(await appOf(language)) : `skipped: ${reason}`;
}

async function sameAsTypeScript(language) {
  const reason = await language.missing();
  if (reason !== undefined) return `skipped: ${reason}`;
  const app = await appOf(language);
  const wanted = await ofTypeScript(app.cdk);
  const lines = mustBeSame('the template', await template(app), wanted.template);
  mustBeSame("the README's example", await readmeTemplate(app), wanted.readme);
  if (app.command !== undefined) await commands(app);
  const line = await rejection(app);
  return `the same ${lines} lines as TypeScript with aws-cdk-lib ${app.cdk}${app.note === undefined ? '' : ` (${app.note})`}; a rejected prop reads "${line}"`;
}

function mustBeSame(what, got, wanted) {
  const [is, must] = [got, wanted].map(text => text.split('\n'));
  const at = must.findIndex((line, i) => line !== is[i]);
  if (at === -1 && is.length === must.length) return is.length;
  const around = lines => lines.slice(Math.max(0, at - 2), at + 6).join('\n');
  throw new Error(`${what} must be the one of TypeScript, line ${at + 1} is\n${around(is)}\nand must be\n${around(must)}`);
}

const STEPS = {
  typescript: ['TypeScript', async () => {
    const app = await typescript.app();
    const [all, none] = [await template(app), await template(app, COMMAND_LINE)].map(text => text.split('\n').length);
    await commands(app);
    return `${all} lines with all recommended flags, ${none} with none, aws-cdk-lib ${app.cdk}; a rejected prop reads "${await rejection(app)}"`;
  }],
  newest: ['TypeScript with the newest aws-cdk-lib', async () => {
    const app = await typescript.app((await published('aws-cdk-lib@2')).at(-1));
    return `${(await template(app)).split('\n').length} lines, aws-cdk-lib ${app.cdk}, constructs ${app.constructs}`;
  }],
  ...Object.fromEntries(Object.entries(LANGUAGES).map(([name, language]) => [name, [language.title, () => sameAsTypeScript(language)]])),
  dotnet: [dotnet.title, dotnet.check],
};
/** What is checked in a language after its app. */
const MORE = {
  python: [['the documented examples in Python', app => examples.python(app)], ['types of the plugin in Python', types]],
  java: [['the documented examples in Java', app => examples.java(app)]],
  go: [['the documented examples in Go', app => examples.go(app)]],
};
// Two at a time, for two cores.
await Promise.all([['typescript', 'newest', 'python'], ['java', 'go', 'dotnet']].map(async lane => {
  for (const name of lane.filter(chosen)) {
    await step(...STEPS[name]);
    for (const [title, check] of MORE[name] ?? []) await step(title, () => withApp(LANGUAGES[name], check));
  }
}));

const count = kind => told.filter(k => k === kind).length;
console.log(`languages: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
process.exitCode = count('failed') === 0 && count('passed') > 0 ? 0 : 1;
