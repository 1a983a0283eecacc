import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as library from '../../src';
import { expectNoCycle } from '../support/template-graph';

interface Proven { readonly app: App; readonly stack: Stack }

const FILES = readdirSync(__dirname).filter(file => file.endsWith('.integ.ts'));
const apps = new Map<string, App>();
const proofs = new Map<string, { template: any; assertions: any }>();

beforeAll(() => {
  for (const file of FILES) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { proof } = require(join(__dirname, file)) as { proof: Proven };
    apps.set(file, proof.app);
    const stacks = proof.app.synth().stacks;
    proofs.set(file, {
      template: stacks.find(stack => stack.stackName === proof.stack.stackName)!.template,
      assertions: stacks.find(stack => stack.stackName !== proof.stack.stackName)!.template,
    });
  }
});

/** Constructs that are made by another, which is where they are proven. */
const PARTS: Record<string, string> = { DatabaseUser: 'ProxiedDatabase' };

test('each construct of the library has one, and is really in it', () => {
  const classes = Object.entries<any>(library).filter(([, { prototype }]) => prototype instanceof Construct);
  expect(classes.length).toBeGreaterThan(15);
  const missing = classes.filter(([name, exported]) => {
    const file = FILES.find(each => each.replaceAll('-', '') === `${(PARTS[name] ?? name).toLowerCase()}.integ.ts`)!;
    return !apps.get(file)?.node.findAll().some(construct => construct instanceof exported);
  });
  expect(missing.map(([name]) => name)).toEqual([]);
});

test('each is told of in docs/INTEG.md, with what it proves', () => {
  const told = [...readFileSync(join(__dirname, '../../docs/INTEG.md'), 'utf8').matchAll(/^\| ([a-z][a-z, -]*) \|/gm)].flatMap(([, names]) => names.split(', '));
  expect(told.filter(name => name !== 'file').sort()).toEqual(FILES.map(file => file.replace('.integ.ts', '')).sort());
});

/** One line a resource: what it is, and whether it is still what was reviewed. Hashes of code change with every dependency. */
function summaryOf(template: any): string[] {
  return Object.entries<any>(template.Resources).map(([id, resource]) => {
    const text = JSON.stringify(resource).replace(/[0-9a-f]{64}/g, '<asset>').replace(VERSION, '$1<version>');
    return `${resource.Type} ${id.replace(VERSION, '$1<version>')} ${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
  });
}

const VERSION = /(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g;

test.each(FILES)('%s synthesises what was reviewed', file => {
  expect(summaryOf(proofs.get(file)!.template)).toMatchSnapshot();
});

test.each(FILES)('%s has no circular dependency', file => {
  expectNoCycle(proofs.get(file)!.template);
});

test.each(FILES)('%s asserts something of what was deployed', file => {
  const types = Object.values<any>(proofs.get(file)!.assertions.Resources).map(({ Type }) => Type);
  expect(types.filter(type => /^Custom::DeployAssert@(SdkCall|HttpCall)/.test(type)).length).toBeGreaterThanOrEqual(1);
  expect(JSON.stringify(proofs.get(file)!.assertions)).toContain('"expected"');
});

test.each(FILES)('%s leaves nothing behind when it is destroyed', file => {
  const kept = Object.entries(proofs.get(file)!.template.Resources as Record<string, any>)
    .filter(([, { DeletionPolicy, ...rest }]: [string, any]) => /^(Retain|Snapshot)/.test(DeletionPolicy ?? '') || /"Deletion\w*":(true|"ACTIVE")/.test(JSON.stringify(rest)));
  expect(kept.map(([id]) => id)).toEqual([]);
});
