import type { Note } from './report';
import { asNumber, isJson, textOf } from '../graph';
import type { Json, TemplateInput } from '../graph';

/** The types whose values are several, separated by commas. */
const LIST = /^(CommaDelimitedList$|List<)/;

/** The template with values for its parameters. A nested stack receives the values of its parent. */
export function withParameters(template: TemplateInput, values: ReadonlyMap<string, string>): TemplateInput {
  const declared = template.parent === undefined ? parametersOf(template) : {};
  const chosen = Object.entries(declared).filter(([name]) => values.has(name)).map(([name, parameter]) => {
    const value = values.get(name);
    return [name, { ...isJson(parameter) ? parameter : {}, Default: value, AllowedValues: [value] }];
  });
  if (chosen.length === 0) return template;
  const parameters = { ...declared, ...Object.fromEntries(chosen) };
  return { ...template, template: { ...template.template, Parameters: parameters } };
}

function parametersOf({ template }: TemplateInput): Json {
  return isJson(template.Parameters) ? template.Parameters : {};
}

/** The values for parameters that no template has. */
export function undeclared(templates: readonly TemplateInput[], values: ReadonlyMap<string, string>): Note[] {
  const declared = new Set(templates.flatMap(template => Object.keys(parametersOf(template))));
  return [...values.keys()].filter(name => !declared.has(name)).map(name => ({
    message: `no template declares the parameter ${name}, so its value is not used`,
  }));
}

/** The values that CloudFormation rejects, because of the type of the parameter or of what the template allows. */
export function notAllowed(templates: readonly TemplateInput[], values: ReadonlyMap<string, string>): Note[] {
  return templates.filter(({ parent }) => parent === undefined).flatMap(template => (
    Object.entries(parametersOf(template)).flatMap(([name, parameter]) => {
      const value = values.get(name);
      if (value === undefined || !isJson(parameter)) return [];
      const must = requirementOf(parameter, value);
      const message = `the parameter ${name} must ${must?.join(`, got ${value}; `)}`;
      return must ? [{ message, template: template.name }] : [];
    })));
}

/** What the value must be, if it is not, and the fix. */
function requirementOf(parameter: Json, value: string): [must: string, fix: string] | undefined {
  const type = textOf(parameter.Type);
  const isList = LIST.test(type);
  const items = isList ? value.split(',').map(item => item.trim()) : [value];
  const allowed = Array.isArray(parameter.AllowedValues) ? parameter.AllowedValues.map(textOf) : [];
  if (allowed.length > 0 && items.some(item => !allowed.includes(item))) {
    const list = allowed.join(', ');
    return isList ? [`contain only ${list}`, 'pass some of them'] : [`be one of ${list}`, 'pass one of them'];
  }
  if (type !== 'Number' && type !== 'List<Number>') return undefined;
  const numbers = items.map(asNumber);
  if (numbers.includes(undefined)) {
    return isList ? ['contain only numbers', 'pass numbers'] : ['be a number', 'pass one'];
  }
  const [min, max] = [parameter.MinValue, parameter.MaxValue].map(limit => asNumber(textOf(limit)));
  if (min !== undefined && numbers.some(number => number! < min)) return [`be at least ${min}`, 'raise it'];
  if (max !== undefined && numbers.some(number => number! > max)) return [`be at most ${max}`, 'lower it'];
  return undefined;
}
