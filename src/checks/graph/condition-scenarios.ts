import { isJson, textOf } from './value';
import type { Json } from './value';

/** One combination of values for the parameters and comparisons that the conditions of an app depend on. */
export type ConditionScenario = ReadonlyMap<string, unknown>;

/** The key of a parameter, or of a comparison that only the deployment can evaluate. */
export function scenarioKey(template: number, name: string): string {
  return `${template}:${name}`;
}

/** The value of a parameter that equals none of the literals that it is compared with. */
export const OTHER = Symbol('any other value');

const SCENARIOS_MAX = 16;
/** Resources times scenarios: limits the time for large apps with many conditions. */
const EVALUATIONS_MAX = 8_000;

/** A parameter or comparison with its possible values. */
interface Variable {
  readonly key: string;
  readonly candidates: unknown[];
}

/** The scenarios to check: all combinations if they are few, otherwise the defaults and each change of one variable. */
export function scenariosOf(templates: Json[]): ConditionScenario[] {
  const variables = templates.flatMap(variablesOf);
  const resources = templates.reduce((n, template) => n + countResources(template), 0);
  const most = Math.max(2, Math.min(SCENARIOS_MAX, Math.floor(EVALUATIONS_MAX / Math.max(1, resources))));
  const all = variables.reduce((n, variable) => Math.min(most + 1, n * variable.candidates.length), 1);
  const scenarios = all <= most ? product(variables) : oneAtATime(variables);
  return scenarios.slice(0, most);
}

function countResources(template: Json): number {
  return isJson(template.Resources) ? Object.keys(template.Resources).length : 0;
}

function product(variables: Variable[]): ConditionScenario[] {
  return variables.reduce<Map<string, unknown>[]>((scenarios, { key, candidates }) => (
    scenarios.flatMap(scenario => candidates.map(value => new Map([...scenario, [key, value]])))), [new Map()]);
}

function oneAtATime(variables: Variable[]): ConditionScenario[] {
  const base = new Map(variables.map(({ key, candidates }) => [key, candidates[0]]));
  const changed = variables.flatMap(({ key, candidates }) => (
    candidates.slice(1).map(value => new Map([...base, [key, value]]))));
  return [base, ...changed];
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
    // the usage metadata of CDK is conditional in every template, and no rule reads it
    if (!isJson(resource) || resource.Type === 'AWS::CDK::Metadata') continue;
    use(resource.Condition);
    walk([resource.Properties, resource.UpdatePolicy], node => Array.isArray(node['Fn::If']) && use(node['Fn::If'][0]));
  }
  return [...found].map(([name, values]) => ({ key: scenarioKey(index, name), candidates: [...values] }));
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

/** The name of a comparison that is not between a parameter and a literal: the comparison itself is the variable. */
export function comparisonName(sides: unknown): string {
  return JSON.stringify(sides)?.slice(0, 500) ?? '';
}

/** Visits every object below the root, without recursion, because the nesting of a template is not limited. */
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
