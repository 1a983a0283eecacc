import { chmodSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.join(__dirname, '..');

/**
 * Bundles the code that runs outside of synthesis into assets/, with the options that the library recommends: CommonJS of
 * ES modules, names preserved, SDK included (docs/adr/0010-bundling.md). Runs before compile, sample and tests, so that a clean
 * checkout needs no extra step.
 */
export default function bundleAssets(): void {
  rmSync(path.join(ROOT, 'assets'), { recursive: true, force: true });
  bundle('src/release/smoke-test-function/handler.ts', 'assets/smoke-test/index.js');
  bundle('src/database/database-users-function/handler.ts', 'assets/database-users/index.js');
  bundle('src/delivery/sandbox-cleaner-function/handler.ts', 'assets/sandbox-cleaner/index.js');
  bundle('src/release/prune-versions-command/main.ts', 'assets/prune-versions/index.js', '#!/usr/bin/env node');
  bundle('src/report/command/commands.ts', 'assets/command/index.js'); // one file loads in half the time of 200
  bundle('runtime/src/instrument.ts', 'assets/instrumentation/index.js');
  chmodSync(path.join(ROOT, 'assets/prune-versions/index.js'), 0o755); // npm does so when it installs a command, pip does not
}

function bundle(entry: string, outfile: string, banner = ''): void {
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    banner: { js: banner },
    logLevel: 'warning',
  });
}

if (require.main === module) bundleAssets();
