import { Fields } from './fields';
import type { TemplateGraph } from './template-graph';
import { isJson } from './value';
import type { Json, Value } from './value';
import { PATH_METADATA, withoutDefaults } from '../../private/cdk-internals';
import { METADATA_KEY } from '../../private/template-metadata';

/** One resource of one template in one condition scenario; its fields are its properties. */
export class Resource extends Fields {
  public readonly type: string;
  private ownAttributes?: Fields;

  constructor(template: TemplateGraph, public readonly logicalId: string, public readonly raw: Json) {
    super(template, raw.Properties);
    this.type = typeof raw.Type === 'string' ? raw.Type : '';
  }

  /** The construct path from the metadata of CDK, otherwise the logical ID. */
  public get path(): string {
    const path = isJson(this.raw.Metadata) ? this.raw.Metadata[PATH_METADATA] : undefined;
    const stated = typeof path === 'string' ? path : this.template.input.pathOf?.(this.logicalId);
    return stated === undefined ? this.logicalId : withoutDefaults(stated);
  }

  public get properties(): Value {
    return this.template.resolve(this.raw.Properties ?? {});
  }

  /** The attributes beside `Properties`, such as `UpdatePolicy`. */
  public get attributes(): Fields {
    return this.ownAttributes ??= new Fields(this.template, this.raw);
  }

  /** A policy attribute, which supports no references. */
  public policy(name: 'DeletionPolicy' | 'UpdateReplacePolicy'): string | undefined {
    const value = this.raw[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** The reason in the metadata why a rule does not apply to the resource. */
  public exemptionFrom(rule: string): string | undefined {
    const written = isJson(this.raw.Metadata) ? this.raw.Metadata[METADATA_KEY] : undefined;
    const exemptions = isJson(written) && isJson(written.exempt) ? written.exempt : {};
    const reason = Object.hasOwn(exemptions, rule) ? exemptions[rule] : undefined;
    return typeof reason === 'string' && reason !== '' ? reason : undefined;
  }

  /** The resource that a property refers to, by a reference, a name or an ARN. */
  public target(path: string): Resource | undefined {
    return this.template.app.resourceOf(this.get(path), this);
  }
}
