import { intrinsicOf } from './resolver';
import type { TemplateGraph } from './template-graph';
import { asBoolean, asList, asNumber, asString, isJson, isRecord, member, Unknown } from './value';
import type { Json, Value } from './value';

/** Stands for what only shows when something on the way to it is resolved. */
const BEHIND = {};

/** Paths stand in the rules, a few hundred of them; those with the number of an item in them do not fill the memory. */
const STEPS_MAX = 2_000;
const STEPS = new Map<string, readonly string[]>();

/** An object of a template in one world: its members are resolved when first asked for, and nothing beside them. */
export class Fields {
  /** What had to be resolved, by path. */
  private known?: Map<string, Value>;
  /** No call of a function: what it does not have is not there. */
  private plain?: boolean;

  constructor(public readonly template: TemplateGraph, private readonly members: unknown) {}

  public get(path: string): Value {
    const raw = this.written(path);
    if (typeof raw !== 'object' || raw === null) return raw as Value;
    const known = this.known?.get(path);
    if (known !== undefined) return known;
    const value = raw === BEHIND ? this.behind(path) : this.template.resolve(raw);
    if (value !== undefined) (this.known ??= new Map()).set(path, value);
    return value;
  }

  /** Surely not set: an unknown value may well be there. */
  public lacks(path: string): boolean {
    const raw = this.written(path);
    if (typeof raw !== 'object' || raw === null) return raw === undefined || raw === null;
    return !isCollection(raw) && (this.get(path) ?? undefined) === undefined;
  }

  public isUnknown(path: string): boolean {
    const raw = this.written(path);
    return typeof raw === 'object' && raw !== null && !isCollection(raw) && this.get(path) instanceof Unknown;
  }

  /** The number, or CloudFormation's own default when the property is surely absent. */
  public number(path: string, whenAbsent?: number): number | undefined {
    return asNumber(this.get(path) ?? whenAbsent);
  }

  public string(path: string, whenAbsent?: string): string | undefined {
    return asString(this.get(path) ?? whenAbsent);
  }

  public boolean(path: string, whenAbsent?: boolean): boolean | undefined {
    return asBoolean(this.get(path) ?? whenAbsent);
  }

  public list(path: string): Value[] {
    return asList(this.get(path));
  }

  /** The items of a list of objects, each to be read in part; an object stands for a list of one, as IAM allows. Of a list in a list: none. */
  public items(path: string): Fields[] {
    const raw = this.template.settle(this.written(path));
    if (!Array.isArray(raw)) return isCollection(raw) ? [new Fields(this.template, raw)] : [];
    const items = [];
    for (const item of raw) {
      const settled = this.template.settle(item);
      if (settled !== undefined) items.push(new Fields(this.template, settled));
    }
    return items;
  }

  /** The keys of a map property; empty when the map is absent or unknown. */
  public entries(path: string): [string, Value][] {
    const value = this.get(path);
    return isRecord(value) ? Object.entries(value) : [];
  }

  /** What stands in the template, its conditions decided where the way leads through them. */
  private written(path: string): unknown {
    const steps = STEPS.get(path) ?? split(path);
    let raw = this.members;
    let i = 0;
    while (i < steps.length) {
      if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw === undefined ? undefined : BEHIND;
      if (Object.hasOwn(raw, steps[i])) {
        // the call of a function has no other member: this is none
        raw = (raw as Json)[steps[i++]];
        continue;
      }
      if (raw === this.members ? this.plain ??= intrinsicOf(raw as Json) === undefined : intrinsicOf(raw as Json) === undefined) return undefined;
      const settled = this.template.settle(raw);
      if (settled === raw) return BEHIND;
      raw = settled;
    }
    return raw;
  }

  private behind(path: string): Value {
    const dot = path.lastIndexOf('.');
    return member(dot < 0 ? this.template.resolve(this.members) : this.get(path.slice(0, dot)), path.slice(dot + 1));
  }
}

function split(path: string): readonly string[] {
  const steps = path.split('.');
  if (STEPS.size < STEPS_MAX) STEPS.set(path, steps);
  return steps;
}

/** A list or an object that stands there as it is: whatever is inside, it is there, and known to be. */
function isCollection(raw: unknown): boolean {
  return raw !== BEHIND && (Array.isArray(raw) || (isJson(raw) && intrinsicOf(raw) === undefined));
}
