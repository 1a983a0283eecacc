import { shown } from './app-view';
import { REPLACEMENTS } from './replacements.generated';
import type { Json } from '../../checks/graph';
import { isJson, NAME_PROPERTIES } from '../../checks/graph';

/** A resource that one of two assemblies has, or that changes so that CloudFormation replaces it. */
export interface ResourceChange {
  readonly template: string;
  readonly logicalId: string;
  readonly type: string;
  readonly path: string;
}

export interface Replacement extends ResourceChange {
  /** The properties whose change replaces the resource. */
  readonly properties: readonly string[];
  /** CloudFormation replaces only in some cases. */
  readonly isPossible: boolean;
  /** The type before, if the same logical ID has another type: CloudFormation rejects the update. */
  readonly typeBefore?: string;
  /** The logical ID before, if only the logical ID is new: CloudFormation creates the resource again. */
  readonly logicalIdBefore?: string;
  /** The replaced resources that the properties refer to, if the properties are the same. */
  readonly follows?: readonly string[];
  /** `UpdateReplacePolicy` retains the old resource in the account. */
  readonly isRetained?: boolean;
  /** The name of the resource, if it does not change: the name is taken until the old resource is deleted, so the update fails. */
  readonly takenName?: string;
}

/** A resource of a template with the parameters of the template. */
export interface Located extends ResourceChange {
  /** The stack; one for both templates if one template is compared with another. */
  readonly scope: string;
  readonly raw: Json;
  readonly parameters: Json;
}

/** A resource before and now. */
export interface Pair {
  readonly before: Located;
  readonly now: Located;
}

export function withoutRaw({ template, logicalId, type, path }: Located): ResourceChange {
  return { template, logicalId, type, path };
}

/** What CloudFormation replaces, also because a property refers to a resource that is replaced. */
export function replacementsOf(pairs: readonly Pair[], renamed: readonly Pair[]): Replacement[] {
  const found = new Map<Located, Replacement>();
  for (const { before, now } of renamed) {
    found.set(now, { ...withoutRaw(now), properties: [], isPossible: false, logicalIdBefore: before.logicalId, ...takenName(before, now) });
  }
  for (const pair of pairs) {
    const change = replacementOf(pair);
    if (change) found.set(pair.now, change);
  }
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const { before, now } of pairs) {
      const change = found.has(now) ? undefined : followingOf(before, now, found);
      if (change) found.set(now, change);
    }
  }
  const order = [...renamed, ...pairs].map(({ now }) => now);
  return order.flatMap(now => found.get(now) ?? []);
}

function replacementOf({ before, now }: Pair): Replacement | undefined {
  if (before.type !== now.type) return { ...withoutRaw(now), properties: [], isPossible: false, typeBefore: before.type };
  const changed = replacingProperties(now).flatMap(({ name, isPossible }) => {
    const [old, current] = [propertiesOf(before)[name], propertiesOf(now)[name]];
    if (canonical(old) !== canonical(current)) return [{ name, isPossible: isPossible || hasCondition(old) || hasCondition(current) }];
    // the deployment can pass another value than the default
    return canonical(old, before.parameters) === canonical(current, now.parameters) ? [] : [{ name, isPossible: true }];
  });
  if (changed.length === 0) return undefined;
  const isPossible = changed.every(each => each.isPossible);
  return {
    ...withoutRaw(now), properties: changed.map(({ name }) => name), isPossible, ...retention(now), ...isPossible ? {} : takenName(before, now),
  };
}

