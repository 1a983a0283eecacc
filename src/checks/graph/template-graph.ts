import type { AppGraph } from './app-graph';
import { comparisonName, isLiteral, OTHER, scenarioKey } from './condition-scenarios';
import { Resolver } from './resolver';
import type { Scope } from './resolver';
import { Resource } from './resource';
import { Reference, Unknown, isJson, textOf } from './value';
import type { Json, Value } from './value';
import type { PackageFiles } from '../../private/package-files';

/** The custom resources with which CDK passes references between Regions (`crossRegionReferences`). */
const CROSS_REGION_WRITER = 'Custom::CrossRegionExportWriter';
const CROSS_REGION_READER = 'Custom::CrossRegionExportReader';

/** A part of a template that the rules cannot see, such as a macro, in the parts of its message. */
export interface UnreadPart {
  /** A logical ID, or another key of the template. */
  readonly at: string;
  readonly type: string;
  readonly property: string;
  readonly must: string;
  readonly got: string;
  readonly fix: string;
}

/** A template with its origin. */
export interface TemplateInput {
  /** The name in reports: a path, or `stdin`. */
  readonly name: string;
  readonly template: Json;
  readonly region?: string;
  readonly account?: string;
  /** For a nested stack: the template and the resource that create it. */
  readonly parent?: { readonly name: string; readonly logicalId: string };
  /** The construct path of a resource whose metadata has none. */
  readonly pathOf?: (logicalId: string) => string | undefined;
  /** The absolute path of the file. */
  readonly file?: string;
  /** What the rules cannot see. */
  readonly unread?: readonly UnreadPart[];
  /** The file, if it contains the resources as they are, in JSON; undefined after SAM, loops or files are expanded. */
  readonly text?: string;
  /** The line on which a resource starts in the file; undefined if it has no line of its own. */
  readonly lineOf?: (logicalId: string) => number | undefined;
  /** The assets of the cloud assembly, or the files beside the template. */
  readonly assets?: AssetSource;
}

/** What a cloud assembly contains beside its templates. */
export interface AssetSource {
  /** The size of an asset, by its `aws:asset:path`; undefined if it cannot be measured. */
  bytes(path: string): number | undefined;
  /** The files of a staged asset; undefined if it cannot be read. */
  files(path: string): PackageFiles | undefined;
  /** The path of a file asset, by its hash. */
  path(hash: string): string | undefined;
  /** The platform that is stated for an image, by the hash of its asset. */
  imagePlatform(hash: string): string | undefined;
}

/** One template in one condition scenario. */
export class TemplateGraph implements Scope {
  public readonly resources = new Map<string, Resource>();
  private readonly resolver = new Resolver(this);
  private readonly open = new Set<string>();
  private readonly resolved = new Map<string, Value>();

  constructor(public readonly app: AppGraph, public readonly input: TemplateInput, private readonly index: number) {
    for (const [id, raw] of Object.entries(this.section('Resources'))) {
      if (!isJson(raw)) continue;
      if (typeof raw.Condition === 'string' && this.condition(raw.Condition) === false) continue;
      this.resources.set(id, new Resource(this, id, raw));
    }
  }

  public resolve(raw: unknown, depth = 0): Value {
    return this.resolver.resolve(raw, depth);
  }

  public settle(raw: unknown): unknown {
    return this.resolver.settle(raw);
  }

  public section(name: string): Json {
    const section = this.input.template[name];
    return isJson(section) ? section : {};
  }

  /** What the rules cannot see, each with a resource for its finding. */
  public unread(): { readonly part: UnreadPart; readonly at: Resource }[] {
    return (this.input.unread ?? []).map(part => (
      { part, at: this.resources.get(part.at) ?? new Resource(this, part.at, { Type: part.type }) }));
  }

  /** The exports with a known name, and the values that CDK passes to stacks of other Regions by their parameters. */
  public *exports(): Iterable<[string, unknown]> {
    for (const output of Object.values(this.section('Outputs'))) {
      if (!isJson(output) || !isJson(output.Export)) continue;
      const name = this.resolve(output.Export.Name);
      if (typeof name === 'string') yield [name, output.Value];
    }
    for (const { raw } of this.resources.values()) yield* Object.entries(crossRegionExports(raw));
  }

  public reference(name: string, depth: number): Value {
    const resource = this.resources.get(name);
    if (resource) return new Reference(resource, 'Ref');
    if (name === 'AWS::Region' && this.input.region) return this.input.region;
    if (name === 'AWS::AccountId' && this.input.account) return this.input.account;
    if (name.startsWith('AWS::')) {
      const assumed = this.app.scenario.get(scenarioKey(this.index, name));
      return typeof assumed === 'string' ? assumed : Unknown.of(this.sourceOf(name), true);
    }
    return this.parameter(name, depth);
  }

