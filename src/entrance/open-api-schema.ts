import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { type Json, type OpenApiDocument, resolveReference } from './open-api-document';

/** What JSON Schema of draft 4 says the same way. */
const TAKEN_OVER = [
  'type', 'enum', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'multipleOf',
  'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties',
];
const OF_SCHEMAS = ['allOf', 'anyOf'];
const OF_NAMED_SCHEMAS = ['properties', 'patternProperties'];
/** What draft 4 has no words for. A schema that leaves it out accepts more, which turns round inside `not` and `oneOf`. */
const BEYOND_DRAFT_4 = ['contains', 'if', 'propertyNames', 'unevaluatedProperties', 'unevaluatedItems', '$dynamicRef'];
const DEFINITIONS = '#/definitions/';

/**
 * A schema of OpenAPI 3.0 or 3.1 as draft 4, which API Gateway checks. Schemas that it refers to go along as definitions,
 * so that one may refer to itself.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
 */
export function toJsonSchema(document: OpenApiDocument, schema: Json): apigateway.JsonSchema {
  const definitions: Json = {};
  const { ref, ...converted } = new SchemaConverter(document, definitions).convert(schema);
  if (ref === undefined) return Object.keys(definitions).length > 0 ? { ...converted, definitions } : converted;
  // The model itself is no reference: what it would refer to takes its place.
  const { [ref.slice(DEFINITIONS.length)]: itself, ...others } = definitions;
  const kept = JSON.stringify(definitions).includes(JSON.stringify({ ref })) ? definitions : others;
  return Object.keys(kept).length > 0 ? { ...itself, definitions: kept } : itself;
}

class SchemaConverter {
  constructor(private readonly document: OpenApiDocument, private readonly definitions: Json) { }

  public convert(schema: Json | boolean): Json {
    // true and false are schemas, which draft 4 doesn't know
    if (typeof schema === 'boolean') return schema ? {} : { not: {} };
    if (schema.$ref) return this.refer(schema);
    return {
      ...pick(schema, TAKEN_OVER),
      ...this.convertRequired(schema),
      ...bounds(schema),
      ...nullable(schema),
      ...schema.const === undefined ? {} : { enum: [schema.const] },
      ...mapValues(pick(schema, OF_NAMED_SCHEMAS), schemas => mapValues(schemas, value => this.convert(value))),
      ...mapValues(pick(schema, OF_SCHEMAS), schemas => schemas.map((value: Json) => this.convert(value))),
      ...this.convertItems(schema),
      ...this.convertExtras('additionalProperties', schema.additionalProperties),
      ...this.convertDependencies(schema),
      ...schema.not !== undefined && this.isExact(schema.not) ? { not: this.convert(schema.not) } : {},
      ...schema.oneOf ? { [this.isExact(schema.oneOf) ? 'oneOf' : 'anyOf']: schema.oneOf.map((value: Json) => this.convert(value)) } : {},
    };
  }

  /** Since OpenAPI 3.1, what stands beside a reference counts as well. */
  private refer({ $ref, ...beside }: Json): Json {
    const name = nameOf($ref);
    if (!(name in this.definitions)) {
      this.definitions[name] = {}; // it may refer to itself
      this.definitions[name] = this.convert(resolveReference(this.document, { $ref }));
    }
    const reference = { ref: `${DEFINITIONS}${name}` };
    const more = String(this.document.root.openapi).startsWith('3.0') ? {} : this.convert(beside);
    return Object.keys(more).length > 0 ? { allOf: [reference, more] } : reference;
  }

  /** A property that is read only is required of answers, not of requests. */
  private convertRequired({ required, properties = {} }: Json): Json {
    const ofRequests = (required ?? []).filter((name: string) => !properties[name] || !resolveReference(this.document, properties[name]).readOnly);
    return ofRequests.length > 0 ? { required: ofRequests } : {};
  }

  /** Draft 4 lists the first items under `items`, and says of the others in `additionalItems`. */
  private convertItems({ items, prefixItems }: Json): Json {
    if (!prefixItems) return items === undefined ? {} : { items: this.convert(items) };
    return { items: prefixItems.map((item: Json) => this.convert(item)), ...this.convertExtras('additionalItems', items) };
  }

  /** Here draft 4 does know true and false. */
  private convertExtras(keyword: string, extras: Json | boolean | undefined): Json {
    if (extras === undefined) return {};
    return { [keyword]: typeof extras === 'boolean' ? extras : this.convert(extras) };
  }

  private convertDependencies({ dependentRequired, dependentSchemas }: Json): Json {
    if (!dependentRequired && !dependentSchemas) return {};
    return { dependencies: { ...dependentRequired, ...mapValues(dependentSchemas ?? {}, value => this.convert(value)) } };
  }

  private isExact(schema: unknown, seen = new Set<unknown>()): boolean {
    if (typeof schema !== 'object' || schema === null || seen.has(schema)) return true;
    seen.add(schema);
    if (typeof (schema as Json).$ref === 'string') return this.isExact(resolveReference(this.document, schema), seen);
    return !BEYOND_DRAFT_4.some(keyword => keyword in schema) && Object.values(schema).every(value => this.isExact(value, seen));
  }
}

/** A component keeps its name; anything else is called after where it stands. */
function nameOf(reference: string): string {
  return reference.replace('#/components/schemas/', '').replace(/[^\w.-]/g, sign => `_${sign.charCodeAt(0)}_`);
}

/** OpenAPI 3.1 states an exclusive bound as a number, draft 4 beside the bound. */
function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Json): Json {
  return {
    ...typeof exclusiveMinimum !== 'number' ? pick({ exclusiveMinimum }, ['exclusiveMinimum'])
      : minimum > exclusiveMinimum ? {} : { minimum: exclusiveMinimum, exclusiveMinimum: true },
    ...typeof exclusiveMaximum !== 'number' ? pick({ exclusiveMaximum }, ['exclusiveMaximum'])
      : maximum < exclusiveMaximum ? {} : { maximum: exclusiveMaximum, exclusiveMaximum: true },
  };
}

/** OpenAPI 3.0 says `nullable`, draft 4 lists null among types and values. */
function nullable({ nullable: mayBeNull, type, enum: values }: Json): Json {
  if (!mayBeNull || typeof type !== 'string') return {};
  return { type: [type, 'null'], ...values && !values.includes(null) ? { enum: [...values, null] } : {} };
}

function pick(from: Json, keys: string[]): Json {
  return Object.fromEntries(keys.filter(key => from[key] !== undefined).map(key => [key, from[key]]));
}

function mapValues(from: Json, convert: (value: any) => unknown): Json {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, convert(value)]));
}
