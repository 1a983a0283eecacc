import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import bundleAssets from '../projenrc/bundle-assets';

/** The tests use the bundles that the package contains, and a temporary folder of this run: CDK leaves the output folder of every app there. */
export default function setUp(): void {
  bundleAssets();
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'cdk-production-lambda-tests-'));
  chmodSync(process.env.TMPDIR, 0o1777); // as /tmp: PostgreSQL, which is not root, creates and removes folders in it
}
