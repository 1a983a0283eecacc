import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';

const ROOT = path.join(__dirname, '..', '..');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'check-command-'));
const command = path.join(work, 'package');
const SLOW = JSON.stringify({ Resources: { Fn: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 901 } } } });

beforeAll(() => {
  execFileSync(process.execPath, [path.join(ROOT, 'scripts', 'check-command.mjs'), command]);
  fs.mkdirSync(path.join(work, 'app', 'services', 'a b'), { recursive: true });
  fs.writeFileSync(path.join(work, 'app', 'template.json'), SLOW);
  fs.writeFileSync(path.join(work, 'app', 'services', 'a b', 'template.json'), SLOW);
  // npx as a workflow calls it: it runs the command of the package
  fs.mkdirSync(path.join(work, 'bin'));
  fs.writeFileSync(path.join(work, 'bin', 'npx'), `#!/usr/bin/env bash\nprintf '%s\\n' "$@" > '${work}/npx'\nshift 4\nexec '${process.execPath}' '${command}/index.js' "$@"\n`, { mode: 0o755 });
});
afterAll(() => fs.rmSync(work, { recursive: true }));

function bash(script: string, env: Record<string, string> = {}) {
  return spawnSync('bash', ['-c', script], { cwd: path.join(work, 'app'), encoding: 'utf8', env: { ...process.env, GITHUB_STEP_SUMMARY: '', PATH: `${work}/bin:${process.env.PATH}`, ...env } });
}

describe('the package of the command', () => {
  test('runs without any other package, in less than 2 MB', () => {
    const { status, stdout } = spawnSync(process.execPath, [path.join(command, 'index.js'), 'check', 'template.json'], { cwd: path.join(work, 'app'), encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stdout).toContain("'Timeout' must be at most 15 minutes, got 15 minutes 1 second");
    const bytes = fs.readdirSync(command).map(name => fs.statSync(path.join(command, name)).size).reduce((a, b) => a + b);
    expect(bytes).toBeLessThan(2_000_000);
  });

  test('has the version and the command of the library, no dependencies, and the licences of what it contains', () => {
    const library = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    const manifest = JSON.parse(fs.readFileSync(path.join(command, 'package.json'), 'utf8'));
    expect(manifest).toEqual(expect.objectContaining({ version: library.version, engines: library.engines, license: library.license, bin: { 'cdk-production-lambda': 'index.js' } }));
    expect(manifest).not.toHaveProperty('dependencies');
    const licences = fs.readFileSync(path.join(command, 'THIRD-PARTY-LICENSES'), 'utf8');
    for (const name of ['smol-toml']) expect(licences).toContain(name);
    expect(fs.existsSync(path.join(command, 'LICENSE'))).toBe(true);
    expect(fs.readFileSync(path.join(command, 'index.js'), 'utf8')).not.toContain(ROOT);
  });
});

describe('the GitHub Action', () => {
  const { runs, inputs } = parse(fs.readFileSync(path.join(ROOT, 'action.yml'), 'utf8'));
  const [{ run, env }] = runs.steps;
  /** Runs the step with values for `${{ inputs.x }}` and `${{ github.x }}`. */
  const step = (values: Record<string, string>, ref = 'v1.2.3') => {
    const read = (text: string) => text.replace(/\$\{\{ (inputs|github)\.([\w-]+) \}\}/g, (_, kind, name) => (
      kind === 'github' ? ref : values[name] ?? inputs[name].default));
    return bash(run, Object.fromEntries(Object.entries<string>(env).map(([name, text]) => [name, read(text)])));
  };

  test('annotates the findings of the paths, and fails', () => {
    const { status, stdout } = step({ paths: 'template.json\nservices/*/template.json\n' });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error file=.*template\.json,line=1,title=LP-F02 .*%0AAlso at Fn \(services\/a b\/template\.json:1\)$/m);
    expect(fs.readFileSync(path.join(work, 'npx'), 'utf8').split('\n').slice(0, 3)).toEqual(['--yes', '--package', 'cdk-production-lambda-check@1.2.3']);
  });

  test('passes with a baseline, a severity and further arguments', () => {
    bash(`'${process.execPath}' '${command}/index.js' check template.json --baseline base.json --write-baseline`);
    expect(step({ paths: 'template.json', baseline: 'base.json' }).status).toBe(0);
    expect(step({ 'paths': 'template.json', 'fail-on': 'never' }).status).toBe(0);
    expect(step({ paths: 'template.json', arguments: '--severity=LP-F02=off\n\n--exempt=LP-F01=a reason with spaces' }).status).toBe(0);
  });

  test('a value is never run as a command', () => {
    step({ paths: 'template.json', baseline: '$(touch pwned)', arguments: '--exempt=LP-F02=`touch pwned`; touch pwned' });
    expect(fs.existsSync(path.join(work, 'app', 'pwned'))).toBe(false);
  });

  test.each([['main', ''], ['v1', '1'], ['v1.2.3', '1.2.3'], ['0123abc', '']])('the ref %s means the version "%s"', (ref, version) => {
    fs.rmSync(path.join(work, 'npx'), { force: true });
    const { status, stdout } = step({ 'paths': 'template.json', 'fail-on': 'never' }, ref);
    expect(status).toBe(version === '' ? 2 : 0);
    if (version === '') expect(stdout).toContain("::error::the input 'version' must be a version of cdk-production-lambda-check");
    else expect(fs.readFileSync(path.join(work, 'npx'), 'utf8')).toContain(`cdk-production-lambda-check@${version}\n`);
    expect(step({ 'paths': 'template.json', 'fail-on': 'never', 'version': '9.9.9' }, ref).status).toBe(0);
  });
});

describe('the pre-commit hook', () => {
  const [hook] = parse(fs.readFileSync(path.join(ROOT, '.pre-commit-hooks.yaml'), 'utf8'));

  test('runs the command on the changed templates', () => {
    const { status, stdout } = bash(`${hook.entry} 'template.json' 'services/a b/template.json'`);
    expect(status).toBe(1);
    expect(stdout).toContain('services/a b/template.json:1 Fn');
  });

  test.each([
    ['template.yaml', true], ['services/a/template.yml', true], ['orders.template.json', true], ['infra/main.template', true],
    ['package.json', false], ['template.yaml.j2', false], ['mytemplate.json', false],
  ])('%s is a template: %s', (file, expected) => {
    expect(new RegExp(hook.files).test(file)).toBe(expected);
  });
});
