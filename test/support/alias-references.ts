import type { Json } from './production-function';

/** A place in a template that refers to a function without version or alias. */
export interface Unqualified {
  readonly type: string;
  readonly path: string;
}

/** The functions under test; neighbours that CDK adds (custom resources) have other ids. */
const OURS = /^Pay/;

/**
 * Every place that refers to the unqualified function, without those that must: the version and the alias are made of
 * it, AWS takes the async configuration and the URL by name plus Qualifier, and metrics know it by dimension.
 */
export function unqualifiedReferences(resources: Json): Unqualified[] {
  const functions = idsOf(resources, 'AWS::Lambda::Function');
  const aliases = idsOf(resources, 'AWS::Lambda::Alias');
  return Object.entries<Json>(resources).flatMap(([, resource]) => places(resource.Properties, functions)
    .filter(path => !mustBeUnqualified(resource, path, aliases))
    .map(path => ({ type: resource.Type, path })));
}

/** How many places refer to the function's alias. */
export function aliasReferences(resources: Json): number {
  const aliases = idsOf(resources, 'AWS::Lambda::Alias');
  return Object.values<Json>(resources).flatMap(resource => places(resource.Properties, aliases)).length;
}

function mustBeUnqualified(resource: Json, path: string, aliases: string[]): boolean {
  switch (resource.Type) {
    case 'AWS::Lambda::Version':
    case 'AWS::Lambda::Alias':
      return path === '.FunctionName';
    case 'AWS::Lambda::EventInvokeConfig':
      return path === '.FunctionName' && places(resource.Properties.Qualifier, aliases).length > 0;
    case 'AWS::Lambda::Url':
      return path === '.TargetFunctionArn' && places(resource.Properties.Qualifier, aliases).length > 0;
    case 'AWS::CloudWatch::Alarm':
      return /\.Dimensions\.\d+\.Value/.test(path);
    default:
      return false;
  }
}

function idsOf(resources: Json, type: string): string[] {
  return Object.entries<Json>(resources).filter(([id, resource]) => resource.Type === type && OURS.test(id)).map(([id]) => id);
}

/** The paths within a value at which a Ref, Fn::GetAtt or Fn::Sub names one of the ids. */
function places(value: unknown, ids: string[], path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((v, i) => places(v, ids, `${path}.${i}`));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, argument]) => {
    if (key === 'Ref') return ids.includes(argument) ? [path] : [];
    if (key === 'Fn::GetAtt') return ids.includes([argument].flat()[0].split('.')[0]) ? [path] : [];
    if (key === 'Fn::Sub' && ids.some(id => new RegExp(`\\$\\{${id}[.}]`).test([argument].flat()[0]))) return [path];
    return places(argument, ids, `${path}.${key}`);
  });
}
