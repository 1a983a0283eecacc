import { Bag, Reference, Text, Unknown, asNumber, asString, isJson } from './value';
import type { Json, Value } from './value';

/** The template that the resolver works in. */
export interface Scope {
  reference(name: string, depth: number): Value;
  attribute(logicalId: string, attribute: string, depth: number): Value;
  condition(name: string): boolean | undefined;
  mapping(name: string): unknown;
  imported(name: string, depth: number): Value;
}

/** CloudFormation accepts no deeper nesting; deeper values are unknown. */
const DEPTH_MAX = 60;
/** Marks `AWS::NoValue` until the object or list around it is complete. */
const NO_VALUE = Symbol('AWS::NoValue');
type Maybe = Value | typeof NO_VALUE;

/** Resolves intrinsic functions of CloudFormation, as far as the template determines them. */
export class Resolver {
  constructor(private readonly scope: Scope) {}

  public resolve(raw: unknown, depth = 0): Value {
    const value = this.visit(raw, depth);
    return value === NO_VALUE ? undefined : value;
  }

  /** The branch that a condition selects, undefined for `AWS::NoValue`, and any other value unchanged. */
  public settle(raw: unknown, depth = 0): unknown {
    if (!isJson(raw) || depth > DEPTH_MAX) return raw;
    const name = intrinsicOf(raw);
    if (name === 'Ref' && raw.Ref === 'AWS::NoValue') return undefined;
    const branch = name === 'Fn::If' ? this.chosen(raw[name]) : undefined;
    return branch ? this.settle(branch.raw, depth + 1) : raw;
  }

  private visit(raw: unknown, depth: number): Maybe {
    if (typeof raw !== 'object' || raw === null) return raw as Maybe;
    if (depth > DEPTH_MAX) return Unknown.VALUE;
    if (Array.isArray(raw)) return this.items(raw, depth);
    const name = intrinsicOf(raw as Json);
    if (name === undefined) return this.members(raw as Json, depth);
    return this.intrinsic(name, (raw as Json)[name], depth + 1);
  }

  /** The list itself if no item has to be resolved, as in most of a template. */
  private items(raw: unknown[], depth: number): Value[] {
    let result: Value[] | undefined;
    for (let i = 0; i < raw.length; i++) {
      const value = this.visit(raw[i], depth + 1);
      if (result === undefined && value !== raw[i]) result = raw.slice(0, i) as Value[];
      if (result !== undefined && value !== NO_VALUE) result.push(value);
    }
    return result ?? raw as Value[];
  }

  private members(raw: Json, depth: number): { [key: string]: Value } {
    let result: { [key: string]: Value } | undefined;
    for (const key of Object.keys(raw)) {
      const value = this.visit(raw[key], depth + 1);
      if (result === undefined && value !== raw[key]) result = before(raw, key);
      if (result !== undefined && value !== NO_VALUE) result[key] = value;
    }
    return result ?? raw as { [key: string]: Value };
  }

  private intrinsic(name: string, argument: unknown, depth: number): Maybe {
    switch (name) {
      case 'Ref': return this.reference(argument, depth);
      case 'Fn::GetAtt': return this.getAtt(argument, depth);
      case 'Fn::Sub': return this.sub(argument, depth);
      case 'Fn::Join': return this.join(argument, depth);
      case 'Fn::Split': return this.split(argument, depth);
      case 'Fn::Select': return this.select(argument, depth);
      case 'Fn::If': return this.branch(argument, depth);
      case 'Fn::FindInMap': return this.find(argument, depth);
      case 'Fn::ImportValue': return this.import(argument, depth);
      case 'Fn::ToJsonString': return concatenate(jsonParts(this.resolve(argument, depth)));
      default: return Unknown.VALUE;
    }
  }

  private reference(argument: unknown, depth: number): Maybe {
    if (typeof argument !== 'string') return Unknown.VALUE;
    return argument === 'AWS::NoValue' ? NO_VALUE : this.scope.reference(argument, depth);
  }

