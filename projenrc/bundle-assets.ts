import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.join(__dirname, '..');
const ASSETS = path.join(ROOT, 'assets');

/**
 * Bundles the code that runs outside of synthesis into assets/, with the options that the library recommends: CommonJS of
 * ES modules, names preserved, SDK included (docs/adr/0010-bundling.md). Runs before compile, sample and tests, so that a clean
 * checkout needs no extra step. A file that is up to date is not written: another process may read it.
 */
export default function bundleAssets(): void {
  const folders = [
    bundle('src/release/smoke-test-function/handler.ts', 'smoke-test'),
    bundle('src/database/database-users-function/handler.ts', 'database-users'),
    bundle('src/delivery/sandbox-cleaner-function/handler.ts', 'sandbox-cleaner'),
    bundle('src/release/prune-versions-command/main.ts', 'prune-versions', '#!/usr/bin/env node\n'),
    bundle('src/report/command/commands.ts', 'command'), // one file loads in half the time of 200
    bundle('runtime/src/instrument.ts', 'instrumentation'),
  ];
  for (const other of readdirSync(ASSETS).filter(name => !folders.includes(name))) rmSync(path.join(ASSETS, other), { recursive: true });
}

function bundle(entry: string, folder: string, firstLine = ''): string {
  const { outputFiles: [{ text }] } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    write: false,
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
  write(path.join(ASSETS, folder, 'index.js'), firstLine + text, firstLine === '' ? 0o644 : 0o755); // npm makes a command executable, pip does not
  return folder;
}

function write(file: string, text: string, mode: number): void {
  if (readIfThere(file) === text) return;
  mkdirSync(path.dirname(file), { recursive: true });
  const complete = `${file}.${process.pid}`;
  writeFileSync(complete, text, { mode });
  renameSync(complete, file);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

if (require.main === module) bundleAssets();
