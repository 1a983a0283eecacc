import type { IConstruct } from 'constructs';

/**
 * One value that ProductionDefaults set on one construct.
 */
export interface AppliedDefault {
  /**
   * The path of the construct.
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
   * Why production requires the value.
   */
  readonly why: string;

  /**
   * The id of the rule of ProductionChecks that checks the same setting, as in docs/RULES.md.
   *
   * @default - no rule checks it
   */
  readonly rule?: string;

  /**
   * The page of AWS from which the value follows.
   */
  readonly source: string;
}

/** The part of a row of DEFAULTS that is reported with a value. */
export interface Reason {
  readonly why: string;
  readonly rule?: string;
  readonly source: string;
  readonly unit?: string;
}

const APPLIED = Symbol.for('cdk-production-lambda.ProductionDefaults.values');
type Root = IConstruct & { [APPLIED]?: Map<string, AppliedDefault> };

/** The values that were set in an app, in the order in which they were set. */
export class AppliedDefaults {
  public static of(scope: IConstruct): AppliedDefaults {
    const root = scope.node.root as Root;
    root[APPLIED] ??= new Map();
    return new AppliedDefaults(root[APPLIED]);
  }

  private constructor(private readonly all: Map<string, AppliedDefault>) {}

  /** Records a value. A later value of the same prop replaces it. */
  public record(path: string, prop: string, value: unknown, { why, rule, source, unit }: Reason): void {
    const text = typeof value === 'number' ? value.toLocaleString('en-US') : String(value);
    this.all.set(key(path, prop), { path, prop, value: unit ? `${text} ${unit}` : text, why, rule, source });
  }

  /** Whether ProductionDefaults set a prop. */
  public has(path: string, prop: string): boolean {
    return this.all.has(key(path, prop));
  }

  /** Removes the record of a value that was reverted. */
  public remove(path: string, prop: string): void {
    this.all.delete(key(path, prop));
  }

  /** The values that were set below a scope. */
  public below(scope: IConstruct): AppliedDefault[] {
    const { path } = scope.node;
    return [...this.all.values()].filter(applied => path === '' || applied.path === path || applied.path.startsWith(`${path}/`));
  }
}

function key(path: string, prop: string): string {
  return `${path}#${prop}`;
}
