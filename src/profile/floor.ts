import { type InjectionContext, type IPropertyInjector, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { type Fact, Given } from './given-default';
import { AcrossStages } from '../private/across-stages';
import { sharedInStack } from '../private/shared';

const LEFT_OUT = Symbol.for('cdk-production-lambda.ProductionDefaults.leftOut');

/** Where a construct is about to be made. */
export class Place {
  public readonly stack: Stack;
  public readonly path: string;

  constructor(public readonly scope: Construct, id: string) {
    this.stack = Stack.of(scope);
    this.path = [...scope.node.path === '' ? [] : [scope.node.path], id].join('/');
  }

  /** Notes a value that is given here and returns it. */
  public give<T>(prop: string, value: T, fact: Fact, told: unknown = value): T {
    Given.of(this.scope).note(this.path, prop, told, fact);
    return value;
  }

  /** A construct beside the stack's own ones, for what is made for this one: it has the same path below the kind. */
  public room(kind: string): Construct {
    return roomFor(this.scope, kind, this.path);
  }
}

/** Where things of one kind are made for what stands at a path; nothing of the user's can be in the way there. */
export function roomFor(scope: Construct, kind: string, path: string): Construct {
  const stack = Stack.of(scope);
  const steps = path.slice(stack.node.path.length).split('/').filter(step => step !== '');
  return steps.reduce<Construct>((at, step) => (at.node.tryFindChild(step) as Construct | undefined) ?? new Construct(at, step),
    sharedInStack(scope, kind, home => new Construct(home, kind)));
}

/** Fills the props of one kind of construct that the user left out. */
export class Floor implements IPropertyInjector {
  private readonly earlier?: IPropertyInjector;

  constructor(
    public readonly constructUniqueId: string,
    private readonly home: IConstruct,
    private readonly missing: (given: any, place: Place) => object,
  ) {
    this.earlier = PropertyInjectors.hasPropertyInjectors(home) ? PropertyInjectors.of(home).for(constructUniqueId) : undefined;
  }

  /** CDK asks the nearest injector only, and each scope has one of a kind: those of others are asked from here, and first. */
  public inject(originalProps: any, context: InjectionContext): any {
    AcrossStages.reachFrom(context.scope);
    const other = this.earlier ?? this.outer();
    const given = other ? other.inject(originalProps, context) : originalProps;
    if (isLeftOut(context.scope)) return given;
    const missing = Object.entries(this.missing(given ?? {}, new Place(context.scope, context.id)));
    return missing.length === 0 ? given : { ...given, ...Object.fromEntries(missing) };
  }

  private outer(): IPropertyInjector | undefined {
    for (let at = this.home.node.scope; at; at = at.node.scope) {
      const found = PropertyInjectors.hasPropertyInjectors(at) ? PropertyInjectors.of(at).for(this.constructUniqueId) : undefined;
      if (found) return found;
    }
    return undefined;
  }
}

/** Takes a scope and all below out. */
export function leaveOut(scope: IConstruct): void {
  Object.defineProperty(scope, LEFT_OUT, { value: true });
}

export function isLeftOut(scope: IConstruct): boolean {
  return scope.node.scopes.some(at => LEFT_OUT in at);
}