  public attribute(logicalId: string, attribute: string, depth: number): Value {
    const resource = this.resources.get(logicalId);
    if (!resource) return Unknown.VALUE;
    if (resource.type === 'AWS::CloudFormation::Stack' && attribute.startsWith('Outputs.')) {
      const nested = this.app.nestedOf(this, logicalId);
      const output = nested?.section('Outputs')[attribute.slice('Outputs.'.length)];
      return nested && isJson(output) ? nested.within(`${logicalId}.${attribute}`, output.Value, depth) : Unknown.VALUE;
    }
    const passed = resource.type === CROSS_REGION_READER ? this.app.exported(attribute, depth) : Unknown.VALUE;
    return passed instanceof Unknown ? new Reference(resource, attribute) : passed;
  }

  public condition(name: string, depth = 0): boolean | undefined {
    const conditions = this.section('Conditions');
    return depth > 20 || !Object.hasOwn(conditions, name) ? undefined : this.evaluate(conditions[name], depth + 1);
  }

  /** Whether the scenario, or the stack that deploys this one, sets the parameter. */
  public isAssumed(parameter: string): boolean {
    return this.app.scenario.has(scenarioKey(this.index, parameter))
      || this.app.parentOf(this)?.parameter(parameter, 0) !== undefined;
  }

  public mapping(name: string): unknown {
    const mappings = this.section('Mappings');
    return Object.hasOwn(mappings, name) ? mappings[name] : undefined;
  }

  public imported(name: string, depth: number): Value {
    return this.app.exported(name, depth);
  }

  /** Resolves a value for another template. A circular reference is unknown. */
  public within(key: string, raw: unknown, depth: number): Value {
    if (this.open.has(key)) return Unknown.VALUE;
    const known = this.resolved.get(key);
    if (known !== undefined) return known;
    this.open.add(key);
    const value = this.resolver.resolve(raw, depth + 1) ?? Unknown.VALUE;
    this.open.delete(key);
    this.resolved.set(key, value);
    return value;
  }

  private parameter(name: string, depth: number): Value {
    const parameters = this.section('Parameters');
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    const unknown = Unknown.of(this.sourceOf(name));
    if (!isJson(parameter)) return unknown;
    const chosen = this.app.scenario.get(scenarioKey(this.index, name));
    if (chosen === OTHER) return unknown;
    const given = this.app.parentOf(this)?.parameter(name, depth);
    if (given !== undefined) return given;
    const value = chosen ?? parameter.Default;
    const type = textOf(parameter.Type);
    if (type.startsWith('AWS::SSM::')) return unknown;
    if (value === undefined) this.app.openParameters.set(scenarioKey(this.index, name), parameter.AllowedValues);
    if (value === undefined || typeof value === 'object') return unknown;
    const isList = /^List<|^CommaDelimitedList$/.test(type);
    return isList ? textOf(value).split(',').map(item => item.trim()) : value as Value;
  }

  /** A parameter of this template, without the separators of ARNs. */
  private sourceOf(name: string): string {
    return `${this.index} ${name.replace('::', '.')}`;
  }

  private evaluate(expression: unknown, depth: number): boolean | undefined {
    if (!isJson(expression) || depth > 20) return undefined;
    const [key, argument] = Object.entries(expression)[0] ?? [];
    const items = () => (Array.isArray(argument) ? argument : []).map(item => this.evaluate(item, depth + 1));
    switch (key) {
      case 'Condition': return typeof argument === 'string' ? this.condition(argument, depth) : undefined;
      case 'Fn::Not': { const [item] = items(); return item === undefined ? undefined : !item; }
      case 'Fn::And': return items().includes(false) ? false : items().includes(undefined) ? undefined : true;
      case 'Fn::Or': return items().includes(true) ? true : items().includes(undefined) ? undefined : false;
      case 'Fn::Equals': return this.equals(argument);
      default: return undefined;
    }
  }

  private equals(sides: unknown): boolean | undefined {
    if (!Array.isArray(sides) || sides.length !== 2) return undefined;
    const assumed = this.app.scenario.get(scenarioKey(this.index, comparisonName(sides)));
    if (typeof assumed === 'boolean') return assumed;
    const isRef = isJson(sides[0]) && typeof sides[0].Ref === 'string';
    if (isRef && JSON.stringify(sides[0]) === JSON.stringify(sides[1])) return true;
    const [a, b] = sides.map(side => this.side(side));
    if (a === OTHER || b === OTHER) return false;
    return a === undefined || b === undefined ? undefined : textOf(a) === textOf(b);
  }

  private side(side: unknown): unknown {
    if (!isJson(side)) return side;
    const name = typeof side.Ref === 'string' ? side.Ref : undefined;
    if (name !== undefined) return this.app.scenario.get(scenarioKey(this.index, name));
    const found = 'Fn::FindInMap' in side || isLiteral(side) ? this.resolve(side) : undefined;
    return typeof found === 'object' ? undefined : found;
  }
}

/** The values that a stack passes to stacks of another Region by a custom resource of CDK, by parameter name. */
export function crossRegionExports({ Type: type, Properties: properties }: Json): Json {
  const { WriterProps: props } = type === CROSS_REGION_WRITER && isJson(properties) ? properties : {};
  return isJson(props) && isJson(props.exports) ? props.exports : {};
}
