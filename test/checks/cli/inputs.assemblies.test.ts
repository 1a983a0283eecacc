import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readApps } from '../../../src/checks/cli/inputs';

const readInput = (path: string) => readApps([path], new Map());

function assembly(nested: string, prepare: (directory: string) => void = () => undefined): string {
  const directory = mkdtempSync(join(tmpdir(), 'assembly-'));
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ artifacts: { Nested: { type: 'cdk:cloud-assembly', properties: { directoryName: nested } } } }));
  prepare(directory);
  return directory;
}

const ITSELF = /is not a cloud assembly: its manifest.json names the assembly itself as a nested assembly$/;

test.each<[string, string, ((directory: string) => void)?]>([
  ['.', '.'],
  ['an empty name', ''],
  ['its own folder through its parent', 'inner/..', directory => mkdirSync(join(directory, 'inner'))],
  ['a link to itself', 'link', directory => symlinkSync('.', join(directory, 'link'))],
])('an assembly that contains itself is rejected: %s', (...[, nested, prepare]) => {
  expect(() => readInput(assembly(nested, prepare))).toThrow(ITSELF);
});

test('two assemblies that contain each other are rejected', () => {
  const inner = assembly('..');
  expect(() => readInput(assembly(join('..', inner.split('/').pop()!, '..', inner.split('/').pop()!), directory => {
    writeFileSync(join(inner, 'manifest.json'), JSON.stringify({ artifacts: { Back: { type: 'cdk:cloud-assembly', properties: { directoryName: join('..', directory.split('/').pop()!) } } } }));
  }))).toThrow(ITSELF);
});

test('a nested assembly that does not exist is rejected by its path', () => {
  expect(() => readInput(assembly('absent'))).toThrow(/absent does not exist$/);
});

test('an assembly that is contained twice is read twice', () => {
  const directory = assembly('a', at => {
    mkdirSync(join(at, 'a'));
    writeFileSync(join(at, 'a', 'manifest.json'), '{"artifacts":{"S":{"type":"aws:cloudformation:stack","properties":{"templateFile":"s.json"}}}}');
    writeFileSync(join(at, 'a', 's.json'), '{"Resources":{}}');
    writeFileSync(join(at, 'manifest.json'), JSON.stringify({ artifacts: Object.fromEntries(['One', 'Two'].map(id => [id, { type: 'cdk:cloud-assembly', properties: { directoryName: 'a' } }])) }));
  });
  expect(readInput(directory).apps.map(({ templates }) => templates.length)).toEqual([2]);
});

test('an assembly whose manifest cannot be read is rejected', () => {
  const directory = mkdtempSync(join(tmpdir(), 'assembly-'));
  mkdirSync(join(directory, 'manifest.json'));
  expect(() => readInput(directory)).toThrow(`cannot read ${join(directory, 'manifest.json')}: EISDIR`);
});
