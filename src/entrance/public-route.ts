import { type CfnResource, Validations } from 'aws-cdk-lib';
import type { AccessSpec } from './access-spec';
import { exempt } from '../private/exemption';

/** Hands the reason for a public route to cdk-nag's report, and to ProductionChecks by the template. */
export function acknowledgePublic(route: CfnResource, access: AccessSpec): void {
  if (access.kind !== 'public') return;
  Validations.of(route).acknowledge({ id: 'AwsSolutions::AwsSolutions-APIG4', reason: access.reason });
  exempt(route, 'LP-H09', access.reason);
}
