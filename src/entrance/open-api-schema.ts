import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { type Json, listIn, objectIn, type OpenApiDocument, own, resolveReference } from './open-api-document';

/** Keywords that JSON Schema draft 4 has with the same meaning. */
const UNCHANGED = [
  'type', 'enum', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'multipleOf',
  'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties',
];
const SCHEMA_LISTS = ['allOf', 'anyOf'];
const SCHEMA_MAPS = ['properties', 'patternProperties'];
/** Keywords that draft 4 does not have. A schema without them accepts more values, or fewer inside `not` and `oneOf`. */
const BEYOND_DRAFT_4 = ['contains', 'if', 'propertyNames', 'unevaluatedProperties', 'unevaluatedItems', '$dynamicRef'];
const DEFINITIONS = '#/definitions/';

/**
 * Converts a schema of OpenAPI 3.0 or 3.1 to draft 4, which API Gateway supports. Referenced schemas become definitions, so
 * that a schema can refer to itself.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
 */
export function toJsonSchema(document: OpenApiDocument, schema: Json): apigateway.JsonSchema {
  const converter = new SchemaConverter(document);
  const { ref, ...converted } = converter.convert(schema);
  const definitions = Object.fromEntries(converter.definitions);
  if (ref === undefined) return Object.keys(definitions).length > 0 ? { ...converted, definitions } : converted;
  // The root of a model cannot be a reference: the referenced schema replaces it.
  const { [ref.slice(DEFINITIONS.length)]: itself, ...others } = definitions;
  const used = JSON.stringify(definitions).includes(JSON.stringify({ ref })) ? definitions : others;
  return Object.keys(used).length > 0 ? { ...itself, definitions: used } : itself;
}

class SchemaConverter {
  /** By name: a document can name a schema `constructor`. */
  public readonly definitions = new Map<string, Json>();

  constructor(private readonly document: OpenApiDocument) { }

  public convert(schema: Json | boolean): Json {
    // Draft 4 does not have the schemas true and false.
    if (typeof schema === 'boolean') return schema ? {} : { not: {} };
    objectIn(this.document, schema, 'schema');
    if (typeof schema.$ref === 'string') return this.refer(schema);
    return {
      ...pick(schema, UNCHANGED),
      ...this.convertRequired(schema),
      ...bounds(schema),
      ...nullable(schema),
      ...schema.const === undefined ? {} : { enum: [schema.const] },
      ...mapValues(pick(schema, SCHEMA_MAPS), schemas => this.convertAll(schemas)),
      ...mapValues(pick(schema, SCHEMA_LISTS), schemas => this.convertList(schemas)),
      ...this.convertItems(schema),
      ...this.convertExtras('additionalProperties', schema.additionalProperties),
      ...this.convertDependencies(schema),
      ...schema.not !== undefined && this.isExact(schema.not) ? { not: this.convert(schema.not) } : {},
      ...schema.oneOf ? { [this.isExact(schema.oneOf) ? 'oneOf' : 'anyOf']: this.convertList(schema.oneOf) } : {},
    };
  }

  /** Since OpenAPI 3.1, keywords beside a reference also apply. */
  private refer({ $ref, ...beside }: Json): Json {
    const name = nameOf($ref);
    if (!this.definitions.has(name)) {
      this.definitions.set(name, {}); // ends the recursion if the schema refers to itself
      this.definitions.set(name, this.convert(resolveReference(this.document, { $ref })));
    }
    const reference = { ref: `${DEFINITIONS}${name}` };
    const more = String(this.document.root.openapi).startsWith('3.0') ? {} : this.convert(beside);
    return Object.keys(more).length > 0 ? { allOf: [reference, more] } : reference;
  }

  /** A required property that is read-only is required in responses only. */
  private convertRequired({ required, properties }: Json): Json {
    const described = objectIn(this.document, properties, 'properties');
    const isReadOnly = (name: string) => resolveReference(this.document, own<Json>(described, name) ?? {})?.readOnly === true;
    const ofRequests = listIn(this.document, required, 'required of a schema').filter(name => !isReadOnly(String(name)));
    return ofRequests.length > 0 ? { required: ofRequests } : {};
  }

  /** In draft 4 `items` lists the schemas of the first items, and `additionalItems` is the schema of the other items. */
  private convertItems({ items, prefixItems }: Json): Json {
    if (!prefixItems) return items === undefined ? {} : { items: this.convert(items) };
    return { items: this.convertList(prefixItems), ...this.convertExtras('additionalItems', items) };
  }

  /** These keywords can be true or false in draft 4 too. */
  private convertExtras(keyword: string, extras: Json | boolean | undefined): Json {
    if (extras === undefined) return {};
    return { [keyword]: typeof extras === 'boolean' ? extras : this.convert(extras) };
  }

  private convertDependencies({ dependentRequired, dependentSchemas }: Json): Json {
    if (!dependentRequired && !dependentSchemas) return {};
    return { dependencies: { ...objectIn(this.document, dependentRequired, 'dependentRequired'), ...this.convertAll(dependentSchemas) } };
  }

  private convertAll(schemas: unknown): Json {
    return mapValues(objectIn(this.document, schemas, 'schemas'), value => this.convert(value));
  }

  private convertList(schemas: unknown): Json[] {
    return listIn(this.document, schemas, 'schemas').map(value => this.convert(value as Json));
  }

  private isExact(schema: unknown, seen = new Set<unknown>()): boolean {
    if (typeof schema !== 'object' || schema === null || seen.has(schema)) return true;
    seen.add(schema);
    if (typeof (schema as Json).$ref === 'string') return this.isExact(resolveReference(this.document, schema), seen);
    return !BEYOND_DRAFT_4.some(keyword => keyword in schema) && Object.values(schema).every(value => this.isExact(value, seen));
  }
}

/** The name of a definition: the name of the component, or the path of another value. */
function nameOf(reference: string): string {
  return reference.replace('#/components/schemas/', '').replace(/[^\w.-]/g, sign => `_${sign.charCodeAt(0)}_`);
}

/** An exclusive bound is a number in OpenAPI 3.1, and a flag beside the bound in draft 4. */
function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Json): Json {
  return {
    ...typeof exclusiveMinimum !== 'number' ? pick({ exclusiveMinimum }, ['exclusiveMinimum'])
      : minimum > exclusiveMinimum ? {} : { minimum: exclusiveMinimum, exclusiveMinimum: true },
    ...typeof exclusiveMaximum !== 'number' ? pick({ exclusiveMaximum }, ['exclusiveMaximum'])
      : maximum < exclusiveMaximum ? {} : { maximum: exclusiveMaximum, exclusiveMaximum: true },
  };
}

/** OpenAPI 3.0 has `nullable`; draft 4 lists null among the types and values. */
function nullable({ nullable: mayBeNull, type, enum: values }: Json): Json {
  if (!mayBeNull || typeof type !== 'string') return {};
  return { type: [type, 'null'], ...values && !values.includes(null) ? { enum: [...values, null] } : {} };
}

function pick(from: Json, keys: string[]): Json {
  return Object.fromEntries(keys.filter(key => own(from, key) !== undefined).map(key => [key, from[key]]));
}

function mapValues(from: Json, convert: (value: any) => unknown): Json {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, convert(value)]));
}
