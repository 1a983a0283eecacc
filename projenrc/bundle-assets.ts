import { chmodSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.join(__dirname, '..');

/**
 * Bundles what the library runs outside of synth into assets/, the way that it tells its users to: CommonJS of
 * ES modules, names kept, SDK included (docs/adr/0010-bundling.md). Before compile, sample and tests, so that a clean
 * checkout needs no step of its own.
 */
export default function bundleAssets(): void {
  rmSync(path.join(ROOT, 'assets'), { recursive: true, force: true });
  bundle('src/release/hook/handler.ts', 'assets/smoke-test/index.js');
  bundle('src/database/users/handler.ts', 'assets/database-users/index.js');
  bundle('src/release/prune/main.ts', 'assets/prune-versions/index.js', '#!/usr/bin/env node');
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
