import { type CfnResource, Validations } from 'aws-cdk-lib';
import type { AccessSpec } from './access-spec';

/** Hands the reason for a public route to cdk-nag's report. */
export function acknowledgePublic(route: CfnResource, access: AccessSpec): void {
  if (access.kind === 'public') Validations.of(route).acknowledge({ id: 'AwsSolutions::AwsSolutions-APIG4', reason: access.reason });
}
