import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../../src/checks/cli/arguments';
import { rehearse } from '../../../src/checks/cli/rehearse';

const before = process.cwd();
const folders: string[] = [];

/** Works in a project, with the package or without. */
function project(files: Record<string, string> = {}): void {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
  folders.push(folder);
  const installed = join(folder, 'node_modules', 'cdk-production-lambda-testing');
  mkdirSync(installed, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(installed, name), content);
  process.chdir(folder);
}

afterEach(() => process.chdir(before));
afterAll(() => folders.forEach(folder => rmSync(folder, { recursive: true })));

test('runs the command of the package that the project has, with the arguments, and returns its exit code', () => {
  project({
    'package.json': JSON.stringify({ name: 'cdk-production-lambda-testing', exports: { './rehearse': './rehearse.js' } }),
    'rehearse.js': 'process.exit(Number(process.argv[3]));',
  });
  expect(rehearse(['--app', '7'])).toBe(7);
});

test('fails without the package for tests', () => {
  project();
  expect(() => rehearse([])).toThrow(new UsageError('rehearse needs the package cdk-production-lambda-testing; install it: npm install --save-dev cdk-production-lambda-testing'));
});
