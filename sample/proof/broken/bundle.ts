import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** The protections that a bundle made for a test leaves out, each with the function that has it. */
export const PROTECTIONS = {
  'record': 'Pay',
  'unique-key': 'Pay',
  'provider-key': 'Pay',
  'held-record': 'Pay',
  'question': 'Pay',
  'advice': 'Pay',
  'named-payload': 'Pay',
  'review': 'Reconcile',
  'renewal': 'Webhook',
  'writer': 'Settle',
  'signature': 'Webhook',
} as const;

export type Protection = keyof typeof PROTECTIONS;

/** Builds a function without one of its protections into `folder`. */
export function bundleWithout(protection: Protection, folder: string): string {
  return bundleOf(join(__dirname, `no-${protection}.ts`), folder);
}

/** Builds the next versions of functions into `folder`: by the beginning of their ids. */
export function nextVersions(folder: string): Record<string, string> {
  return Object.fromEntries(['Pay', 'Webhook'].map(prefix => [prefix, bundleOf(join(__dirname, '..', 'next', `${prefix.toLowerCase()}.ts`), join(folder, `next-${prefix}`))]));
}

function bundleOf(entry: string, folder: string): string {
  buildSync({
    entryPoints: [entry],
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
