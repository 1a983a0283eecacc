import type { IConstruct } from 'constructs';
import { AcrossStages } from '../private/across-stages';
import { refuse } from '../private/validation';

/** By name, because an app may contain two copies of this library. */
const PROFILE = Symbol.for('cdk-production-lambda.Profile');
const READ = Symbol.for('cdk-production-lambda.Profile.read');

/** A construct with the profile that was applied to it, and whether it has read its profile. */
interface Scope<T> {
  [PROFILE]?: T;
  [READ]?: boolean;
}

/** The profiles of the scopes of an app, and the constructs that have read theirs. */
export const ProfileScopes = {
  /** The profile of the nearest scope, from this scope upwards. */
  find<T>(scope: IConstruct): T | undefined {
    for (let at: IConstruct | undefined = scope; at; at = at.node.scope) {
      const found = (at as Scope<T>)[PROFILE];
      if (found) return found;
    }
    return undefined;
  },

  /** The same for a construct that uses the profile: a profile that is applied later would be too late for it. */
  read<T>(scope: IConstruct): T | undefined {
    (scope as Scope<T>)[READ] = true;
    AcrossStages.runFor(scope);
    return ProfileScopes.find<T>(scope);
  },

  /** Sets the profile of a scope. Throws an error if it has one, or if a construct below has already read another. */
  apply<T>(scope: IConstruct, profile: T): void {
    const path = scope.node.path || 'App';
    if ((scope as Scope<T>)[PROFILE]) {
      refuse(path, "'applyTo' must be called once for a scope, got a second profile; remove one, or apply the second to a scope below");
    }
    const reader = firstReader<T>(scope);
    if (reader) {
      refuse(path, `'applyTo' must be called before the constructs of the scope are created, got a call after ${reader.node.path || 'App'}, which uses another profile; `
        + 'move the call to the start of the constructor, or in front of the scope');
    }
    (scope as Scope<T>)[PROFILE] = profile;
  },
};

/** The first construct below, in tree order, that has read its profile, without the constructs below a nearer profile. */
function firstReader<T>(scope: IConstruct): IConstruct | undefined {
  if ((scope as Scope<T>)[READ]) return scope;
  for (const child of scope.node.children) {
    const reader = (child as Scope<T>)[PROFILE] ? undefined : firstReader<T>(child);
    if (reader) return reader;
  }
  return undefined;
}