  private getAtt(argument: unknown, depth: number): Value {
    const [id, ...rest] = typeof argument === 'string' ? argument.split('.') : asItems(argument);
    if (typeof id === 'string' && rest.length === 1 && typeof rest[0] === 'string' && rest[0] !== '') {
      return this.scope.attribute(id, rest[0], depth);
    }
    const attribute = rest.map(part => asString(this.resolve(part, depth))).join('.');
    return typeof id === 'string' && attribute !== '' ? this.scope.attribute(id, attribute, depth) : Unknown.VALUE;
  }

  private sub(argument: unknown, depth: number): Value {
    const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
    if (typeof template !== 'string') return Unknown.VALUE;
    const parts: Value[] = [];
    let end = 0;
    for (const match of template.matchAll(/\$\{([^{}]*)\}/g)) {
      parts.push(template.slice(end, match.index), this.substitute(match[1].trim(), variables, depth));
      end = match.index + match[0].length;
    }
    return concatenate([...parts, template.slice(end)]);
  }

  private substitute(name: string, variables: unknown, depth: number): Value {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (isJson(variables) && Object.hasOwn(variables, name)) return this.resolve(variables[name], depth + 1);
    const dot = name.indexOf('.');
    if (dot < 0) return this.scope.reference(name, depth);
    return this.scope.attribute(name.slice(0, dot), name.slice(dot + 1), depth);
  }

  private join(argument: unknown, depth: number): Value {
    if (!Array.isArray(argument)) return Unknown.VALUE;
    const [separator, list] = [argument[0], this.resolve(argument[1], depth)];
    if (typeof separator !== 'string' || !Array.isArray(list)) return Unknown.VALUE;
    return concatenate(list.flatMap((item, i) => (i === 0 ? [item] : [separator, item])));
  }

  private split(argument: unknown, depth: number): Value {
    if (!Array.isArray(argument)) return Unknown.VALUE;
    const [separator, text] = [argument[0], this.resolve(argument[1], depth)];
    if (typeof separator !== 'string' || separator === '') return Unknown.VALUE;
    if (typeof text === 'string') return text.split(separator);
    if (text instanceof Reference) return new Reference(text.resource, `${text.attribute}/split`);
    return text instanceof Text ? splitText(text, separator) : Unknown.VALUE;
  }

  private select(argument: unknown, depth: number): Value {
    if (!Array.isArray(argument)) return Unknown.VALUE;
    const index = asNumber(this.resolve(argument[0], depth));
    const list = this.resolve(argument[1], depth);
    if (index === undefined) return Unknown.VALUE;
    if (list instanceof Reference) return new Reference(list.resource, `${list.attribute}[${index}]`);
    return Array.isArray(list) && index in list ? list[index] : Unknown.VALUE;
  }

  private branch(argument: unknown, depth: number): Maybe {
    const branch = this.chosen(argument);
    return branch ? this.visit(branch.raw, depth) : Unknown.VALUE;
  }

  /** The selected branch of an `Fn::If`, if the condition is known. */
  private chosen(argument: unknown): { readonly raw: unknown } | undefined {
    if (!Array.isArray(argument) || typeof argument[0] !== 'string') return undefined;
    const holds = this.scope.condition(argument[0]);
    return holds === undefined ? undefined : { raw: argument[holds ? 1 : 2] };
  }

  private find(argument: unknown, depth: number): Value {
    if (!Array.isArray(argument)) return Unknown.VALUE;
    const [map, ...keys] = argument.slice(0, 3).map(key => asString(this.resolve(key, depth)));
    if (map === undefined || keys.length !== 2) return Unknown.VALUE;
    const [found, ...others] = valuesAt(this.scope.mapping(map), keys);
    // a key that only the deployment knows does not matter if all values are equal
    const isSame = others.every(other => JSON.stringify(other) === JSON.stringify(found));
    const fallback: Json = isJson(argument[3]) ? argument[3] : {};
    const isClosed = !keys.includes(undefined) || !('DefaultValue' in fallback);
    if (found !== undefined) return isSame && isClosed ? this.resolve(found, depth) : Unknown.VALUE;
    return keys.includes(undefined) ? Unknown.VALUE : this.resolve(fallback.DefaultValue, depth) ?? Unknown.VALUE;
  }

