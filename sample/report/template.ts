/** A CloudFormation resource in a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly UpdatePolicy?: Record<string, unknown>;
  readonly Metadata?: Record<string, unknown>;
}

/** A synthesised template, with the look-ups that the report needs. */
export class Template {
  public readonly resources: Record<string, Resource>;

  constructor(json: { Resources?: Record<string, Resource> }) {
    this.resources = json.Resources ?? {};
  }

  public ofType(type: string): [string, Resource][] {
    return Object.entries(this.resources).filter(([, resource]) => resource.Type === type);
  }

  /** The logical ids that a value refers to by Ref or GetAtt, at any depth. */
  public references(value: unknown): string[] {
    if (Array.isArray(value)) return value.flatMap(v => this.references(v));
    if (typeof value !== 'object' || value === null) return [];
    const { Ref: ref, 'Fn::GetAtt': attribute } = value as { 'Ref'?: string; 'Fn::GetAtt'?: [string, string] };
    if (ref !== undefined) return [ref];
    if (attribute !== undefined) return [attribute[0]];
    return Object.values(value).flatMap(v => this.references(v));
  }

  /** Resources whose properties refer to the logical id. */
  public referring(logicalId: string): [string, Resource][] {
    return Object.entries(this.resources).filter(([, resource]) => this.references(resource.Properties).includes(logicalId));
  }

  /** A readable name of the resource: its construct path without the stack and the last step. */
  public nameOf(logicalId: string): string {
    const path = this.resources[logicalId]?.Metadata?.['aws:cdk:path'];
    if (typeof path !== 'string') return logicalId;
    return path.split('/').slice(1).filter(step => step !== 'Resource' && step !== 'Default').join('/') || path;
  }
}
