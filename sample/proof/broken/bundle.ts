import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** The protections against a second charge, each of which can be left out of a bundle made for a test. */
export type Protection = 'record' | 'unique-key' | 'provider-key';

/** Builds the paying function without one of its protections into `folder`. */
export function bundleWithout(protection: Protection, folder: string): string {
  buildSync({
    entryPoints: [join(__dirname, `no-${protection}.ts`)],
    outfile: join(folder, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    keepNames: true,
    external: ['pg-native'],
    logLevel: 'warning',
  });
  return folder;
}
