import type { Resource } from './resource';

/** A value that is not known before the deployment. No rule may report an error because of it. */
export class Unknown {
  public static readonly VALUE = new Unknown(false);
  /** A pseudo parameter, which is unknown but contains no separator. */
  public static readonly PLAIN = new Unknown(true);

  /** A value that is unknown but equal wherever the template names its source, such as a parameter. */
  public static of(source: string, plain = false): Unknown { return new Unknown(plain, source); }

  private constructor(public readonly plain: boolean, public readonly source?: string) {}

  /** The name of the parameter, without its template. */
  public get parameter(): string | undefined { return this.source?.split(' ')[1]; }
}

/** A `Ref` or `Fn::GetAtt` to a resource of the app, or a part of one. */
export class Reference {
  constructor(public readonly resource: Resource, public readonly attribute: string) {}
}

/** A string with parts that are references or unknown. */
export class Text {
  private joined?: string;
  private referenceParts?: readonly Reference[];

  constructor(public readonly parts: ReadonlyArray<string | Reference | Unknown>) {}

  /** The known parts of the text, with `*` for the other parts. */
  public get pattern(): string {
    return this.joined ??= this.parts.map(part => (typeof part === 'string' ? part : '*')).join('');
  }

  public get references(): readonly Reference[] {
    return this.referenceParts ??= this.parts.filter(part => part instanceof Reference);
  }
}

/** A property value after resolution: JSON, with references and unknown values. */
export type Value = string | number | boolean | null | undefined | Unknown | Reference | Text | Value[]
  | { [key: string]: Value };

/** A parsed template, of which nothing is known. */
export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isRecord(value: Value): value is { [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isPart(value);
}

/** An own member of a list or object: `constructor` is an ordinary key. */
export function member(value: Value, key: string): Value {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined;
  if (isPart(value)) return Unknown.VALUE;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** An object without a prototype. V8 stores `Object.create(null)` as a slow hash table, but not this class. */
export class Bag {
  [key: string]: Value;
}
Object.setPrototypeOf(Bag.prototype, null);
Reflect.deleteProperty(Bag.prototype, 'constructor');

/** The number, also from a string, which parameters and YAML often contain. */
export function asNumber(value: Value): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value)) return Number(value);
  return undefined;
}

export function asString(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The text of a scalar. `String()` would call a `toString` key of the template. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function asBoolean(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return undefined;
}

/** The known items; an absent or unknown list has none. IAM allows a single value instead of a list. */
export function asList(value: Value): Value[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null || value instanceof Unknown ? [] : [value];
}

/** Whether any part of the value is unknown. */
export function hasUnknown(value: Value): boolean {
  if (value instanceof Unknown || value instanceof Text) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) && Object.values(value).some(hasUnknown);
}

/** The string with `*` for unknown parts, for pattern matching only. */
export function patternOf(value: Value): string {
  if (value instanceof Text) return value.pattern;
  if (value instanceof Reference || value instanceof Unknown) return '*';
  return asString(value) ?? '';
}

/** A text that equal names have, also with unknown parameters; undefined if another part is unknown. */
export function identityOf(value: Value): string | undefined {
  if (!(value instanceof Text) && !(value instanceof Unknown)) return asString(value);
  let text = '';
  for (const part of value instanceof Text ? value.parts : [value]) {
    if (part instanceof Reference || (part instanceof Unknown && part.source === undefined)) return undefined;
    text += part instanceof Unknown ? `<${part.source}>` : part;
  }
  return text;
}

/** The value for a message, shortened. */
export function show(value: Value): string {
  if (value === undefined || value === null) return 'nothing';
  if (value instanceof Unknown) return 'an unknown value';
  if (value instanceof Reference) return `a reference to ${value.resource.path}`;
  const text = value instanceof Text ? value.pattern : typeof value === 'string' ? value : toJson(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** The fewest bytes of a value as JSON. An ARN has at least 30 bytes, and any other unknown part one. */
export function minimumBytes(value: Value): number {
  if (Array.isArray(value)) return 2 + separated(value.map(minimumBytes));
  if (isRecord(value)) {
    const members = Object.entries(value).filter(([, item]) => item !== undefined);
    return 2 + separated(members.map(([key, item]) => byteLength(JSON.stringify(key)) + 1 + minimumBytes(item)));
  }
  if (value instanceof Text) return 2 + value.parts.reduce((sum, part) => sum + partBytes(part), 0);
  return isPart(value) ? 2 + partBytes(value) : byteLength(JSON.stringify(value) ?? 'null');
}

function partBytes(part: string | Reference | Unknown): number {
  if (typeof part === 'string') return byteLength(JSON.stringify(part)) - 2;
  return part instanceof Reference && part.attribute.endsWith('Arn') ? 30 : 1;
}

function separated(sizes: number[]): number {
  return sizes.reduce((sum, size) => sum + size, Math.max(0, sizes.length - 1));
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

function toJson(value: Value): string {
  return JSON.stringify(value, (_, part) => (isPart(part) ? patternOf(part) : part)) ?? '';
}

function isPart(value: unknown): value is Reference | Text | Unknown {
  return value instanceof Reference || value instanceof Text || value instanceof Unknown;
}
