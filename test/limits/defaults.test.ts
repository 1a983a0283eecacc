import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import RECOMMENDED from 'aws-cdk-lib/recommended-feature-flags.json';
import { DATABASES } from './defaults/databases';
import { ENTRANCES } from './defaults/entrances';
import { FAILURES } from './defaults/failures';
import { FUNCTIONS } from './defaults/functions';
import { NETWORKS } from './defaults/networks';
import { Resources, type Subject } from './defaults/subject';
import { DEFAULTS_PAGE, readable, renderDefaults } from '../../scripts/defaults';
import { Profile } from '../../src';
import { DEFAULTS } from '../../src/limits';
import { plainFunction } from '../support/plain-function';

const SUBJECTS: Record<string, Subject> = { ...FUNCTIONS, ...FAILURES, ...ENTRANCES, ...NETWORKS, ...DATABASES };

const built = new Map<string, Resources>();

/** What is synthesised with the feature flags of a new app; each kind is built once. */
function resourcesOf(kind: 'ours' | 'plain' | 'sandbox', construct: string, build = 'default'): Resources {
  const key = `${kind} ${construct} ${build}`;
  if (!built.has(key)) {
    const stack = new Stack(new App({ context: RECOMMENDED }), 'Stack');
    if (kind === 'sandbox') Profile.sandbox({ owner: 'test' }).applyTo(stack);
    SUBJECTS[construct][kind === 'sandbox' ? 'ours' : kind](stack, build);
    built.set(key, new Resources(Template.fromStack(stack)));
  }
  return built.get(key)!;
}

const ROWS = Object.entries(DEFAULTS).flatMap(([construct, rows]) =>
  Object.entries<any>(rows).map(([key, row]) => ({ construct, key, row, probe: SUBJECTS[construct]?.probes[key] })));

test('every row is held by a probe, and every probe by a row', () => {
  const held = Object.entries(SUBJECTS).flatMap(([construct, { probes }]) => Object.keys(probes).map(key => `${construct}.${key}`));
  expect(held.sort()).toEqual(ROWS.map(({ construct, key }) => `${construct}.${key}`).sort());
});

test.each(ROWS)('$construct has by default the $key of the table', ({ construct, row, probe }) => {
  expect(probe.read(resourcesOf('ours', construct, probe.build))).toBe(row.value);
});

test.each(ROWS)('$construct has in a sandbox the $key of the table', ({ construct, row, probe }) => {
  expect(probe.read(resourcesOf('sandbox', construct, probe.build))).toBe(row.sandbox ?? row.value);
});

test.each(ROWS)('in place of $construct the plain L2 has the $key of the table', ({ construct, row, probe }) => {
  const written = probe.read(resourcesOf('plain', construct, probe.build));
  expect(`${written === undefined ? probe.unset : readable(written, row.unit)}${probe.note ?? ''}`).toBe(row.l2);
});

test.each(ROWS)('the $key of $construct names its rule, its reason and a page of AWS', ({ row }) => {
  expect(row.rule).toMatch(/^([A-Z]-\d+|4\.1)$/);
  expect(row.why).toMatch(/^\S.{15,}[^.]$/);
  expect(row.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w/.-]+(\.html|\/)$/);
});

test('the plain alias does require its name', () => {
  const stack = new Stack();
  new lambda.Alias(stack, 'Alias', { version: plainFunction(stack, 'Pay').currentVersion } as Partial<lambda.AliasProps> as lambda.AliasProps);
  expect(() => Template.fromStack(stack)).toThrow('name: required but missing');
});

test('docs/DEFAULTS.md is current', () => {
  expect(readFileSync(DEFAULTS_PAGE, 'utf8')).toBe(renderDefaults());
});
