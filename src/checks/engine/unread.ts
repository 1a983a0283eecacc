import { isJson, textOf } from '../graph';
import type { Json, UnreadPart } from '../graph';
import { EVENTS } from '../sam/events';

/** The transforms that the checks read, or that add nothing which the rules read. */
const KNOWN_TRANSFORMS = [
  'AWS::Serverless-2016-10-31', 'AWS::LanguageExtensions', 'AWS::CodeDeployBlueGreen', 'AWS::SecretsManager-2020-07-23',
  'AWS::SecretsManager-2024-09-16',
];
/** The properties with a definition in a file that was not found. */
const DEFINITIONS = ['DefinitionUri', 'BodyS3Location', 'DefinitionS3Location'];
/** The sections whose values the rules read, beside the resources. */
const SECTIONS = ['Globals', 'Mappings', 'Conditions'];
const LOOP = 'Fn::ForEach::';
const LITERALS = 'must have a collection of literals';
const DEPTH_MAX = 60;

/**
 * The parts of an expanded template that the rules cannot see.
 *
 * @param before the template before the expansion, which leaves out events that it does not know
 */
export function unreadParts(template: Json, before: Json, mayTransform: boolean): UnreadPart[] {
  const [resources, written] = [template, before].map(({ Resources }) => (isJson(Resources) ? Resources : {}));
  return [
    ...[template.Transform ?? []].flat().flatMap(transformOf),
    ...(mayTransform ? [...SECTIONS.flatMap(section => hiddenIn(section, before[section])),
      ...Object.keys(written).flatMap(id => [...hiddenIn(id, written[id]), ...eventsOf(id, written[id])])] : []),
    ...Object.keys(resources).filter(id => mayTransform || mayBeUnread(id, resources[id]))
      .flatMap(id => partsOf(id, resources[id])),
  ];
}

/** A quick answer for most resources: the rules read all of them. */
function mayBeUnread(id: string, resource: unknown): boolean {
  const type = isJson(resource) ? textOf(resource.Type) : '';
  return type === '' || id.startsWith('Fn::') || type.startsWith('AWS::Serverless::') || type.endsWith('::MODULE')
    || type.startsWith('AWS::ApiGateway') || type.startsWith('AWS::StepFunctions::');
}

function transformOf(transform: unknown): UnreadPart[] {
  const name = isJson(transform) ? textOf(transform.Name) : textOf(transform);
  if (KNOWN_TRANSFORMS.includes(name)) return [];
  const isInclude = name === 'AWS::Include';
  return [{
    at: 'Transform',
    type: 'AWS::CloudFormation::Macro',
    property: 'Transform',
    must: isInclude ? 'must include a local file' : 'must be a transform that the checks know',
    got: isInclude ? `AWS::Include of ${location(transform)}` : `the macro ${name}`,
    fix: isInclude ? FIX_FILE : FIX_MACRO,
  }];
}

const FIX_FILE = 'pass a local file, or check the file with the template that it belongs to';
const FIX_MACRO = 'check the processed template (aws cloudformation get-template --template-stage Processed)';
const FIX_LOOP = 'use a list of literals, or check the processed template';

/** The macro and the loop that remain within a resource. */
function hiddenIn(at: string, resource: unknown): UnreadPart[] {
  if (!isJson(resource) || at.startsWith('Fn::')) return [];
  const type = textOf(resource.Type);
  const [macro, loop] = ['Fn::Transform', LOOP].map(key => memberIn(resource, key, 0));
  return [
    macro !== undefined && {
      at, type, property: 'Fn::Transform', must: 'must include a local file', got: macroName(macro), fix: FIX_MACRO,
    },
    loop !== undefined && {
      at, type, property: 'Fn::ForEach', must: LITERALS, got: collectionOf(loop), fix: FIX_LOOP,
    },
  ].filter(found => found !== false);
}

/** The events of a SAM resource that the checks do not expand. */
function eventsOf(at: string, resource: unknown): UnreadPart[] {
  const type = isJson(resource) ? textOf(resource.Type) : '';
  const known = Object.hasOwn(EVENTS, type) ? EVENTS[type] : undefined;
  const events = isJson(resource) && isJson(resource.Properties) ? resource.Properties.Events : undefined;
  if (known === undefined || !isJson(events)) return [];
  return Object.entries(events)
    .filter(([name, event]) => name !== 'Fn::Transform' && !name.startsWith(LOOP)
      && !known.includes(isJson(event) ? textOf(event.Type) : ''))
    .map(([name, event]) => {
      const got = location(isJson(event) ? event.Type : event);
      const must = 'must be an event that the checks know';
      return { at, type, property: `Events.${name}.Type`, must, got, fix: FIX_MACRO };
    });
}

function partsOf(id: string, resource: unknown): UnreadPart[] {
  if (id.startsWith(LOOP)) {
    const got = collectionOf(resource);
    return [{ at: id, type: 'Fn::ForEach', property: 'Fn::ForEach', must: LITERALS, got, fix: FIX_LOOP }];
  }
  if (id === 'Fn::Transform') {
    const must = 'must include a local file';
    return [{ at: id, type: id, property: id, must, got: macroName(resource), fix: FIX_MACRO }];
  }
  if (!isJson(resource) || typeof resource.Type !== 'string') {
    const got = isJson(resource) ? location(resource.Type) : JSON.stringify(resource);
    const fix = 'state the type, without which CloudFormation rejects the template';
    return [{ at: id, type: 'resource', property: 'Type', must: 'must be the type of the resource', got, fix }];
  }
  const [type, properties] = [textOf(resource.Type), isJson(resource.Properties) ? resource.Properties : {}];
  const part = (property: string, must: string, got: string, fix: string) => (
    { at: id, type, property, must, got, fix });
  return [
    type.endsWith('::MODULE') && part('Type', 'must not be a module', type, FIX_MACRO),
    type.startsWith('AWS::Serverless::')
      && part('Type', 'must be a SAM resource that the checks expand', type, FIX_MACRO),
    ...DEFINITIONS.filter(name => properties[name] !== undefined)
      .map(name => part(name, 'must be a local file', location(properties[name]), FIX_FILE)),
  ].filter(found => found !== false);
}

/** The value of the first member, at any depth, whose name starts with the text. */
function memberIn(node: unknown, name: string, depth: number): unknown {
  if (typeof node !== 'object' || node === null || depth > DEPTH_MAX) return undefined;
  for (const [key, child] of Object.entries(node)) {
    const found = key.startsWith(name) ? child as unknown : memberIn(child, name, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The collection of a loop. */
function collectionOf(loop: unknown): string {
  return Array.isArray(loop) ? JSON.stringify(loop[1]) ?? 'nothing' : 'another form';
}

function macroName(transform: unknown): string {
  const name = isJson(transform) ? textOf(transform.Name) : '';
  return name === 'AWS::Include' ? `AWS::Include of ${location(transform)}` : `the macro ${name}`;
}

function location(value: unknown): string {
  const parameters = isJson(value) && isJson(value.Parameters) ? value.Parameters.Location : value;
  return typeof parameters === 'string' ? parameters : JSON.stringify(parameters) ?? 'nothing';
}
