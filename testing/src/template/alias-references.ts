type Resources = Record<string, { readonly Type: string; readonly Properties?: any }>;

/** A place in a template that refers to a function without version or alias. */
export interface Unqualified {
  /** The logical id and the type of the resource that refers to the function. */
  readonly id: string;
  readonly type: string;
  readonly path: string;
}

/** The functions of a template that have an alias. */
export function aliasedFunctions(resources: Resources): string[] {
  return idsOf(resources, 'AWS::Lambda::Function').filter(id =>
    Object.values(resources).some(({ Type, Properties }) => Type === 'AWS::Lambda::Alias' && places(Properties.FunctionName, [id]).length > 0));
}

/**
 * Every place that refers to one of the functions without a qualifier, except the places that must: a version and an alias consist
 * of it, the async configuration and the URL have it beside the qualifier, and metrics have it as a dimension.
 */
export function unqualifiedReferences(resources: Resources, functions: readonly string[]): Unqualified[] {
  const aliases = idsOf(resources, 'AWS::Lambda::Alias');
  return Object.entries(resources).flatMap(([id, resource]) => places(resource.Properties, functions)
    .filter(path => !mustBeUnqualified(resource, path, aliases))
    .map(path => ({ id, type: resource.Type, path })));
}

/** How many places refer to an alias of one of the functions. */
export function aliasReferences(resources: Resources, functions: readonly string[]): number {
  const aliases = idsOf(resources, 'AWS::Lambda::Alias').filter(id => places(resources[id].Properties.FunctionName, functions).length > 0);
  return Object.values(resources).flatMap(resource => places(resource.Properties, aliases)).length;
}

function mustBeUnqualified({ Type, Properties }: Resources[string], path: string, aliases: readonly string[]): boolean {
  switch (Type) {
    case 'AWS::Lambda::Version':
    case 'AWS::Lambda::Alias':
      return path === '.FunctionName';
    case 'AWS::Lambda::EventInvokeConfig':
      return path === '.FunctionName' && places(Properties.Qualifier, aliases).length > 0;
    case 'AWS::Lambda::Url':
      return path === '.TargetFunctionArn' && places(Properties.Qualifier, aliases).length > 0;
    case 'AWS::CloudWatch::Alarm':
    case 'AWS::CloudWatch::Dashboard':
      return Type === 'AWS::CloudWatch::Dashboard' || /\.Dimensions\.\d+\.Value/.test(path);
    default:
      return false;
  }
}

function idsOf(resources: Resources, type: string): string[] {
  return Object.entries(resources).filter(([, { Type }]) => Type === type).map(([id]) => id);
}

/** The paths within a value at which a Ref, Fn::GetAtt or Fn::Sub names one of the ids. */
function places(value: unknown, ids: readonly string[], path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((v, i) => places(v, ids, `${path}.${i}`));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, argument]) => {
    if (key === 'Ref') return ids.includes(argument) ? [path] : [];
    if (key === 'Fn::GetAtt') return ids.includes([argument].flat()[0].split('.')[0]) ? [path] : [];
    if (key === 'Fn::Sub' && ids.some(id => new RegExp(`\\$\\{${id}[.}]`).test([argument].flat()[0]))) return [path];
    return places(argument, ids, `${path}.${key}`);
  });
}
