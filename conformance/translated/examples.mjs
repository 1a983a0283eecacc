// The examples of README.md and the guides in each language: in Python each synthesises the template of TypeScript, in Java they compile.
import fs from 'node:fs';
import path from 'node:path';
import { run, WORK } from '../machine.mjs';
import { translations } from './blocks.mjs';
import { javaFile } from './java-file.mjs';
import { groupOf, templatesIn, workFolder } from './work-folders.mjs';

/** Blocks that do not run here. */
const NOT_RUN = new Map([[/nodeModules: /, 'installs native packages']]);
/** The name of a constant in Python, which Rosetta writes as in TypeScript. */
const corrected = text => text.replace(/_10PERCENT_EVERY_1MINUTE\b/g, '_10_PERCENT_EVERY_1_MINUTE');

/** Every program runs in TypeScript and in Python, and its templates are compared. */
export async function python({ python: interpreter }) {
  const all = await translations();
  const blocks = all.filter(({ code }) => ![...NOT_RUN.keys()].some(pattern => pattern.test(code)));
  mustHaveTheSameKeys(all);
  let compared = 0;
  for (const group of new Set(blocks.map(groupOf))) {
    const members = blocks.filter(block => groupOf(block) === group);
    const cwd = workFolder(group, members);
    const typescript = await templates(cwd, members, 'typescript', process.execPath, path.join(import.meta.dirname, 'run-typescript.cjs'));
    const inPython = members.map(block => ({ ...block, code: corrected(block.python) }));
    const translated = await templates(cwd, inPython, 'python', interpreter, path.join(import.meta.dirname, 'run_python.py'));
    for (const { place, name } of members) compared += mustBeEqual(place, typescript.get(name), translated.get(name));
  }
  return `${blocks.length} of ${all.length} examples synthesise the same ${compared} templates in Python as in TypeScript`;
}

/** A key of a JSON document is the same in every language: Rosetta changes keys of objects that have no type. */
function mustHaveTheSameKeys(blocks) {
  const changed = blocks.flatMap(({ place, code, python: text }) => [...text.matchAll(/"(\w+)": /g)].map(([, key]) => key)
    .filter(key => !new RegExp(`\\b${key}\\b`).test(code)).map(key => `${place}: ${key}`));
  if (changed.length > 0) throw new Error(`keys must be the same in Python as in TypeScript, got\n${changed.join('\n')}`);
}

async function templates(cwd, blocks, language, command, script) {
  const out = ({ name }) => path.join(WORK, 'examples', language, name);
  const list = path.join(cwd, `${language}.json`);
  fs.writeFileSync(list, JSON.stringify(blocks.map(block => ({ name: block.name, place: block.place, code: block.code, out: out(block) }))));
  await run(command, [script, list], { cwd, env: { CDK_VALIDATION: 'false' } }); // the CDK's own validation of templates takes seconds for each app
  return new Map(blocks.map(block => [block.name, templatesIn(out(block))]));
}

function mustBeEqual(place, wanted, got) {
  if (wanted.size === 0) throw new Error(`${place} must synthesise a template`);
  for (const [file, text] of wanted) {
    const [a, b] = [text, got.get(file) ?? ''].map(each => each.split('\n'));
    const at = a.findIndex((line, i) => line !== b[i]);
    if (at >= 0) throw new Error(`${place}: line ${at + 1} of ${file} must be the one of TypeScript\n${a.slice(at - 3, at + 3).join('\n')}\ngot\n${b.slice(at - 3, at + 3).join('\n')}`);
  }
  return wanted.size;
}

/** All blocks in one run of javac. */
export async function java({ cwd, classpath }) {
  const blocks = await translations();
  const folder = path.join(WORK, 'examples', 'java');
  const files = blocks.map(block => {
    const file = path.join(folder, 'examples', block.name, 'Example.java');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, javaFile(block));
    return file;
  });
  await run('javac', ['-proc:none', '-Xmaxerrs', '200', '-d', path.join(folder, 'classes'), '-cp', classpath, ...files], { cwd });
  return `${blocks.length} examples compile in Java`;
}
