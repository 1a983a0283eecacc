import { isJson, textOf } from './value';
import type { Json } from './value';

/** One way the conditions of an app can come out: the values of the parameters and comparisons they hang on. */
export type World = ReadonlyMap<string, unknown>;

/** How a world names a parameter, or a comparison that only the deployment can decide. */
export function worldKey(template: number, name: string): string {
  return `${template}:${name}`;
}

/** A parameter that equals none of the literals it is compared with. */
export const OTHER = Symbol('any other value');

const WORLDS_MAX = 16;
/** Resources times worlds: keeps the time bounded for large apps with many conditions. */
const EVALUATIONS_MAX = 8_000;

interface Variable { readonly key: string; readonly candidates: unknown[] }

/** The worlds worth looking at: all of them when they are few, else the defaults and each change of one thing. */
export function worldsOf(templates: Json[]): World[] {
  const variables = templates.flatMap(variablesOf);
  const resources = templates.reduce((n, template) => n + (isJson(template.Resources) ? Object.keys(template.Resources).length : 0), 0);
  const most = Math.max(2, Math.min(WORLDS_MAX, Math.floor(EVALUATIONS_MAX / Math.max(1, resources))));
  const all = variables.reduce((n, variable) => Math.min(most + 1, n * variable.candidates.length), 1);
  const worlds = all <= most ? product(variables) : oneAtATime(variables);
  return worlds.slice(0, most);
}

function product(variables: Variable[]): World[] {
  return variables.reduce<Map<string, unknown>[]>(
    (worlds, { key, candidates }) => worlds.flatMap(world => candidates.map(value => new Map([...world, [key, value]]))), [new Map()]);
}

function oneAtATime(variables: Variable[]): World[] {
  const base = new Map(variables.map(({ key, candidates }) => [key, candidates[0]]));
  return [base, ...variables.flatMap(({ key, candidates }) => candidates.slice(1).map(value => new Map([...base, [key, value]])))];
}

function variablesOf(template: Json, index: number): Variable[] {
  const conditions = isJson(template.Conditions) ? template.Conditions : {};
  if (Object.keys(conditions).length === 0) return [];
  const found = new Map<string, Set<unknown>>();
  const seen = new Set<string>();
  const use = (name: unknown) => {
    if (typeof name !== 'string' || seen.has(name) || !Object.hasOwn(conditions, name)) return;
    seen.add(name);
    walk(conditions[name], node => {
      if ('Condition' in node) use(node.Condition);
      if ('Fn::Equals' in node) compare(node['Fn::Equals'], template, found);
    });
  };
  for (const resource of Object.values(isJson(template.Resources) ? template.Resources : {})) {
    // CDK's usage metadata is conditional in every template and of no interest here
    if (!isJson(resource) || resource.Type === 'AWS::CDK::Metadata') continue;
    use(resource.Condition);
    walk([resource.Properties, resource.UpdatePolicy], node => Array.isArray(node['Fn::If']) && use(node['Fn::If'][0]));
  }
  return [...found].map(([name, values]) => ({ key: worldKey(index, name), candidates: [...values] }));
}

function compare(sides: unknown, template: Json, found: Map<string, Set<unknown>>): void {
  if (!Array.isArray(sides) || sides.length !== 2) return;
  const ref = sides.find(side => isJson(side) && typeof side.Ref === 'string') as Json | undefined;
  const literal = sides.find(side => typeof side !== 'object');
  if (ref === undefined || literal === undefined) {
    found.set(comparisonName(sides), new Set([true, false]));
    return;
  }
  const name = ref.Ref as string;
  const parameter = isJson(template.Parameters) && isJson(template.Parameters[name]) ? template.Parameters[name] : {};
  const values = found.get(name) ?? new Set();
  if (parameter.Default !== undefined && typeof parameter.Default !== 'object') values.add(textOf(parameter.Default));
  const closed = Array.isArray(parameter.AllowedValues) && parameter.AllowedValues.length > 0;
  if (closed) (parameter.AllowedValues as unknown[]).forEach(value => values.add(textOf(value)));
  else values.add(textOf(literal));
  values.delete(OTHER);
  if (!closed) values.add(OTHER);
  found.set(name, values);
}

/** A comparison of anything but a parameter with a literal is itself the variable. */
export function comparisonName(sides: unknown): string {
  return JSON.stringify(sides)?.slice(0, 500) ?? '';
}

/** Visits every object below, each once and without recursion: templates come from anywhere. */
function walk(root: unknown, visit: (node: Json) => void): void {
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (Array.isArray(node)) {
      for (const item of node) stack.push(item);
    } else if (isJson(node)) {
      visit(node);
      for (const item of Object.values(node)) stack.push(item);
    }
  }
}
