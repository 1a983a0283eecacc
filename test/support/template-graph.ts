import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

type Json = Record<string, any>;

/**
 * Fails when CloudFormation would refuse the template for a circular dependency.
 *
 * CDK sees no cycle that closes through `UpdatePolicy`, CloudFormation does: an alias with a CodeDeploy policy waits
 * for its deployment group, and so for the group's alarms and role.
 */
export function expectNoCycle(template: Template | Stack | Json): void {
  const cycle = findCycle(jsonOf(template));
  if (cycle) throw new Error(`circular dependency in the template: ${cycle.join(' → ')}`);
}

/** The logical ids along a circle, first and last the same; undefined where there is none. */
export function findCycle(template: Json): string[] | undefined {
  const edges = dependenciesOf(template);
  const done = new Set<string>();
  for (const start of edges.keys()) {
    const cycle = walk(start, [], edges, done);
    if (cycle) return cycle;
  }
  return undefined;
}

/**
 * What each resource and each condition waits for: by Ref, Fn::GetAtt, Fn::Sub, DependsOn, Condition and Fn::If,
 * anywhere in it (Properties, UpdatePolicy, CreationPolicy, Metadata). Conditions are named `Condition <id>`, because a
 * resource may have the same logical id.
 */
export function dependenciesOf(template: Json): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const [id, resource] of Object.entries<Json>(template.Resources ?? {})) {
    const { DependsOn: dependsOn = [], Condition: condition, ...rest } = resource;
    const found = new Set<string>([dependsOn].flat());
    if (condition !== undefined) found.add(conditionNode(condition));
    collect(rest, found, false);
    edges.set(id, found);
  }
  for (const [id, condition] of Object.entries(template.Conditions ?? {})) {
    const found = new Set<string>();
    collect(condition, found, true);
    edges.set(conditionNode(id), found);
  }
  for (const found of edges.values()) for (const target of found) if (!edges.has(target)) found.delete(target); // parameters and pseudo parameters
  return edges;
}

function walk(node: string, path: string[], edges: Map<string, Set<string>>, done: Set<string>): string[] | undefined {
  if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
  if (done.has(node)) return undefined;
  for (const next of edges.get(node) ?? []) {
    const cycle = walk(next, [...path, node], edges, done);
    if (cycle) return cycle;
  }
  done.add(node);
  return undefined;
}

/** In the Conditions section `{ Condition: name }` is a function; in a resource (a policy statement) it is a plain key. */
function collect(value: unknown, found: Set<string>, inConditions: boolean): void {
  if (Array.isArray(value)) return value.forEach(v => collect(v, found, inConditions));
  if (value === null || typeof value !== 'object') return;
  for (const [key, argument] of Object.entries(value)) {
    if (key === 'Ref') {found.add(argument);} else if (key === 'Fn::GetAtt') {found.add(Array.isArray(argument) ? argument[0] : String(argument).split('.')[0]);} else if (key === 'Fn::Sub') {collectSub(argument, found, inConditions);} else if (key === 'Condition' && inConditions && typeof argument === 'string') {found.add(conditionNode(argument));} else {
      if (key === 'Fn::If' && Array.isArray(argument)) found.add(conditionNode(argument[0]));
      collect(argument, found, inConditions);
    }
  }
}

function collectSub(argument: unknown, found: Set<string>, inConditions: boolean): void {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  collect(variables, found, inConditions);
  for (const [, name] of String(text).matchAll(/\$\{([^!][^}]*)\}/g)) {
    const id = name.trim().split('.')[0];
    if (!(id in (variables ?? {}))) found.add(id);
  }
}

function conditionNode(id: string): string {
  return `Condition ${id}`;
}

function jsonOf(template: Template | Stack | Json): Json {
  if (template instanceof Template) return template.toJSON();
  return 'templateOptions' in template ? Template.fromStack(template as Stack).toJSON() : template;
}
