import { isJson, textOf } from '../graph';
import type { Json, UnreadPart } from '../graph';

/** The transforms that the checks read, or that add nothing which the rules read. */
const KNOWN_TRANSFORMS = [
  'AWS::Serverless-2016-10-31', 'AWS::LanguageExtensions', 'AWS::CodeDeployBlueGreen', 'AWS::SecretsManager-2020-07-23',
  'AWS::SecretsManager-2024-09-16',
];
/** The properties with a definition in a file that was not found. */
const DEFINITIONS = ['DefinitionUri', 'BodyS3Location', 'DefinitionS3Location'];
/** The resources of SAM that create nothing which the rules read. */
const WITHOUT_EFFECT = ['AWS::Serverless::Connector', 'AWS::Serverless::LayerVersion'];
const DEPTH_MAX = 60;

/** The parts of an expanded template that the rules cannot see. */
export function unreadParts(template: Json, mayTransform: boolean): UnreadPart[] {
  const resources = isJson(template.Resources) ? template.Resources : {};
  return [
    ...[template.Transform ?? []].flat().flatMap(transformOf),
    ...Object.keys(resources).filter(id => mayTransform || mayBeUnread(id, resources[id]))
      .flatMap(id => partsOf(id, resources[id], mayTransform)),
  ];
}

/** A quick answer for most resources: the rules read all of them. */
function mayBeUnread(id: string, resource: unknown): boolean {
  const type = isJson(resource) ? textOf(resource.Type) : '';
  return id.startsWith('Fn::') || type.startsWith('AWS::Serverless::') || type.endsWith('::MODULE')
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

function partsOf(id: string, resource: unknown, mayTransform: boolean): UnreadPart[] {
  if (id.startsWith('Fn::ForEach::')) {
    const got = Array.isArray(resource) ? JSON.stringify(resource[1]) ?? 'nothing' : 'another form';
    const must = 'must have a collection of literals';
    return [{ at: id, type: 'Fn::ForEach', property: 'Fn::ForEach', must, got, fix: FIX_LOOP }];
  }
  if (id === 'Fn::Transform') {
    const must = 'must include a local file';
    return [{ at: id, type: id, property: id, must, got: macroName(resource), fix: FIX_MACRO }];
  }
  if (!isJson(resource)) return [];
  const [type, properties] = [textOf(resource.Type), isJson(resource.Properties) ? resource.Properties : {}];
  const part = (property: string, must: string, got: string, fix: string) => (
    { at: id, type, property, must, got, fix });
  const macro = mayTransform ? macroIn(resource, 0) : undefined;
  return [
    macro !== undefined && part('Fn::Transform', 'must include a local file', macroName(macro), FIX_MACRO),
    type.endsWith('::MODULE') && part('Type', 'must not be a module', type, FIX_MACRO),
    type.startsWith('AWS::Serverless::') && !WITHOUT_EFFECT.includes(type)
      && part('Type', 'must be a SAM resource that the checks expand', type, FIX_MACRO),
    ...DEFINITIONS.filter(name => properties[name] !== undefined)
      .map(name => part(name, 'must be a local file', location(properties[name]), FIX_FILE)),
  ].filter(found => found !== false);
}

function macroIn(node: unknown, depth: number): unknown {
  if (typeof node !== 'object' || node === null || depth > DEPTH_MAX) return undefined;
  if (isJson(node) && node['Fn::Transform'] !== undefined) return node['Fn::Transform'];
  for (const child of Object.values(node)) {
    const found = macroIn(child, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function macroName(transform: unknown): string {
  const name = isJson(transform) ? textOf(transform.Name) : '';
  return name === 'AWS::Include' ? `AWS::Include of ${location(transform)}` : `the macro ${name}`;
}

function location(value: unknown): string {
  const parameters = isJson(value) && isJson(value.Parameters) ? value.Parameters.Location : value;
  return typeof parameters === 'string' ? parameters : JSON.stringify(parameters) ?? 'nothing';
}