/** The replacement of a resource whose properties refer to resources that are replaced. */
function followingOf(before: Located, now: Located, found: ReadonlyMap<Located, Replacement>): Replacement | undefined {
  const replaced = new Map([...found].filter(([{ scope }, { typeBefore }]) => scope === now.scope && typeBefore === undefined)
    .map(([{ logicalId }, change]) => [logicalId, change]));
  const changed = replacingProperties(now).flatMap(({ name, isPossible }) => {
    const origins = [...referencesIn(propertiesOf(now)[name])].flatMap(id => replaced.get(id) ?? []);
    return origins.length === 0 ? [] : [{ name, origins, isPossible: isPossible || origins.every(origin => origin.isPossible) }];
  });
  if (changed.length === 0) return undefined;
  const isPossible = changed.every(each => each.isPossible);
  return {
    ...withoutRaw(now),
    properties: changed.map(({ name }) => name),
    isPossible,
    follows: [...new Set(changed.flatMap(({ origins }) => origins.map(({ logicalId }) => logicalId)))],
    ...retention(now),
    ...isPossible ? {} : takenName(before, now),
  };
}

/** The properties whose change replaces a resource of the type, always or in some cases. */
function replacingProperties({ type }: Located): { readonly name: string; readonly isPossible: boolean }[] {
  const names = Object.hasOwn(REPLACEMENTS, type) ? REPLACEMENTS[type].split(' ') : [];
  return names.map(name => ({ name: name.replace('?', ''), isPossible: name.endsWith('?') }));
}

function retention({ raw }: Located): Pick<Replacement, 'isRetained'> {
  return raw.UpdateReplacePolicy === 'Retain' ? { isRetained: true } : {};
}

/** The literal name of both resources, if it is the same. */
function takenName(before: Located, now: Located): Pick<Replacement, 'takenName'> {
  const property = NAME_PROPERTIES.get(now.type);
  const [old, name] = property === undefined ? [] : [propertiesOf(before)[property], propertiesOf(now)[property]];
  return typeof name === 'string' && name === old ? { takenName: shown(name) } : {};
}

export function propertiesOf({ raw }: Located): Json {
  return isJson(raw.Properties) ? raw.Properties : {};
}

function hasCondition(value: unknown): boolean {
  return JSON.stringify(value)?.includes('"Fn::If"') ?? false;
}

/** A value as text: the order of keys, and both forms of Fn::GetAtt, make no difference. With parameters, a Ref has their default. */
export function canonical(value: unknown, parameters: Json = {}): string | undefined {
  return JSON.stringify(value, (_, each: unknown) => {
    if (!isJson(each)) return each;
    const keys = Object.keys(each).sort();
    if (keys.length === 1 && keys[0] === 'Fn::GetAtt' && typeof each[keys[0]] === 'string') return { 'Fn::GetAtt.': each[keys[0]] };
    if (keys.length === 1 && keys[0] === 'Fn::GetAtt' && Array.isArray(each[keys[0]])) return { 'Fn::GetAtt.': (each[keys[0]] as unknown[]).join('.') };
    const name = keys.length === 1 && typeof each.Ref === 'string' ? each.Ref : '';
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (isJson(parameter)) return { ref: name, default: parameter.Default };
    return Object.fromEntries(keys.map(key => [key, each[key]]));
  });
}

/** The logical IDs in Ref, Fn::GetAtt and Fn::Sub. */
function referencesIn(value: unknown): Set<string> {
  const ids = new Set<string>();
  const open = [value];
  while (open.length > 0) {
    const each = open.pop();
    if (Array.isArray(each)) open.push(...each as unknown[]);
    if (!isJson(each)) continue;
    if (typeof each.Ref === 'string') ids.add(each.Ref);
    const attribute = Array.isArray(each['Fn::GetAtt']) ? (each['Fn::GetAtt'] as unknown[])[0] : each['Fn::GetAtt'];
    if (typeof attribute === 'string') ids.add(attribute.split('.')[0]);
    const text = Array.isArray(each['Fn::Sub']) ? (each['Fn::Sub'] as unknown[])[0] : each['Fn::Sub'];
    if (typeof text === 'string') for (const [, id] of text.matchAll(/\$\{(\w+)(?:\.[\w.]+)?\}/g)) ids.add(id);
    open.push(...Object.values(each));
  }
  return ids;
}
