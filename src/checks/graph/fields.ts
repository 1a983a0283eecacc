import { intrinsicOf } from './resolver';
import type { TemplateGraph } from './template-graph';
import { asBoolean, asList, asNumber, asString, isJson, isRecord, member, Unknown } from './value';
import type { Json, Value } from './value';

/** Marks a value that is known only after an intrinsic function on its path is resolved. */
const BEHIND_INTRINSIC = {};

/** The rules contain a few hundred paths. The limit keeps paths with item numbers from filling the memory. */
const STEPS_MAX = 2_000;
const STEPS = new Map<string, readonly string[]>();

/** An object of a template in one condition scenario. A member is resolved when it is first read. */
export class Fields {
  /** Resolved values by path. */
  private known?: Map<string, Value>;
  /** The object is not an intrinsic function, so a missing member is absent. */
  private plain?: boolean;

  constructor(public readonly template: TemplateGraph, private readonly members: unknown) {}

  public get(path: string): Value {
    const raw = this.unresolved(path);
    return typeof raw !== 'object' || raw === null ? raw as Value : this.resolved(path, raw);
  }

  /** Whether the value is surely absent; an unknown value may be present. */
  public lacks(path: string): boolean {
    const raw = this.unresolved(path);
    if (typeof raw !== 'object' || raw === null) return raw === undefined || raw === null;
    return !isCollection(raw) && (this.get(path) ?? undefined) === undefined;
  }

  public isUnknown(path: string): boolean {
    const raw = this.unresolved(path);
    return typeof raw === 'object' && raw !== null && !isCollection(raw) && this.get(path) instanceof Unknown;
  }

  /** The number, or the default of CloudFormation if the property is surely absent. */
  public number(path: string, whenAbsent?: number): number | undefined {
    const raw = this.unresolved(path);
    return raw === undefined ? whenAbsent : asNumber(this.resolved(path, raw) ?? whenAbsent);
  }

  public string(path: string, whenAbsent?: string): string | undefined {
    const raw = this.unresolved(path);
    if (typeof raw === 'string') return raw;
    return raw === undefined ? whenAbsent : asString(this.resolved(path, raw) ?? whenAbsent);
  }

  public boolean(path: string, whenAbsent?: boolean): boolean | undefined {
    return asBoolean(this.get(path) ?? whenAbsent);
  }

  public list(path: string): Value[] {
    const raw = this.unresolved(path);
    return raw === undefined ? [] : asList(this.resolved(path, raw));
  }

  /** The objects of a list. IAM allows a single object instead. A list within a list has no items. */
  public items(path: string): Fields[] {
    const raw = this.settled(this.unresolved(path));
    if (!Array.isArray(raw)) return isCollection(raw) ? [new Fields(this.template, raw)] : [];
    const items = [];
    for (const item of raw) {
      const settled = this.settled(item);
      if (settled !== undefined) items.push(new Fields(this.template, settled));
    }
    return items;
  }

  /** The known texts of one member in the objects of a list. */
  public strings(path: string, name: string): string[] {
    const raw = this.settled(this.unresolved(path));
    const texts = [];
    for (const item of Array.isArray(raw) ? raw : [raw]) {
      // an intrinsic function has no such member
      const own: unknown = isJson(item) && Object.hasOwn(item, name) ? item[name] : undefined;
      if (typeof own !== 'string') return this.items(path).flatMap(fields => fields.string(name) ?? []);
      texts.push(own);
    }
    return texts;
  }

  /** The text of a value in the template, to read equal values once; undefined behind an intrinsic function. */
  public rawText(path: string): string | undefined {
    const raw = this.unresolved(path);
    return raw === BEHIND_INTRINSIC ? undefined : JSON.stringify(raw);
  }

  /** Whether the value is a list, of any items. */
  public isList(path: string): boolean {
    return Array.isArray(this.unresolved(path)) || Array.isArray(this.get(path));
  }

  /** The keys of a map property; empty when the map is absent or unknown. */
  public entries(path: string): [string, Value][] {
    const value = this.get(path);
    return isRecord(value) ? Object.entries(value) : [];
  }

  /** The raw value in the template, with the conditions on its path evaluated. */
  private unresolved(path: string): unknown {
    const steps = STEPS.get(path) ?? split(path);
    let raw = this.members;
    let i = 0;
    while (i < steps.length) {
      if (raw === undefined) return undefined;
      if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return BEHIND_INTRINSIC;
      const next = (raw as Json)[steps[i]];
      // `constructor` is an ordinary key
      if (next !== undefined && Object.hasOwn(raw, steps[i])) {
        // an intrinsic function has no other member, so this object is not one
        raw = next;
        i++;
        continue;
      }
      const isPlain = raw === this.members
        ? this.plain ??= intrinsicOf(raw as Json) === undefined : intrinsicOf(raw as Json) === undefined;
      if (isPlain) return undefined;
      const settled = this.template.settle(raw);
      if (settled === raw) return BEHIND_INTRINSIC;
      raw = settled;
    }
    return raw;
  }

  /** The value of what `unresolved` returned for the path. */
  private resolved(path: string, raw: unknown): Value {
    if (typeof raw !== 'object' || raw === null) return raw as Value;
    const known = this.known?.get(path);
    if (known !== undefined) return known;
    const value = raw === BEHIND_INTRINSIC ? this.behindIntrinsic(path) : this.template.resolve(raw);
    if (value !== undefined) (this.known ??= new Map()).set(path, value);
    return value;
  }

  /** The branch that a condition selects. Only a call of these functions selects one, and few values are one. */
  private settled(raw: unknown): unknown {
    if (typeof raw !== 'object' || raw === null) return raw;
    return 'Fn::If' in raw || 'Ref' in raw ? this.template.settle(raw) : raw;
  }

  private behindIntrinsic(path: string): Value {
    const dot = path.lastIndexOf('.');
    return member(dot < 0 ? this.template.resolve(this.members) : this.get(path.slice(0, dot)), path.slice(dot + 1));
  }
}

function split(path: string): readonly string[] {
  const steps = path.split('.');
  if (STEPS.size < STEPS_MAX) STEPS.set(path, steps);
  return steps;
}

/** A literal list or object, which is present with any members. */
function isCollection(raw: unknown): boolean {
  return raw !== BEHIND_INTRINSIC && (Array.isArray(raw) || (isJson(raw) && intrinsicOf(raw) === undefined));
}
