// The examples of README.md and the guides in each language: in Python and Go each synthesises the template of TypeScript, in Java they compile.
import fs from 'node:fs';
import path from 'node:path';
import { build } from '../languages/go.mjs';
import * as typescript from '../languages/typescript.mjs';
import { MANIFEST, ROOT, run, WORK } from '../machine.mjs';
import { blocks as programs, translations } from './blocks.mjs';
import { goFiles } from './go-files.mjs';
import { javaFile } from './java-file.mjs';
import { groupOf, templatesIn, workFolder } from './work-folders.mjs';

/** Blocks that do not run here. */
const NOT_RUN = new Map([[/nodeModules: /, 'installs native packages']]);
/** The name of a constant in Python, which Rosetta writes as in TypeScript. */
const corrected = text => text.replace(/_10PERCENT_EVERY_1MINUTE\b/g, '_10_PERCENT_EVERY_1_MINUTE');

export async function python({ python: interpreter }) {
  const all = await translations();
  mustHaveTheSameKeys(all);
  const blocks = all.map(block => ({ ...block, translated: corrected(block.python) }));
  return sameAsTypeScript('Python', blocks, ROOT, [interpreter, path.join(import.meta.dirname, 'run_python.py')]);
}

/** All blocks are one program, which is built in the module of the app. */
export async function go({ cwd: app, cdk }) {
  const files = goFiles();
  const folder = path.join(app, 'examples');
  fs.mkdirSync(folder);
  for (const [name, text] of files) fs.writeFileSync(path.join(folder, `${name}.go`), text.replaceAll('awscdk.NewApp(nil)', 'newApp(awscdk.NewApp)'));
  fs.writeFileSync(path.join(folder, 'examples.go'), `package main\n\nvar examples = map[string]func(){${[...files.keys()].map(name => `\n"${name}": ${name},`).join('')}\n}\n`);
  fs.copyFileSync(path.join(import.meta.dirname, 'run_go.go'), path.join(folder, 'main.go'));
  await build(app, '-o', 'bin/', './examples');
  const { cwd } = await typescript.app(cdk);
  return sameAsTypeScript('Go', programs(), path.join(cwd, 'node_modules', MANIFEST.name), [path.join(app, 'bin', 'examples')]);
}

/** Every program runs in TypeScript and in the language, and its templates are compared. */
async function sameAsTypeScript(language, all, library, command) {
  const blocks = all.filter(({ code }) => ![...NOT_RUN.keys()].some(pattern => pattern.test(code)));
  let compared = 0;
  for (const group of new Set(blocks.map(groupOf))) {
    const members = blocks.filter(block => groupOf(block) === group);
    const cwd = workFolder(language, group, members);
    const wanted = await templates(cwd, members, 'TypeScript', [process.execPath, path.join(import.meta.dirname, 'run-typescript.cjs'), library]);
    const got = await templates(cwd, members.map(block => ({ ...block, code: block.translated })), language, command);
    for (const { place, name } of members) compared += mustBeEqual(place, wanted.get(name), got.get(name));
  }
  return `${blocks.length} of ${all.length} examples synthesise the same ${compared} templates in ${language} as in TypeScript`;
}

/** A key of a JSON document is the same in every language: Rosetta changes keys of objects that have no type. */
function mustHaveTheSameKeys(blocks) {
  const changed = blocks.flatMap(({ place, code, python: text }) => [...text.matchAll(/"(\w+)": /g)].map(([, key]) => key)
    .filter(key => !new RegExp(`\\b${key}\\b`).test(code)).map(key => `${place}: ${key}`));
  if (changed.length > 0) throw new Error(`keys must be the same in Python as in TypeScript, got\n${changed.join('\n')}`);
}

async function templates(cwd, blocks, language, [command, ...args]) {
  const out = ({ name }) => path.join(cwd, 'out', language, name);
  const list = path.join(cwd, `${language}.json`);
  fs.writeFileSync(list, JSON.stringify(blocks.map(block => ({ name: block.name, place: block.place, code: block.code, out: out(block) }))));
  await run(command, [...args, list], { cwd, env: { CDK_VALIDATION: 'false' } }); // the CDK's own validation of templates takes seconds for each app
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
