import type { Condition, StatementTexts } from '../private/policy-wildcards';

/** More combinations of alternatives than these count as one unknown text. */
const ALTERNATIVES_MAX = 64;

/** The sections of a template that determine values at deployment. */
export interface TemplateValues {
  /** The default and the allowed values of a parameter; undefined if no parameter has the name. */
  parameter(name: string): unknown[] | undefined;
  mapping(name: string): unknown;
}

/**
 * The texts that a resolved value of a template can have: both branches of a condition, the default of a parameter, each item of a
 * list. A reference is its name in angle brackets.
 */
export class TemplateTexts {
  constructor(private readonly template: TemplateValues) {}

  /** A statement of a resolved policy document. */
  public statement(statement: unknown): StatementTexts {
    const part = (name: string) => isRecord(statement) ? this.of(statement[name]) : [];
    const [effect = 'Allow'] = part('Effect');
    return {
      effect,
      actions: part('Action'),
      notActions: part('NotAction'),
      resources: part('Resource'),
      notResources: part('NotResource'),
      conditions: isRecord(statement) ? this.conditions(statement.Condition) : [],
    };
  }

  public of(value: unknown): string[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value.flatMap(item => this.of(item));
    if (!isRecord(value)) return [String(value)];
    const [[name, argument] = ['', undefined]] = Object.entries(value);
    switch (name) {
      case 'Ref': return this.reference(String(argument));
      case 'Fn::GetAtt': return [`<${this.of(argument).join('.')}>`];
      case 'Fn::Join': return Array.isArray(argument) ? this.join(String(argument[0]), argument[1]) : ['<Fn::Join>'];
      case 'Fn::Sub': return this.substitute(argument);
      case 'Fn::If': return Array.isArray(argument) ? this.of(argument.slice(1)) : ['<Fn::If>'];
      case 'Fn::Select': return Array.isArray(argument) ? this.select(Number(argument[0]), argument[1]) : ['<Fn::Select>'];
      case 'Fn::Split': return this.split(argument).flat();
      case 'Fn::FindInMap': return this.find(argument);
      default: return [`<${name}>`];
    }
  }

  private conditions(condition: unknown): Condition[] {
    if (!isRecord(condition)) return [];
    return Object.entries(condition).flatMap(([operator, keys]) =>
      isRecord(keys) ? Object.entries(keys).map(([key, values]) => ({ operator, key, values: this.of(values) })) : []);
  }

  private reference(name: string): string[] {
    if (name === 'AWS::NoValue') return [];
    const values = this.template.parameter(name);
    return values === undefined || values.length === 0 ? [`<${name}>`] : this.of(values);
  }

  private join(separator: string, list: unknown): string[] {
    if (!Array.isArray(list)) return [this.of(list).join(separator)];
    return combinations(list.map(item => this.of(item)), separator);
  }

  private substitute(argument: unknown): string[] {
    const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const parts = String(template).split(/\$\{([^{}]*)\}/).map((text, i) => {
      if (i % 2 === 0) return [text];
      const name = text.trim();
      if (name.startsWith('!')) return [`\${${name.slice(1)}}`];
      if (isRecord(variables) && Object.hasOwn(variables, name)) return this.of(variables[name]);
      return name.includes('.') ? [`<${name}>`] : this.reference(name);
    });
    return combinations(parts, '');
  }

  private select(index: number, list: unknown): string[] {
    if (Array.isArray(list)) return this.of(list[index]);
    if (isRecord(list) && 'Fn::Split' in list) return this.split(list['Fn::Split']).map(items => items[index] ?? '<Fn::Select>');
    return this.of(list);
  }

  /** One list for each alternative of the text. */
  private split(argument: unknown): string[][] {
    if (!Array.isArray(argument)) return [['<Fn::Split>']];
    return this.of(argument[1]).map(text => text.includes('<') ? ['<Fn::Split>'] : text.split(String(argument[0])));
  }

  /** The values of all keys that are not literal. */
  private find(argument: unknown): string[] {
    if (!Array.isArray(argument)) return ['<Fn::FindInMap>'];
    let found = [this.template.mapping(String(argument[0]))];
    for (const key of argument.slice(1, 3)) {
      found = found.flatMap(level => !isRecord(level) ? [] : typeof key === 'string' ? [level[key]] : Object.values(level));
    }
    const values = found.flatMap(value => this.of(value));
    return values.length > 0 ? values : ['<Fn::FindInMap>'];
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function combinations(parts: string[][], separator: string): string[] {
  const lists = parts.filter(alternatives => alternatives.length > 0);
  if (lists.reduce((product, alternatives) => product * alternatives.length, 1) > ALTERNATIVES_MAX) return ['<alternatives>'];
  if (lists.length === 0) return [''];
  return lists.reduce((texts, alternatives) => texts.flatMap(text => alternatives.map(next => `${text}${separator}${next}`)));
}
