import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';

/** A resource of a synthesised template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, any>;
  readonly DependsOn?: string | readonly string[];
}

/** What a reference to a resource is on this machine: `attribute` is absent for `Ref`. */
export type Physical = (id: string, resource: Resource, attribute?: string) => string | undefined;

export const ACCOUNT = '000000000000';
export const REGION = 'eu-central-1';

const PSEUDO: Record<string, string> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** One synthesised stack: what it holds, its assets, and its references as they are on this machine. */
export class AssembledStack {
  private readonly resources: Record<string, Resource>;
  private readonly parameters: Record<string, { Default?: string }>;

  constructor(
    private readonly assembly: CloudAssembly, public readonly name: string, private readonly physical: Physical,
    { Resources, Parameters } = assembly.getStackByName(name).template,
  ) {
    this.resources = Resources;
    this.parameters = Parameters ?? {};
  }

  public ofType(...types: string[]): [string, Resource][] {
    return Object.entries(this.resources).filter(([, { Type }]) => types.includes(Type));
  }

  public resource(id: string): Resource {
    const found = this.resources[id];
    if (!found) throw new Error(`there is no resource ${id} in ${this.name}`);
    return found;
  }

  /** The folder of an asset that the template names by its key in the bucket of assets. */
  public assetFolder(s3Key: string): string {
    const name = `asset.${s3Key.replace(/\.zip$/, '')}`;
    let { directory } = this.assembly;
    // The assembly of a stage is a folder in the assembly of its app, which has the assets.
    while (!existsSync(join(directory, name)) && basename(directory).startsWith('assembly-')) directory = dirname(directory);
    return join(directory, name);
  }

  /** A value of the template with its references replaced by their values on this machine. */
  public resolve(value: any, physical = this.physical): any {
    if (Array.isArray(value)) return value.map(item => this.resolve(item, physical));
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument], ...others] = Object.entries<any>(value);
    if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) return this.call(name, argument, physical);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.resolve(item, physical)]));
  }

  private call(name: string, argument: any, physical: Physical): any {
    const resolve = (value: any) => this.resolve(value, physical);
    switch (name) {
      case 'Ref': return this.reference(argument, undefined, physical);
      case 'Fn::GetAtt': return this.reference(argument[0], argument[1], physical);
      case 'Fn::Join': return resolve(argument[1]).join(argument[0]);
      case 'Fn::Select': return resolve(argument[1])[Number(argument[0])];
      case 'Fn::Split': return resolve(argument[1]).split(argument[0]);
      case 'Fn::Sub': return this.substitute(argument, physical);
      case 'Fn::GetAZs': return [`${REGION}a`, `${REGION}b`, `${REGION}c`];
      default: throw new Error(`${name} has no meaning on this machine`);
    }
  }

  private substitute(argument: string | [string, Record<string, any>], physical: Physical): string {
    const [text, own] = typeof argument === 'string' ? [argument, {} as Record<string, any>] : argument;
    return text.replace(/\$\{([^}]+)\}/g, (_, what: string) => {
      if (what in own) return this.resolve(own[what], physical);
      const [id, attribute] = what.split('.');
      return this.reference(id, attribute, physical);
    });
  }

  private reference(id: string, attribute: string | undefined, physical: Physical): string {
    if (id in PSEUDO) return PSEUDO[id];
    if (id === 'AWS::StackName') return this.name;
    if (id in this.parameters) return this.parameters[id].Default ?? '';
    const own = physical(id, this.resource(id), attribute);
    return own ?? arnOrName(id, this.resource(id), attribute);
  }
}

const SERVICES: Record<string, (id: string) => string> = {
  'AWS::Lambda::Function': id => arn('lambda', `function:${id}`),
  'AWS::SQS::Queue': id => arn('sqs', id),
  'AWS::DynamoDB::Table': id => arn('dynamodb', `table/${id}`),
  'AWS::DynamoDB::GlobalTable': id => arn('dynamodb', `table/${id}`),
  'AWS::SecretsManager::Secret': id => arn('secretsmanager', `secret:${id}`),
  'AWS::Events::EventBus': id => arn('events', `event-bus/${id}`),
};

function arnOrName(id: string, { Type }: Resource, attribute?: string): string {
  if (Type === 'AWS::SecretsManager::Secret') return SERVICES[Type](id);
  if (attribute === undefined) return id;
  if (attribute === 'Arn' && Type in SERVICES) return SERVICES[Type](id);
  return attribute === 'Arn' ? arn('local', id) : `${id}.${attribute}`;
}

export function arn(service: string, rest: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
}
