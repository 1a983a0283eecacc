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

/** The key of scenarios for another stage than production, of templates that have a production stage. */
export const NOT_PRODUCTION = 'not production';
/** The parts of a value that differ from Region to Region and mean the same. */
const REGIONAL = /\b([a-z]{2}(-[a-z]+)+-\d+|\d{12}|(ami|vpc|vpce|subnet|sg|rtb|pl)-\w+|Z[A-Z0-9]{9,})\b/g;
const ARN_VERSION = /("arn:[^"]*:)\d+"/g;
/** The functions whose result depends on their arguments alone. */
const COMPUTED = new Set(['Fn::Join', 'Fn::Select', 'Fn::Split', 'Fn::Sub']);
const PRODUCTION = /^(prod|production|prd|live)$/i;
const BEFORE_PRODUCTION = /^(non?|not|pre)$/i;
const PRODUCTION_FLAG = /^(is)?_?prod(uction)?$/i;

/** What the scenarios are for. */
interface Subject {
  readonly template: Json;
  readonly region?: string;
  readonly account?: string;
}

/** A parameter or comparison with its possible values. */
interface Variable {
  readonly key: string;
  readonly name: string;
  readonly candidates: unknown[];
}

/** The scenarios to check: all combinations if they are few, otherwise the defaults and each change of one variable. */
export function scenariosOf(subjects: readonly Subject[]): ConditionScenario[] {
  const variables = subjects.flatMap(variablesOf);
  const most = mostEvaluations(subjects);
  const all = variables.reduce((n, variable) => Math.min(most + 1, n * variable.candidates.length), 1);
  const scenarios = all <= most ? product(variables) : oneAtATime(variables);
  return scenarios.slice(0, most).map(scenario => withStage(scenario, variables));
}

/** How often the rules may run over the templates. */
export function mostEvaluations(subjects: readonly Subject[]): number {
  const resources = subjects.reduce((n, { template }) => n + countResources(template), 0);
  return Math.max(2, Math.min(SCENARIOS_MAX, Math.floor(EVALUATIONS_MAX / Math.max(1, resources))));
}

/** Whether a value names production, also with a Region or a team: `prod-eu`, but not `pre-prod`. */
function namesProduction(value: unknown): boolean {
  const parts = textOf(value).split(/[-_]/);
  return parts.some(part => PRODUCTION.test(part)) && !parts.some(part => BEFORE_PRODUCTION.test(part));
}

/** Marks a scenario in which a stage has another value than the one that names production. */
function withStage(scenario: Map<string, unknown>, variables: Variable[]): Map<string, unknown> {
  const isOther = variables.some(({ key, name, candidates }) => {
    const isProduction = (value: unknown) => (
      namesProduction(value) || (value === 'true' && PRODUCTION_FLAG.test(name)));
    return candidates.some(isProduction) && !isProduction(scenario.get(key));
  });
  return isOther ? scenario.set(NOT_PRODUCTION, true) : scenario;
}

function countResources(template: Json): number {
  return isJson(template.Resources) ? Object.keys(template.Resources).length : 0;
}

function product(variables: Variable[]): Map<string, unknown>[] {
  return variables.reduce<Map<string, unknown>[]>((scenarios, { key, candidates }) => (
    scenarios.flatMap(scenario => candidates.map(value => new Map([...scenario, [key, value]])))), [new Map()]);
}

/** The defaults, production with everything else at its default, and each change of one variable. */
function oneAtATime(variables: Variable[]): Map<string, unknown>[] {
  const base = new Map(variables.map(({ key, candidates }) => [key, candidates[0]]));
  const stages = variables.flatMap(({ key, candidates }) => (
    candidates.filter(namesProduction).map(value => [key, value] as const)));
  const production = stages.length === 0 ? [] : [new Map([...base, ...stages])];
  const changed = variables.flatMap(({ key, candidates }) => (
    candidates.slice(1).map(value => new Map([...production[0] ?? base, [key, value]]))));
  return [base, ...production, ...changed];
}

function variablesOf(subject: Subject, index: number): Variable[] {
  const { template } = subject;
  const conditions = isJson(template.Conditions) ? template.Conditions : {};
  const hasMappings = isJson(template.Mappings) && Object.keys(template.Mappings).length > 0;
  if (Object.keys(conditions).length === 0 && !hasMappings) return [];
  const found: Found = new Map();
  const seen = new Set<string>();
  const use = (name: unknown) => {
    if (typeof name !== 'string' || seen.has(name) || !Object.hasOwn(conditions, name)) return;
    seen.add(name);
    walk(conditions[name], node => {
      if ('Condition' in node) use(node.Condition);
      if ('Fn::Equals' in node) compare(node['Fn::Equals'], subject, found);
    });
  };
  for (const resource of Object.values(isJson(template.Resources) ? template.Resources : {})) {
    // the usage metadata of CDK is conditional in every template, and no rule reads it
    if (!isJson(resource) || resource.Type === 'AWS::CDK::Metadata') continue;
    use(resource.Condition);
    walk([resource.Properties, resource.UpdatePolicy], node => {
      if (Array.isArray(node['Fn::If'])) use(node['Fn::If'][0]);
      if (hasMappings && Array.isArray(node['Fn::FindInMap'])) lookUp(node['Fn::FindInMap'], subject, found);
    });
  }
  return [...found]
    .map(([name, values]) => ({ key: scenarioKey(index, name), name, candidates: [...values] }));
}

/** The possible values of each parameter and comparison. */
type Found = Map<string, Set<unknown>>;

