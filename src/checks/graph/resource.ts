import type { TemplateGraph } from './template-graph';
import { asBoolean, asList, asNumber, asString, at, isJson, isRecord, Unknown } from './value';
import type { Json, Value } from './value';

/** One resource of one template in one world: its properties are resolved when first asked for. */
export class Resource {
  public readonly type: string;
  private resolved?: Value;

  constructor(public readonly template: TemplateGraph, public readonly logicalId: string, public readonly raw: Json) {
    this.type = typeof raw.Type === 'string' ? raw.Type : '';
  }

  /** Where the user wrote it: the construct path when CDK left one, else the logical id. */
  public get path(): string {
    const path = isJson(this.raw.Metadata) ? this.raw.Metadata['aws:cdk:path'] : undefined;
    return typeof path === 'string' ? path.replace(/(\/(Resource|Default))+$/, '') : this.logicalId;
  }

  public get properties(): Value {
    return this.resolved ??= this.template.resolve(this.raw.Properties ?? {});
  }

  public get(path: string): Value {
    return at(this.properties, path);
  }

  /** Surely not set: an unknown value may well be there. */
  public lacks(path: string): boolean {
    const value = this.get(path);
    return value === undefined || value === null;
  }

  /** The number, or CloudFormation's own default when the property is surely absent. */
  public number(path: string, whenAbsent?: number): number | undefined {
    return this.lacks(path) ? whenAbsent : asNumber(this.get(path));
  }

  public string(path: string, whenAbsent?: string): string | undefined {
    return this.lacks(path) ? whenAbsent : asString(this.get(path));
  }

  public boolean(path: string, whenAbsent?: boolean): boolean | undefined {
    return this.lacks(path) ? whenAbsent : asBoolean(this.get(path));
  }

  public list(path: string): Value[] {
    return asList(this.get(path));
  }

  /** The keys of a map property; empty when the map is absent or unknown. */
  public entries(path: string): [string, Value][] {
    const value = this.get(path);
    return isRecord(value) ? Object.entries(value) : [];
  }

  /** A resource attribute beside `Properties`, such as `UpdatePolicy`, resolved. */
  public attribute(name: string): Value {
    return this.template.resolve(this.raw[name]);
  }

  /** A text attribute beside `Properties`, such as `DeletionPolicy`, which takes no references. */
  public policy(name: 'DeletionPolicy' | 'UpdateReplacePolicy'): string | undefined {
    const value = this.raw[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** The resource that a property refers to, by reference or by a name or ARN that one carries. */
  public target(path: string): Resource | undefined {
    return this.template.app.resourceOf(this.get(path), this);
  }

  public isUnknown(path: string): boolean {
    return this.get(path) instanceof Unknown;
  }
}
