import type { IConstruct } from 'constructs';
import { refuse } from '../private/validation';
import { Profile } from '../profile';

/** Throws an error outside of a sandbox. */
export function validateEventProbe(probe: IConstruct): void {
  if (!Profile.of(probe)._isSandbox) {
    refuse(probe.node.path, 'an event probe must be in a sandbox, got the production profile; '
      + 'create it in an EphemeralStack, or call Profile.sandbox().applyTo() on its scope first');
  }
}