function compare(sides: unknown, subject: Subject, found: Found): void {
  if (!Array.isArray(sides) || sides.length !== 2 || isConstant(sides)) return;
  const ref = sides.find(side => isJson(side) && typeof side.Ref === 'string');
  const literal = sides.find(side => typeof side !== 'object');
  const paths = sides.flatMap(side => (isJson(side) ? side['Fn::FindInMap'] ?? [] : []));
  if (ref === undefined && literal !== undefined && lookUp(paths, subject, found)) return;
  if (ref === undefined || literal === undefined) {
    found.set(comparisonName(sides), new Set([true, false]));
    return;
  }
  const name = (ref as Json).Ref as string;
  const values = found.get(name) ?? new Set();
  const parameter = parametersOf(subject.template)[name];
  const closed = addKnown(values, parameter);
  if (!closed) values.add(textOf(literal));
  values.delete(OTHER);
  if (!closed) values.add(OTHER);
  found.set(name, values);
}

/** Adds the values of the parameters by which a mapping is read; whether the mapping and all keys are known. */
function lookUp(path: unknown, subject: Subject, found: Found): boolean {
  if (!Array.isArray(path) || typeof path[0] !== 'string') return false;
  const { template } = subject;
  const mappings = isJson(template.Mappings) ? template.Mappings : {};
  const mapping = Object.hasOwn(mappings, path[0]) ? mappings[path[0]] : undefined;
  if (!isJson(mapping)) return false;
  const second = Object.values(mapping).flatMap(row => (isJson(row) ? Object.keys(row) : []));
  return [Object.keys(mapping), second].every((keys, i) => {
    const name = referredName(path[i + 1]);
    if (name === undefined) return typeof path[i + 1] === 'string' || addParts(path[i + 1], subject, found);
    const isPseudo = name === 'AWS::Region' || name === 'AWS::AccountId';
    if (isPseudo && (name === 'AWS::Region' ? subject.region : subject.account) !== undefined) return true;
    if (!isPseudo && !Object.hasOwn(parametersOf(template), name)) return false;
    const values = found.get(name) ?? new Set();
    if (isPseudo) distinctKeys(mapping, path, i).forEach(key => values.add(key));
    else if (!addKnown(values, parametersOf(template)[name])) keys.forEach(key => values.add(key));
    found.set(name, values);
    return true;
  });
}

/** Adds the values of the parameters in a key such as `!Sub 'limits-${Stage}'`; whether all their values are known. */
function addParts(key: unknown, { template }: Subject, found: Found): boolean {
  const parameters = parametersOf(template);
  const areClosed = namesIn(key).map(name => {
    const values = found.get(name) ?? new Set();
    const isClosed = Object.hasOwn(parameters, name) && addKnown(values, parameters[name]);
    if (isClosed) found.set(name, values);
    return isClosed;
  });
  return areClosed.length > 0 && !areClosed.includes(false);
}

/** The names in the references and texts of a value. */
function namesIn(value: unknown): string[] {
  const names: string[] = [];
  walk(value, node => {
    if (typeof node.Ref === 'string') names.push(node.Ref);
    const [text] = [node['Fn::Sub']].flat();
    names.push(...[...textOf(text).matchAll(/\$\{([\w:]+)\}/g)].map(match => match[1]));
  });
  return names;
}

/** One key for each different value. */
function distinctKeys(mapping: Json, path: unknown[], level: number): string[] {
  const byValue = new Map<string, string>();
  const add = (key: string, value: unknown) => {
    const text = (JSON.stringify(value) ?? '').replace(REGIONAL, '*').replace(ARN_VERSION, '$1*"');
    if (!byValue.has(text)) byValue.set(text, key);
  };
  const [, first, second] = path;
  for (const [key, row] of Object.entries(mapping)) {
    if (!isJson(row)) continue;
    if (level === 0) {
      add(key, typeof second === 'string' ? row[second] : row);
    } else if (typeof first !== 'string' || first === key) {
      Object.entries(row).forEach(([name, value]) => add(name, value));
    }
  }
  return [...byValue.values()];
}

/** Adds the default and the allowed values; whether there are no others. */
function addKnown(values: Set<unknown>, parameter: unknown): boolean {
  if (!isJson(parameter)) return false;
  if (parameter.Default !== undefined && typeof parameter.Default !== 'object') values.add(textOf(parameter.Default));
  const closed = Array.isArray(parameter.AllowedValues) && parameter.AllowedValues.length > 0;
  if (closed) (parameter.AllowedValues as unknown[]).forEach(value => values.add(textOf(value)));
  return closed;
}

function parametersOf(template: Json): Json {
  return isJson(template.Parameters) ? template.Parameters : {};
}

/** The name that the value refers to, also as `!Sub ${Name}`. */
export function referredName(value: unknown): string | undefined {
  if (!isJson(value)) return undefined;
  const name = value.Ref ?? /^\$\{([\w:]+)\}$/.exec(textOf(value['Fn::Sub']))?.[1];
  return typeof name === 'string' ? name : undefined;
}

/** Whether the comparison has the same result in every deployment. */
function isConstant([a, b]: unknown[]): boolean {
  if (isLiteral(a) && isLiteral(b)) return true;
  return isJson(a) && typeof a.Ref === 'string' && JSON.stringify(a) === JSON.stringify(b);
}

/** Whether the value is a literal, or is computed from literals: `!Select [0, !Split [',', 'a,b']]`. */
export function isLiteral(value: unknown): boolean {
  let isClosed = true;
  walk(value, node => {
    const [text] = [node['Fn::Sub']].flat();
    isClosed &&= Object.keys(node).every(key => COMPUTED.has(key)) && !textOf(text).includes('${');
  });
  return isClosed;
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
