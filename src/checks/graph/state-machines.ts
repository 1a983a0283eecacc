import type { AppGraph } from './app-graph';
import type { Resource } from './resource';
import { asString, isRecord, member, patternOf, Reference, Text, Unknown } from './value';
import type { Value } from './value';

const STATE_MACHINE = 'AWS::StepFunctions::StateMachine';
/** States may contain states, but not without end. */
const DEPTH_MAX = 20;

/** A state of a state machine that invokes a function. */
interface InvocationState {
  readonly machine: Resource;
  readonly name: string;
  readonly state: Value;
  /** The Parallel and Map states around it, whose retries repeat it too. */
  readonly around: readonly Value[];
}

/** The states that invoke functions, of every state machine whose definition the template contains. */
export function invocationStatesOf(app: AppGraph): readonly InvocationState[] {
  return app.view(compute);
}

function compute(app: AppGraph): InvocationState[] {
  return app.ofType(STATE_MACHINE).flatMap(machine => statesIn(definitionOf(machine), 0)
    .filter(({ state }) => asString(member(state, 'Type')) === 'Task' && invokesFunction(resourceIn(machine, state)))
    .map(found => ({ machine, ...found })));
}

/** The definition as an object, which may be a text with references. */
function definitionOf(machine: Resource): Value {
  const definition = machine.lacks('Definition') ? machine.get('DefinitionString') : machine.get('Definition');
  return isRecord(definition) ? definition : parsed(definition);
}

/** The object in a JSON text. A text that begins with a reference, such as the ARN of a function, is the reference. */
function parsed(definition: Value): Value {
  const parts = definition instanceof Text ? definition.parts : [asString(definition) ?? ''];
  const text = parts.map((part, i) => (part instanceof Reference ? `<part ${i}>` : patternOf(part))).join('');
  const asValue = (_key: string, value: Value) => {
    const [, index] = typeof value === 'string' ? /^<part (\d+)>/.exec(value) ?? [] : [];
    return index === undefined ? value : parts[Number(index)];
  };
  try {
    return JSON.parse(text, asValue) as Value;
  } catch {
    return undefined;
  }
}

function statesIn(
  definition: Value, depth: number, around: readonly Value[] = [],
): Omit<InvocationState, 'machine'>[] {
  const states = member(definition, 'States');
  if (depth > DEPTH_MAX || !isRecord(states)) return [];
  return Object.entries(states).flatMap(([name, state]) => {
    const branches = member(state, 'Branches');
    const inner = [
      member(state, 'Iterator'), member(state, 'ItemProcessor'), ...Array.isArray(branches) ? branches : [],
    ];
    return [{ name, state, around }, ...inner.flatMap(part => statesIn(part, depth + 1, [...around, state]))];
  });
}

/** The resource of a task, which may be a variable of the definition. */
function resourceIn(machine: Resource, state: Value): Value {
  const resource = member(state, 'Resource');
  const name = /^\$\{(\w+)\}$/.exec(asString(resource) ?? '')?.[1];
  return name === undefined ? resource : member(machine.get('DefinitionSubstitutions'), name);
}

/** Whether the resource of a task is the Lambda integration, or a function. */
function invokesFunction(resource: Value): boolean {
  if (resource instanceof Unknown || resource === undefined) return false;
  const text = resource instanceof Text ? resource.pattern : asString(resource);
  if (text !== undefined) return /:states:::lambda:invoke(\.waitForTaskToken)?$|:lambda:.*:function:/.test(text);
  return typeof resource === 'object' && resource !== null && 'resource' in resource
    && resource.resource !== undefined && isFunction(resource.resource);
}

function isFunction(resource: unknown): boolean {
  const type = (resource as Resource).type ?? '';
  return ['AWS::Lambda::Function', 'AWS::Lambda::Alias', 'AWS::Lambda::Version'].includes(type);
}
