import { type InjectionContext, type IPropertyInjector, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { AppliedDefaults, type Reason } from './applied-default';
import { AcrossStages } from '../private/across-stages';
import { stackSingleton } from '../private/stack-singleton';

const EXCLUDED = Symbol.for('cdk-production-lambda.ProductionDefaults.excluded');

/** The construct that is about to be created: its scope and its path. */
export class NewConstruct {
  public readonly stack: Stack;
  public readonly path: string;

  constructor(public readonly scope: Construct, id: string) {
    this.stack = Stack.of(scope);
    this.path = [...scope.node.path === '' ? [] : [scope.node.path], id].join('/');
  }

  /** Records a value that is set on the construct, and returns it. */
  public apply<T>(prop: string, value: T, reason: Reason, reported: unknown = value): T {
    AppliedDefaults.of(this.scope).record(this.path, prop, reported, reason);
    return value;
  }

  /** The scope for resources of one kind that belong to the construct. */
  public supportScope(kind: string): Construct {
    return supportScopeOf(this.scope, kind, this.path);
  }
}

/** The scope for resources of one kind that belong to a construct: it has the construct's path below the kind, so that ids do not collide. */
export function supportScopeOf(scope: Construct, kind: string, path: string): Construct {
  const stack = Stack.of(scope);
  const ids = path.slice(stack.node.path.length).split('/').filter(id => id !== '');
  return ids.reduce<Construct>((at, id) => (at.node.tryFindChild(id) as Construct | undefined) ?? new Construct(at, id),
    stackSingleton(scope, kind, parent => new Construct(parent, kind)));
}

/** Adds the defaults to the props of one class of constructs. */
export class DefaultsInjector implements IPropertyInjector {
  private readonly previous?: IPropertyInjector;

  constructor(
    public readonly constructUniqueId: string,
    private readonly scope: IConstruct,
    private readonly defaultsOf: (props: any, construct: NewConstruct) => object,
  ) {
    this.previous = PropertyInjectors.hasPropertyInjectors(scope) ? PropertyInjectors.of(scope).for(constructUniqueId) : undefined;
  }

  /** CDK calls only the nearest injector, and a scope has one for each class, so injectors of the user are called from here, and first. */
  public inject(originalProps: any, context: InjectionContext): any {
    AcrossStages.runFor(context.scope);
    const other = this.previous ?? this.outer();
    const props = other ? other.inject(originalProps, context) : originalProps;
    if (isExcluded(context.scope)) return props;
    const defaults = Object.entries(this.defaultsOf(props ?? {}, new NewConstruct(context.scope, context.id)));
    return defaults.length === 0 ? props : { ...props, ...Object.fromEntries(defaults) };
  }

  private outer(): IPropertyInjector | undefined {
    for (let at = this.scope.node.scope; at; at = at.node.scope) {
      const found = PropertyInjectors.hasPropertyInjectors(at) ? PropertyInjectors.of(at).for(this.constructUniqueId) : undefined;
      if (found) return found;
    }
    return undefined;
  }
}

/** Excludes a scope and all constructs below it. */
export function exclude(scope: IConstruct): void {
  Object.defineProperty(scope, EXCLUDED, { value: true });
}

export function isExcluded(scope: IConstruct): boolean {
  return scope.node.scopes.some(at => EXCLUDED in at);
}
