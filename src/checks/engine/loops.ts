import { isJson, textOf } from '../graph';
import type { Json } from '../graph';

const LOOP = 'Fn::ForEach::';
/** A template with more resources than CloudFormation accepts is left as it is. */
const ROUNDS_MAX = 5_000;

/** A template after the loops of `AWS::LanguageExtensions`. */
interface Unrolled {
  readonly template: Json;
  /** The key of the loop that creates a resource, by the logical ID of the resource. */
  readonly origins: ReadonlyMap<string, string>;
}

/**
 * Replaces each `Fn::ForEach` and `Fn::Length` whose collection the template contains by what it creates. Others
 * remain.
 */
export function unrollLoops(template: Json): Unrolled {
  const origins = new Map<string, string>();
  if (!hasLoops(template)) return { template, origins };
  const loops = new Loops(template);
  const result = loops.visit(template, new Map()) as Json;
  const before = isJson(template.Resources) ? template.Resources : {};
  for (const [key, body] of Object.entries(before)) {
    if (!key.startsWith(LOOP)) continue;
    const created = loops.visit({ [key]: body }, new Map());
    for (const id of Object.keys(created as Json)) if (!id.startsWith(LOOP)) origins.set(id, key);
  }
  return { template: result, origins };
}

function hasLoops({ Transform, Resources }: Json): boolean {
  return [Transform].flat().includes('AWS::LanguageExtensions')
    || (isJson(Resources) && Object.keys(Resources).some(key => key.startsWith(LOOP)));
}

type Variables = ReadonlyMap<string, string>;

class Loops {
  private rounds = 0;

  constructor(private readonly template: Json) {}

  /** A copy of the node with its loops replaced, and the identifiers of the loops around it. */
  public visit(node: unknown, variables: Variables): unknown {
    if (typeof node === 'string') return substitute(node, variables);
    if (Array.isArray(node)) return node.map(item => this.visit(item, variables));
    if (!isJson(node)) return node;
    const variable = variables.size > 0 && Object.keys(node).length === 1 ? variables.get(textOf(node.Ref)) : undefined;
    if (variable !== undefined) return variable;
    const length = 'Fn::Length' in node ? this.collection(node['Fn::Length'], variables)?.length : undefined;
    if (length !== undefined) return length;
    const result: Json = {};
    for (const [key, value] of Object.entries(node)) {
      const created = key.startsWith(LOOP) ? this.rows(value, variables) : undefined;
      if (created) created.forEach(row => define(result, row));
      else define(result, { [substitute(key, variables)]: this.visit(value, variables) });
    }
    return plain(result);
  }

  /** What each round of a loop creates; undefined if its collection is not known. */
  private rows(loop: unknown, variables: Variables): Json[] | undefined {
    if (!Array.isArray(loop) || loop.length !== 3 || !isJson(loop[2])) return undefined;
    const [names, collection] = [[loop[0]].flat().map(textOf), this.collection(loop[1], variables)];
    if (!collection || names.length !== 1 || names[0] === '') return undefined;
    this.rounds += collection.length;
    if (this.rounds > ROUNDS_MAX) return undefined;
    return collection.map(item => this.visit(loop[2], new Map([...variables, [names[0], item]])) as Json);
  }

  private collection(list: unknown, variables: Variables): string[] | undefined {
    const value = this.value(this.visit(list, variables));
    const items = Array.isArray(value) ? value.flatMap(item => this.value(item) ?? [undefined]) : undefined;
    return items?.every(item => ['string', 'number', 'boolean'].includes(typeof item)) ? items.map(textOf) : undefined;
  }

  /** The value of a literal, of a parameter with a default, or of a mapping. */
  private value(node: unknown): unknown {
    if (!isJson(node)) return node;
    if (typeof node.Ref === 'string') return this.parameter(node.Ref);
    const path = node['Fn::FindInMap'];
    if (!Array.isArray(path)) return undefined;
    return path.slice(0, 3).map(key => this.value(key)).reduce<unknown>(
      (found, key) => (isJson(found) && Object.hasOwn(found, textOf(key)) ? found[textOf(key)] : undefined),
      this.template.Mappings,
    );
  }

  private parameter(name: string): unknown {
    const parameters = isJson(this.template.Parameters) ? this.template.Parameters : {};
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (name === 'AWS::NoValue') return [];
    if (!isJson(parameter) || parameter.Default === undefined) return undefined;
    const isList = /^List<|^CommaDelimitedList$/.test(textOf(parameter.Type));
    return isList ? textOf(parameter.Default).split(',').map(item => item.trim()) : parameter.Default;
  }
}

/** `${Name}` is the value of the identifier, and `&{Name}` its letters and digits. */
function substitute(text: string, variables: Variables): string {
  if (variables.size === 0 || !/[$&]\{/.test(text)) return text;
  return text.replace(/([$&])\{\s*([^{}!]+?)\s*\}/g, (whole: string, kind: string, name: string) => {
    const value = variables.get(name);
    if (value === undefined) return whole;
    return kind === '$' ? value : value.replace(/[^A-Za-z0-9]/g, '');
  });
}

/** An `Fn::Sub` without variables is its text, which is allowed as a logical ID. */
function plain(node: Json): unknown {
  const text = Object.keys(node).length === 1 ? node['Fn::Sub'] : undefined;
  return typeof text === 'string' && !text.includes('${') ? text : node;
}

function define(target: Json, members: Json): void {
  for (const [key, value] of Object.entries(members)) {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  }
}
