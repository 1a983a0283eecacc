import { Fields } from './fields';
import type { TemplateGraph } from './template-graph';
import { isJson } from './value';
import type { Json, Value } from './value';
import { withoutDefaults } from '../../private/construct-path';
import { EXEMPTIONS } from '../../private/exemption';

/** One resource of one template in one world; its fields are its properties. */
export class Resource extends Fields {
  public readonly type: string;
  private beside?: Fields;

  constructor(template: TemplateGraph, public readonly logicalId: string, public readonly raw: Json) {
    super(template, raw.Properties);
    this.type = typeof raw.Type === 'string' ? raw.Type : '';
  }

  /** Where the user wrote it: the construct path when CDK left one, else the logical id. */
  public get path(): string {
    const path = isJson(this.raw.Metadata) ? this.raw.Metadata['aws:cdk:path'] : undefined;
    return typeof path === 'string' ? withoutDefaults(path) : this.logicalId;
  }

  public get properties(): Value {
    return this.template.resolve(this.raw.Properties ?? {});
  }

  /** What stands beside `Properties`, such as `UpdatePolicy`. */
  public get attributes(): Fields {
    return this.beside ??= new Fields(this.template, this.raw);
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
}
