import { AspectPriority, Aspects, CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { AcrossStages } from '../private/across-stages';
import { warn } from '../private/validation';

/** Warns if a sandbox does not say who owns it and when it expires, or if it has expired. */
export function warnSandboxExpiry(scope: IConstruct, missing: string[], expires: Date | undefined): void {
  if (missing.length > 0) {
    warn(scope, 'Profile.sandboxOfNobody',
      `${missing.join(' and ')} of the sandbox must be set, got nothing; set ${missing.length === 1 ? 'it' : 'them'} in Profile.sandbox(), so that others see who owns the sandbox and when it can be deleted`);
  }
  // Not an error: `cdk destroy` synthesises the app too.
  if (expires && expires.getTime() < Date.now()) {
    warn(scope, 'Profile.sandboxExpired', `the sandbox expired on ${expires.toISOString().slice(0, 10)}; destroy it, or set a later 'expires'`);
  }
}

/** Warns at synth of stages that were created after the profile was applied and that contain no construct of this library. */
export function warnMissedStages(scope: IConstruct, stages: AcrossStages): void {
  Aspects.of(scope).add({
    visit: node => {
      if (node !== scope) return;
      for (const path of stages.missedStages(CfnResource.isCfnResource)) {
        warn(scope, 'Profile.stageNotReached',
          `the stage ${path} was created after 'applyTo' and does not have the tags, the metadata and the warnings of the profile; apply the profile to the stage too`);
      }
    },
  }, { priority: AspectPriority.READONLY });
}
