import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Example } from './examples';

const ROOT = join(__dirname, '..', '..');
/** The compiler options that `cdk init` writes: those of most users. */
const INIT_OPTIONS = join(dirname(require.resolve('aws-cdk/package.json')), 'lib/init-templates/app/typescript/tsconfig.json');

/** What a TypeScript compiler reports of examples, each pasted into a file of its own of an app made by `cdk init`. */
export function typeErrors(compiler: string, examples: Example[]): { version: string; errors: string[] } {
  const directory = mkdtempSync(join(tmpdir(), 'type-check-'));
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    for (const { name, code } of examples) writeFileSync(join(directory, `${name.replace(/\W+/g, '-')}.ts`), code);
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({
      compilerOptions: {
        ...JSON.parse(readFileSync(INIT_OPTIONS, 'utf8')).compilerOptions,
        paths: { 'cdk-production-lambda': [join(ROOT, 'src', 'index.ts')] },
      },
      include: ['*.ts'],
    }));
    const tsc = join(dirname(require.resolve(`${compiler}/package.json`)), 'bin', 'tsc');
    const run = (...args: string[]) => spawnSync(process.execPath, [tsc, ...args], { cwd: directory, encoding: 'utf8' });
    const { stdout, stderr, status } = run('--project', directory, '--pretty', 'false');
    const errors = `${stdout}${stderr}`.split('\n').filter(line => line !== '');
    if (status !== 0 && errors.length === 0) errors.push(`${tsc} ended with ${status}`);
    return { version: run('--version').stdout, errors };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
