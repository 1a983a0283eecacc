import type { Resource } from './resource';

/** What cannot be known before deployment: no rule may draw an error from it. */
export class Unknown {
  public static readonly VALUE = new Unknown(false);
  /** A pseudo parameter: unknown too, but surely without a separator inside. */
  public static readonly PLAIN = new Unknown(true);
  private constructor(public readonly plain: boolean) {}
}

/** A `Ref` or `Fn::GetAtt` to a resource of the app, or a piece cut out of one. */
export class Reference {
  constructor(public readonly resource: Resource, public readonly attribute: string) {}
}

/** A string of which some parts are references or unknown. */
export class Text {
  private written?: string;
  private found?: readonly Reference[];

  constructor(public readonly parts: ReadonlyArray<string | Reference | Unknown>) {}

  /** What is known of the text, in order, with `*` for the rest. */
  public get pattern(): string {
    return this.written ??= this.parts.map(part => (typeof part === 'string' ? part : '*')).join('');
  }

  public get references(): readonly Reference[] {
    return this.found ??= this.parts.filter(part => part instanceof Reference);
  }
}

/** A property value after resolution: plain JSON, but for what only the deployment knows. */
export type Value = string | number | boolean | null | undefined | Unknown | Reference | Text | Value[] | { [key: string]: Value };

/** A template as parsed: nothing about it is taken for granted. */
export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isRecord(value: Value): value is { [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isPart(value);
}

/** Objects of the template have no prototype to fall through to: `constructor` is a key like any other. */
export function member(value: Value, key: string): Value {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined;
  if (isPart(value)) return Unknown.VALUE;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** An object without a prototype to fall through to, that is as fast as any other: `Object.create(null)` is a hash table. */
export class Bag {
  [key: string]: Value;
}
Object.setPrototypeOf(Bag.prototype, null);
Reflect.deleteProperty(Bag.prototype, 'constructor');

/** The number, also when it is written as a string, as parameters and YAML often have it. */
export function asNumber(value: Value): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value)) return Number(value);
  return undefined;
}

export function asString(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The text of a scalar; `String()` would run a `toString` that stands in the template. */
export function textOf(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}

export function asBoolean(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return undefined;
}

/** The known items; an absent or unknown list has none. One value stands for a list of one, as IAM allows. */
export function asList(value: Value): Value[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null || value instanceof Unknown ? [] : [value];
}

/** Whether anything inside is not known. */
export function hasUnknown(value: Value): boolean {
  if (value instanceof Unknown || value instanceof Text) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) && Object.values(value).some(hasUnknown);
}

/** The string with `*` for what is not known: good for matching, not for comparing. */
export function patternOf(value: Value): string {
  if (value instanceof Text) return value.pattern;
  if (value instanceof Reference || value instanceof Unknown) return '*';
  return asString(value) ?? '';
}

/** How a value stands in a message: short, and never more of the template than needed. */
export function show(value: Value): string {
  if (value === undefined || value === null) return 'nothing';
  if (value instanceof Unknown) return 'an unknown value';
  if (value instanceof Reference) return `a reference to ${value.resource.path}`;
  const text = value instanceof Text ? value.pattern : typeof value === 'string' ? value : JSON.stringify(value, (_, v) => (isPart(v) ? patternOf(v) : v)) ?? '';
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

function isPart(value: unknown): value is Reference | Text | Unknown {
  return value instanceof Reference || value instanceof Text || value instanceof Unknown;
}
