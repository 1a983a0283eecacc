import type { IConstruct } from 'constructs';

/**
 * One value that ProductionDefaults gave to one resource.
 */
export interface GivenDefault {
  /**
   * The path of the construct that got it.
   */
  readonly path: string;

  /**
   * The prop of the construct.
   */
  readonly prop: string;

  /**
   * The value, with its unit.
   */
  readonly value: string;

  /**
   * Why production needs it.
   */
  readonly why: string;

  /**
   * The number of the rule in docs/DEFAULTS.md.
   */
  readonly rule: string;

  /**
   * The page of AWS that it follows from.
   */
  readonly source: string;
}

/** The part of a row of DEFAULTS that is told with a value. */
export interface Fact {
  readonly why: string;
  readonly rule: string;
  readonly source: string;
  readonly unit?: string;
}

const GIVEN = Symbol.for('cdk-production-lambda.ProductionDefaults.given');
type Root = IConstruct & { [GIVEN]?: Map<string, GivenDefault> };

/** What was given to which construct of an app, in order. */
export class Given {
  public static of(scope: IConstruct): Given {
    const root = scope.node.root as Root;
    root[GIVEN] ??= new Map();
    return new Given(root[GIVEN]);
  }

  private constructor(private readonly all: Map<string, GivenDefault>) {}

  /** Notes a value; a later one of the same prop takes its place. */
  public note(path: string, prop: string, value: unknown, { why, rule, source, unit }: Fact): void {
    const text = typeof value === 'number' ? value.toLocaleString('en-US') : String(value);
    this.all.set(key(path, prop), { path, prop, value: unit ? `${text} ${unit}` : text, why, rule, source });
  }

  /** Whether the value of this prop is ours. */
  public has(path: string, prop: string): boolean {
    return this.all.has(key(path, prop));
  }

  /** Takes back what the user has chosen otherwise in the meantime. */
  public forget(path: string, prop: string): void {
    this.all.delete(key(path, prop));
  }

  /** All that was given below a scope. */
  public below(scope: IConstruct): GivenDefault[] {
    const { path } = scope.node;
    return [...this.all.values()].filter(given => path === '' || given.path === path || given.path.startsWith(`${path}/`));
  }
}

function key(path: string, prop: string): string {
  return `${path}#${prop}`;
}
