import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFolder } from '../../support/command';
import { fn } from '../rules/harness';

const app = (...timeouts: number[]) => ({ Resources: Object.fromEntries(timeouts.map((timeout, i) => [`Fn${i}`, fn({ Timeout: timeout })])) });
const OPTIONS = ['--baseline', 'base.json', 'a.json'];

test('only new findings count, and a known one is counted', () => {
  const folder = new CommandFolder({ 'a.json': app(901) });
  expect(folder.check('a.json').status).toBe(1);
  expect(folder.check(...OPTIONS, '--write-baseline').status).toBe(0);
  const { status, stdout } = folder.check(...OPTIONS);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^0 errors, 0 warnings, 0 infos in 1 template \(\d+ in the baseline\)\n$/);

  folder.write('a.json', app(901, 902));
  expect(folder.check(...OPTIONS).status).toBe(1);
  expect(folder.findings(...OPTIONS).filter(text => text.startsWith('LP-F02'))).toEqual(['LP-F02 Fn1']);
});

test('a finding stays known after its line and value have changed', () => {
  const folder = new CommandFolder({ 'a.json': app(901) });
  folder.check(...OPTIONS, '--write-baseline');
  folder.write('a.json', `\n\n${JSON.stringify(app(950))}`);
  expect(folder.findings(...OPTIONS)).toEqual([]);
});

test('an entry that no longer occurs is reported', () => {
  const folder = new CommandFolder({ 'a.json': app(901) });
  folder.check(...OPTIONS, '--write-baseline');
  folder.write('a.json', app(100));
  expect(folder.notes(...OPTIONS)).toEqual(["the baseline contains LP-F02 'Timeout' at Fn0 of a.json, which no longer occurs; write the baseline again"]);
});

test('the entries of a template that is not checked are neither reported nor lost, unless it does not exist any more', () => {
  const folder = new CommandFolder({ 'a.json': app(901), 'b.json': app(902), 'c c.json': app(903) });
  const all = ['--baseline', 'base.json', '.'];
  folder.check(...all, '--write-baseline');
  expect(folder.notes(...OPTIONS)).toEqual([]);
  folder.check(...OPTIONS, '--write-baseline');
  expect(folder.findings(...all)).toEqual([]);
  rmSync(join(folder.path, 'c c.json'));
  expect(new Set(folder.notes(...OPTIONS).map(note => / of (\S+),/.exec(note)?.[1]))).toEqual(new Set(['c%20c.json']));
});

test('the baseline is the same in every working directory, and in a workflow', () => {
  const folder = new CommandFolder({ 'services/pay/a.json': app(901), 'known/empty.json': {} });
  folder.check('services', '--baseline', 'known/base.json', '--write-baseline');
  expect(JSON.parse(readFileSync(join(folder.path, 'known/base.json'), 'utf8')).findings[0].template).toBe('../services/pay/a.json');

  const service = new CommandFolder({}, join(folder.path, 'services/pay'));
  const known = () => [service.findings('a.json', '--baseline', '../../known/base.json'), service.notes('a.json', '--baseline', '../../known/base.json')];
  expect(known()).toEqual([[], []]);
  process.env.GITHUB_WORKSPACE = folder.path;
  try {
    expect(known()).toEqual([[], []]);
  } finally {
    delete process.env.GITHUB_WORKSPACE;
  }
});

test('an exempted finding is not written', () => {
  const folder = new CommandFolder({ 'a.json': app(901) });
  folder.check(...OPTIONS, '--write-baseline', '--exempt', 'LP-F02=tried');
  expect(readFileSync(join(folder.path, 'base.json'), 'utf8')).not.toContain('LP-F02');
});

test('the file does not depend on the order of the templates or of the findings', () => {
  const folder = new CommandFolder({ 'a.json': app(901, 902), 'b.json': app(903) });
  const written = ['a.json b.json', 'b.json a.json'].map(paths => {
    folder.check(...paths.split(' '), '--baseline', 'base.json', '--write-baseline');
    return readFileSync(join(folder.path, 'base.json'), 'utf8');
  });
  expect(written[0]).toBe(written[1]);
  expect(JSON.parse(written[0]).findings).toContainEqual({ rule: 'LP-F02', template: 'b.json', resource: 'Fn0', property: 'Timeout' });
});

test.each([
  ['is missing', undefined, 'base.json does not exist; create it with --write-baseline'],
  ['is not JSON', 'known\nfindings', 'cannot read base.json: Unexpected token'],
  ['has another version', '{"version": 2, "findings": []}', "'version' of base.json must be 1, got 2; delete it, and create it with --write-baseline"],
  ['has another content', '{"version": 1, "findings": [{"rule": 1}]}', '\'findings\' of base.json must contain objects with rule, template, resource, property, got {"rule":1}; delete it'],
  ['has no findings', '{"version": 1}', "'findings' of base.json must contain objects with rule, template, resource, property, got \"nothing\""],
])('a baseline that %s is rejected', (_, content, message) => {
  const folder = new CommandFolder({ 'a.json': app(901) });
  if (content !== undefined) folder.write('base.json', content);
  const { status, stderr } = folder.check(...OPTIONS);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});

test('--write-baseline needs a file', () => {
  const { status, stderr } = new CommandFolder({ 'a.json': app(901) }).check('a.json', '--write-baseline');
  expect(status).toBe(2);
  expect(stderr).toContain('--write-baseline needs --baseline FILE');
});