  private import(argument: unknown, depth: number): Value {
    const name = asString(this.resolve(argument, depth));
    return name === undefined ? Unknown.VALUE : this.scope.imported(name, depth);
  }
}

/** The values of a mapping under two keys, an unknown key is any key. */
function valuesAt(mapping: unknown, keys: readonly (string | undefined)[]): unknown[] {
  return keys.reduce<unknown[]>((found, key) => found.filter(isJson).flatMap(row => {
    if (key === undefined) return Object.values(row);
    return Object.hasOwn(row, key) ? [row[key]] : [];
  }), [mapping]);
}

function asItems(argument: unknown): unknown[] {
  return Array.isArray(argument) ? argument : [];
}

/** The name of the intrinsic function that the object calls, if it calls one. */
export function intrinsicOf(raw: Json): string | undefined {
  let only: string | undefined;
  for (const key in raw) {
    if (only !== undefined) return undefined;
    if (key !== 'Ref' && !key.startsWith('Fn::')) return undefined;
    only = key;
  }
  return only;
}

/** A copy of the members before the key. */
function before(raw: Json, key: string): { [key: string]: Value } {
  const copy: { [key: string]: Value } = new Bag();
  for (const name of Object.keys(raw)) {
    if (name === key) break;
    copy[name] = raw[name] as Value;
  }
  return copy;
}

/** Joins adjacent strings, with references and unknown values between them. */
function concatenate(values: Value[]): Value {
  const parts: (string | Reference | Unknown)[] = [];
  const push = (part: string | Reference | Unknown) => {
    const last = parts.length - 1;
    if (typeof part === 'string' && typeof parts[last] === 'string') parts[last] += part;
    else if (part !== '') parts.push(part);
  };
  for (const value of values) {
    if (value instanceof Text) value.parts.forEach(push);
    else if (value instanceof Reference || value instanceof Unknown) push(value);
    else push(asString(value) ?? Unknown.VALUE);
  }
  if (parts.length === 0) return '';
  if (parts.length > 1) return new Text(parts);
  return parts[0];
}

/** The parts of the JSON text of a value. References and unknown values are in quotes, as their texts are. */
function jsonParts(value: Value): Value[] {
  if (value instanceof Reference || value instanceof Unknown) return ['"', value, '"'];
  if (value instanceof Text) {
    const parts = value.parts.map(part => (typeof part === 'string' ? JSON.stringify(part).slice(1, -1) : part));
    return ['"', ...parts, '"'];
  }
  if (typeof value !== 'object' || value === null) return [JSON.stringify(value) ?? 'null'];
  const isList = Array.isArray(value);
  const members = Object.entries(value).flatMap(([key, item], i) => (
    [i === 0 ? '' : ',', isList ? '' : `${JSON.stringify(key)}:`, ...jsonParts(item)]));
  return isList ? ['[', ...members, ']'] : ['{', ...members, '}'];
}

/** Splits the known parts. The result is unknown if an unknown part could contain a separator. */
function splitText(text: Text, separator: string): Value {
  const pieces: Value[][] = [[]];
  for (const part of text.parts) {
    if (typeof part !== 'string') {
      if (part instanceof Unknown && !part.plain) return Unknown.VALUE;
      pieces[pieces.length - 1].push(part);
      continue;
    }
    const [first, ...rest] = part.split(separator);
    pieces[pieces.length - 1].push(first);
    for (const piece of rest) pieces.push([piece]);
  }
  return pieces.map(concatenate);
}

