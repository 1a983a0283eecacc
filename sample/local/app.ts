import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { createApp } from '../app';

export const STACK = 'Payments';

/** What `cdk deploy` would deploy. */
export function synthesised(outdir: string, context: Record<string, string> = {}): CloudAssembly {
  return createApp({ outdir, context }).synth();
}
