import { isIntrinsic } from './resolver';
import type { TemplateGraph } from './template-graph';
import { asBoolean, asList, asNumber, asString, below, isJson, isRecord, stepsOf, Unknown } from './value';
import type { Json, Value } from './value';
import { EXEMPTIONS } from '../../private/exemption';

/** One resource of one template in one world: its properties are resolved when first asked for. */
export class Resource {
  public readonly type: string;
  /** What has been asked for of the properties, each resolved once, and nothing beside it. */
  private known?: Map<string, Value>;
  private whole?: Value;

  constructor(public readonly template: TemplateGraph, public readonly logicalId: string, public readonly raw: Json) {
    this.type = typeof raw.Type === 'string' ? raw.Type : '';
  }

  /** Where the user wrote it: the construct path when CDK left one, else the logical id. */
  public get path(): string {
    const path = isJson(this.raw.Metadata) ? this.raw.Metadata['aws:cdk:path'] : undefined;
    return typeof path === 'string' ? path.replace(/(\/(Resource|Default))+$/, '') : this.logicalId;
  }

  public get properties(): Value {
    return this.whole ??= this.template.resolve(this.raw.Properties ?? {});
  }

  public get(path: string): Value {
    const known = this.known?.get(path);
    if (known !== undefined) return known;
    const value = this.read(path);
    if (value !== undefined) (this.known ??= new Map()).set(path, value);
    return value;
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

  /** Why a rule does not hold for the resource, where its template says so. */
  public exemptionFrom(rule: string): string | undefined {
    const written = isJson(this.raw.Metadata) ? this.raw.Metadata[EXEMPTIONS] : undefined;
    const reason = isJson(written) && isJson(written.exempt) && Object.hasOwn(written.exempt, rule) ? written.exempt[rule] : undefined;
    return typeof reason === 'string' && reason !== '' ? reason : undefined;
  }

  /** The resource that a property refers to, by reference or by a name or ARN that one carries. */
  public target(path: string): Resource | undefined {
    return this.template.app.resourceOf(this.get(path), this);
  }

  public isUnknown(path: string): boolean {
    return this.get(path) instanceof Unknown;
  }

  /** Goes down the template as it stands for as long as nothing has to be resolved on the way. */
  private read(path: string): Value {
    const steps = stepsOf(path);
    let raw: unknown = this.raw.Properties;
    for (let i = 0; i < steps.length; i++) {
      if (!isJson(raw) || isIntrinsic(raw)) return below(this.template.resolve(raw, i), steps, i);
      if (!Object.hasOwn(raw, steps[i])) return undefined;
      raw = raw[steps[i]];
    }
    return this.template.resolve(raw, steps.length);
  }
}
