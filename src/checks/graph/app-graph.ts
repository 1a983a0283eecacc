import type { ConditionScenario } from './condition-scenarios';
import type { Resource } from './resource';
import { TemplateGraph } from './template-graph';
import type { TemplateInput } from './template-graph';
import { Reference, Text, Unknown, identityOf, isJson } from './value';
import type { Value } from './value';

/** The property with the physical name of a resource, by which other resources may refer to it in plain text. */
export const NAME_PROPERTIES: ReadonlyMap<string, string> = new Map(Object.entries({
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::CodeDeploy::Application': 'ApplicationName',
  'AWS::CodeDeploy::DeploymentGroup': 'DeploymentGroupName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::RDS::DBCluster': 'DBClusterIdentifier',
}));
const NAMED_TYPES = [...NAME_PROPERTIES.keys()];

/** The parameters that a parent stack passes to a nested stack. */
interface ParentStack {
  parameter(name: string, depth: number): Value;
}

/** All templates of an app in one condition scenario, with the references between their resources. */
export class AppGraph {
  public readonly templates: TemplateGraph[];
  /** The parameters without a value that were read, with the values that they allow. */
  public readonly openParameters = new Map<string, unknown>();
  private readonly byType = new Map<string, Resource[]>();
  private readonly byName = new Map<string, Resource[]>();
  private readonly views = new Map<unknown, unknown>();
  private exportIndex?: Map<string, { template: TemplateGraph; value: unknown }>;

  constructor(
    inputs: TemplateInput[],
    public readonly scenario: ConditionScenario = new Map(),
    /** ISO date for rules about deprecation dates. */
    public readonly today = new Date().toISOString().slice(0, 10),
  ) {
    this.templates = inputs.map((input, index) => new TemplateGraph(this, input, index));
    for (const template of this.templates) {
      for (const resource of template.resources.values()) add(this.byType, resource.type, resource);
    }
    for (const [type, property] of NAME_PROPERTIES) {
      for (const resource of this.ofType(type)) {
        const name = identityOf(resource.get(property));
        if (name !== undefined) add(this.byName, `${type} ${name}`, resource);
      }
    }
  }

  public types(): string[] {
    return [...this.byType.keys()];
  }

  public ofType(...types: string[]): readonly Resource[] {
    return types.length === 1 ? this.byType.get(types[0]) ?? [] : types.flatMap(type => this.byType.get(type) ?? []);
  }

  /** A result that is computed once for each graph, such as its functions. */
  public view<T>(key: (graph: AppGraph) => T): T {
    if (!this.views.has(key)) this.views.set(key, key(this));
    return this.views.get(key) as T;
  }

  /** The resource that a value refers to, of one of the types if any are passed. A plain name must be unique. */
  public resourceOf(value: Value, from: Resource, ...types: string[]): Resource | undefined {
    const fits = (resource: Resource) => types.length === 0 || types.includes(resource.type);
    if (value instanceof Reference) return fits(value.resource) ? value.resource : undefined;
    if (value instanceof Text) {
      const referred = value.references.map(reference => reference.resource).find(fits);
      return referred ?? this.namedResource(value.pattern, from, types) ?? this.identified(value, from, types);
    }
    if (value instanceof Unknown) return this.identified(value, from, types);
    return typeof value === 'string' ? this.namedResource(value, from, types) : undefined;
  }

  /** All resources that a value refers to, at any depth. */
  public mentioned(value: Value, found = new Set<Resource>()): Set<Resource> {
    if (value instanceof Reference) {
      found.add(value.resource);
    } else if (value instanceof Text) {
      value.references.forEach(reference => found.add(reference.resource));
    } else if (typeof value === 'object' && value !== null && !(value instanceof Unknown)) {
      Object.values(value).forEach(item => this.mentioned(item, found));
    }
    return found;
  }

  public exported(name: string, depth: number): Value {
    this.exportIndex ??= new Map(this.templates.flatMap(template =>
      [...template.exports()].map(([key, value]) => [key, { template, value }] as const)));
    const found = this.exportIndex.get(name);
    return found ? found.template.within(`export ${name}`, found.value, depth) : Unknown.VALUE;
  }

  public nestedOf(parent: TemplateGraph, logicalId: string): TemplateGraph | undefined {
    return this.templates.find(({ input }) => (
      input.parent?.name === parent.input.name && input.parent.logicalId === logicalId));
  }

  public parentTemplateOf({ input: { parent } }: TemplateGraph): TemplateGraph | undefined {
    return parent && this.templates.find(template => template.input.name === parent.name);
  }

  public parentOf(nested: TemplateGraph): ParentStack | undefined {
    const link = nested.input.parent;
    const parent = this.parentTemplateOf(nested);
    const properties = link && parent?.resources.get(link.logicalId)?.raw.Properties;
    const parameters = isJson(properties) && isJson(properties.Parameters) ? properties.Parameters : {};
    return link && parent && {
      parameter: (name, depth) => (Object.hasOwn(parameters, name)
        ? parent.within(`${link.logicalId}(${name})`, parameters[name], depth)
        : undefined),
    };
  }

  /** The resource with the same unknown name. */
  private identified(value: Text | Unknown, from: Resource, types: string[]): Resource | undefined {
    const identity = identityOf(value);
    return identity === undefined ? undefined : this.namedResource(identity, from, types);
  }

  private namedResource(text: string, from: Resource, types: string[]): Resource | undefined {
    const name = text.startsWith('arn:') ? lastPart(text) : text;
    const candidates = (types.length > 0 ? types : NAMED_TYPES)
      .flatMap(type => this.byName.get(`${type} ${name}`) ?? []);
    const near = candidates.filter(resource => resource.template === from.template);
    if (near.length === 1) return near[0];
    return candidates.length === 1 ? candidates[0] : undefined;
  }
}

function add(index: Map<string, Resource[]>, key: string, resource: Resource): void {
  const present = index.get(key);
  if (present) present.push(resource);
  else index.set(key, [resource]);
}

function lastPart(arn: string): string {
  return arn.split(/[:/]/).filter(part => !['*', ''].includes(part)).pop() ?? '';
}
