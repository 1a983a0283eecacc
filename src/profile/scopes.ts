import type { IConstruct } from 'constructs';
import { AcrossStages } from '../private/across-stages';
import { refuse } from '../private/validation';

/** By name, because an app may hold two copies of this library. */
const PROFILE = Symbol.for('cdk-production-lambda.Profile');
const READ = Symbol.for('cdk-production-lambda.Profile.read');

/** A construct with what this library noted at it. */
interface Noted<T> {
  [PROFILE]?: T;
  [READ]?: boolean;
}

/** Which scope has which profile, and which have been asked for theirs. */
export class Scopes {
  /** What the nearest scope has, from this one upwards. */
  public static read<T>(scope: IConstruct): T | undefined {
    (scope as Noted<T>)[READ] = true;
    AcrossStages.reachFrom(scope);
    for (let at: IConstruct | undefined = scope; at; at = at.node.scope) {
      const found = (at as Noted<T>)[PROFILE];
      if (found) return found;
    }
    return undefined;
  }

  /** Gives a scope what everything below is to read; refuses what comes too late. */
  public static write<T>(scope: IConstruct, value: T): void {
    const path = scope.node.path || 'App';
    if ((scope as Noted<T>)[PROFILE]) {
      refuse(path, "'applyTo' must be called once for a scope, got a second profile; apply one, or the second to a scope below");
    }
    const reader = firstReader<T>(scope);
    if (reader) {
      refuse(path, `'applyTo' must come before the constructs that it is for, got it after one in ${reader.node.path || 'App'}, which has read another profile; `
        + 'call it in the first line of the constructor, or before');
    }
    (scope as Noted<T>)[PROFILE] = value;
  }
}

/** The first below, in tree order, that would have read the profile had it been there; others have one of their own. */
function firstReader<T>(scope: IConstruct): IConstruct | undefined {
  if ((scope as Noted<T>)[READ]) return scope;
  for (const child of scope.node.children) {
    const reader = (child as Noted<T>)[PROFILE] ? undefined : firstReader<T>(child);
    if (reader) return reader;
  }
  return undefined;
}
