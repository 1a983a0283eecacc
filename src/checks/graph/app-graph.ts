import { Resource } from './resource';
import { TemplateGraph } from './template-graph';
import type { TemplateInput } from './template-graph';
import { Reference, Text, Unknown, isJson } from './value';
import type { Value } from './value';
import type { World } from './worlds';

/** What a resource can be called by when another one names it in plain text. */
const NAME_PROPERTIES: Record<string, string> = {
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
};

/** How a nested stack got its parameters. */
interface Parent { argument(name: string, depth: number): Value }

/** All templates of an app in one world, and who points at whom. */
export class AppGraph {
  public readonly templates: TemplateGraph[];
  private readonly byType = new Map<string, Resource[]>();
  private readonly named = new Map<string, Resource[]>();
  private readonly views = new Map<unknown, unknown>();
  private exportIndex?: Map<string, { template: TemplateGraph; value: unknown }>;

  /** @param today ISO date, for rules about what ends when */
  constructor(inputs: TemplateInput[], public readonly world: World = new Map(), public readonly today = new Date().toISOString().slice(0, 10)) {
    this.templates = inputs.map((input, index) => new TemplateGraph(this, input, index));
    for (const template of this.templates) {
      for (const resource of template.resources.values()) {
        const alike = this.byType.get(resource.type);
        if (alike) alike.push(resource);
        else this.byType.set(resource.type, [resource]);
      }
    }
    for (const [type, property] of Object.entries(NAME_PROPERTIES)) {
      for (const resource of this.ofType(type)) {
        const name = resource.get(property);
        if (typeof name === 'string') this.named.set(`${type} ${name}`, [...this.named.get(`${type} ${name}`) ?? [], resource]);
      }
    }
  }

  public types(): string[] {
    return [...this.byType.keys()];
  }

  public ofType(...types: string[]): readonly Resource[] {
    return types.length === 1 ? this.byType.get(types[0]) ?? [] : types.flatMap(type => this.byType.get(type) ?? []);
  }

  /** Something computed once per graph, such as the functions with all that hangs on them. */
  public view<T>(key: (graph: AppGraph) => T): T {
    if (!this.views.has(key)) this.views.set(key, key(this));
    return this.views.get(key) as T;
  }

  /** The resource that a value refers to; with types, the first of these. Plain names count where only one resource has them. */
  public resourceOf(value: Value, from: Resource, ...types: string[]): Resource | undefined {
    const fits = (resource: Resource) => types.length === 0 || types.includes(resource.type);
    if (value instanceof Reference) return fits(value.resource) ? value.resource : undefined;
    if (value instanceof Text) {
      return value.references.map(reference => reference.resource).find(fits) ?? this.namedIn(value.pattern, from, types);
    }
    return typeof value === 'string' ? this.namedIn(value, from, types) : undefined;
  }

  /** All resources that a value mentions, however deep. */
  public mentioned(value: Value, found = new Set<Resource>()): Set<Resource> {
    if (value instanceof Reference) {found.add(value.resource);} else if (value instanceof Text) {value.references.forEach(reference => found.add(reference.resource));} else if (typeof value === 'object' && value !== null && !(value instanceof Unknown)) {
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
    return this.templates.find(({ input }) => input.parent?.name === parent.input.name && input.parent.logicalId === logicalId);
  }

  public parentOf(nested: TemplateGraph): Parent | undefined {
    const link = nested.input.parent;
    const parent = link && this.templates.find(template => template.input.name === link.name);
    const properties = parent && parent.resources.get(link.logicalId)?.raw.Properties;
    const parameters = isJson(properties) && isJson(properties.Parameters) ? properties.Parameters : {};
    return parent && {
      argument: (name, depth) => (Object.hasOwn(parameters, name) ? parent.within(`${link.logicalId}(${name})`, parameters[name], depth) : undefined),
    };
  }

  private namedIn(text: string, from: Resource, types: string[]): Resource | undefined {
    const name = text.startsWith('arn:') ? text.split(/[:/]/).filter(part => !['*', ''].includes(part)).pop() ?? '' : text;
    const candidates = (types.length > 0 ? types : Object.keys(NAME_PROPERTIES)).flatMap(type => this.named.get(`${type} ${name}`) ?? []);
    const near = candidates.filter(resource => resource.template === from.template);
    return near.length === 1 ? near[0] : candidates.length === 1 ? candidates[0] : undefined;
  }
}
