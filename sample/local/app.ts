import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { createApp } from '../app';
import type { ReportsPlatform } from '../stacks/reports';

export const STACK = 'Payments';

/** What `cdk deploy` would deploy. */
export function synthesised(outdir: string, context: Record<string, string> = {}, reports?: ReportsPlatform): CloudAssembly {
  return createApp({ outdir, context, reports }).synth();
}
