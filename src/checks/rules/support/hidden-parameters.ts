import { isJson, textOf } from '../../graph';
import type { Json, Resource, TemplateGraph } from '../../graph';

/** The parameters with `NoEcho`, and the parameters of a nested stack that receive one. */
export function hiddenParametersOf(template: TemplateGraph): string[] {
  const hidden = Object.entries(template.section('Parameters'))
    .filter(([, parameter]) => isJson(parameter) && /^true$/i.test(textOf(parameter.NoEcho)))
    .map(([name]) => name);
  const { app, input } = template;
  const parent = app.parentTemplateOf(template);
  const stack = parent?.resources.get(input.parent?.logicalId ?? '');
  if (!parent || !stack) return hidden;
  const ofParent = hiddenParametersOf(parent);
  const properties = isJson(stack.raw.Properties) ? stack.raw.Properties : {};
  const given = isJson(properties.Parameters) ? properties.Parameters : {};
  const passed = Object.keys(given).filter(name => namesIn(given[name], parent).some(used => ofParent.includes(used)));
  return [...new Set([...hidden, ...passed])];
}

/** The hidden parameter whose value a property contains, also as a part of a text. */
export function hiddenParameterIn(at: Resource, path: string, hidden: readonly string[]): string | undefined {
  const names = namesIn(JSON.parse(at.rawText(path) ?? 'null'), at.template);
  return hidden.find(name => names.includes(name));
}

/** The names whose values become a part of the value. The key of a mapping does not. */
function namesIn(raw: unknown, template: TemplateGraph): string[] {
  const value = template.settle(raw);
  if (Array.isArray(value)) return value.flatMap(item => namesIn(item, template));
  if (!isJson(value) || 'Fn::FindInMap' in value) return [];
  if (typeof value.Ref === 'string') return [value.Ref];
  if ('Fn::Sub' in value) return namesInText(value['Fn::Sub'], template);
  const branch = value['Fn::If'];
  return namesIn(Array.isArray(branch) ? branch.slice(1) : Object.values(value), template);
}

function namesInText(argument: unknown, template: TemplateGraph): string[] {
  const [text, own] = [argument].flat() as unknown[];
  const variables: Json = isJson(own) ? own : {};
  const names = [...textOf(text).matchAll(/\$\{([^{}!]*)\}/g)].map(([, name]) => name.trim());
  return names.flatMap(name => (Object.hasOwn(variables, name) ? namesIn(variables[name], template) : [name]));
}
