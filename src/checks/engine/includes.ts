import { isJson } from '../graph';
import type { Json } from '../graph';

/** Reads a local file that a template names; undefined if there is none. */
type ReadLocal = (location: unknown) => unknown;

/** The properties that name a file with a definition, and the property that contains such a definition. */
type Definitions = readonly (readonly [file: string, inline: string])[];

const DEFINITIONS = new Map<unknown, Definitions>([
  ['AWS::Serverless::Api', [['DefinitionUri', 'DefinitionBody']]],
  ['AWS::Serverless::HttpApi', [['DefinitionUri', 'DefinitionBody']]],
  ['AWS::Serverless::StateMachine', [['DefinitionUri', 'Definition']]],
  ['AWS::ApiGateway::RestApi', [['BodyS3Location', 'Body']]],
  ['AWS::ApiGatewayV2::Api', [['BodyS3Location', 'Body']]],
  ['AWS::StepFunctions::StateMachine', [['DefinitionS3Location', 'Definition'], ['DefinitionUri', 'Definition']]],
]);
const DEPTH_MAX = 60;

/** Inserts the local files that `AWS::Include` and the definitions of APIs and state machines name. */
export function includeFiles(template: Json, read: ReadLocal, mayInclude: boolean): Json {
  const transforms = [template.Transform].flat();
  const joined = transforms.reduce<Json>((all, transform) => merged(all, included(transform, read)), template);
  const whole = mayInclude ? within(joined, read, 0) as Json : joined;
  const resources = whole.Resources;
  if (!isJson(resources)) return whole;
  const defined: Json = {};
  for (const id of Object.keys(resources)) {
    const resource = resources[id];
    const definitions = isJson(resource) ? DEFINITIONS.get(resource.Type) : undefined;
    const changed = definitions && withDefinition(resource as Json, definitions, read);
    if (changed) defined[id] = changed;
  }
  if (Object.keys(defined).length === 0) return whole;
  return { ...whole, Resources: { ...resources, ...defined } };
}

/** The content of the file that an `AWS::Include` names. */
function included(transform: unknown, read: ReadLocal): unknown {
  if (!isJson(transform) || transform.Name !== 'AWS::Include' || !isJson(transform.Parameters)) return undefined;
  return read(transform.Parameters.Location);
}

/** The template with the sections of an included file. */
function merged(template: Json, content: unknown): Json {
  if (!isJson(content)) return template;
  const { Transform, ...rest } = template;
  const transforms = [Transform].flat().filter(transform => !(isJson(transform) && transform.Name === 'AWS::Include'));
  const result: Json = { ...rest, ...(transforms.length > 0 ? { Transform: transforms } : {}) };
  for (const [section, members] of Object.entries(content)) {
    const present = result[section];
    result[section] = isJson(present) && isJson(members) ? { ...members, ...present } : present ?? members;
  }
  return result;
}

function within(node: unknown, read: ReadLocal, depth: number): unknown {
  if (depth > DEPTH_MAX || typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) {
    const items = node.map(item => within(item, read, depth + 1));
    return items.some((item, i) => item !== node[i]) ? items : node;
  }
  const { 'Fn::Transform': transform, ...rest } = node as Json;
  const content = transform === undefined ? undefined : included(transform, read);
  const members = isJson(content) ? { ...content, ...rest } : node as Json;
  let changed = members !== node;
  const result: Json = {};
  for (const [key, value] of Object.entries(members)) {
    const visited = within(value, read, depth + 1);
    changed ||= visited !== value;
    Object.defineProperty(result, key, { value: visited, enumerable: true, configurable: true, writable: true });
  }
  return changed ? result : node;
}

function withDefinition(resource: Json, definitions: Definitions, read: ReadLocal): Json | undefined {
  const { Properties } = resource;
  if (!isJson(Properties)) return undefined;
  for (const [file, inline] of definitions) {
    const content = Properties[file] === undefined ? undefined : read(Properties[file]);
    if (!isJson(content)) continue;
    const { [file]: _file, ...rest } = Properties;
    return { ...resource, Properties: { ...rest, [inline]: content } };
  }
  return undefined;
}
