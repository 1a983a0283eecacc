import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { type Json, type OpenApiDocument, resolveReference } from './open-api-document';

/** What JSON Schema of draft 4 says the same way. */
const TAKEN_OVER = [
  'type', 'enum', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'multipleOf',
  'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties',
];
const OF_ONE_SCHEMA = ['items', 'not', 'additionalProperties'];
const OF_SCHEMAS = ['allOf', 'anyOf', 'oneOf'];
const COMPONENT = /^#\/components\/schemas\/([^/]+)$/;

/**
 * A schema of OpenAPI 3.0 or 3.1 as draft 4, which API Gateway checks. Schemas that it refers to go along as definitions,
 * so that one may refer to itself.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
 */
export function toJsonSchema(document: OpenApiDocument, schema: Json): apigateway.JsonSchema {
  const definitions: Json = {};
  const converted = new SchemaConverter(document, definitions).convert(schema);
  return Object.keys(definitions).length > 0 ? { ...converted, definitions } : converted;
}

class SchemaConverter {
  constructor(private readonly document: OpenApiDocument, private readonly definitions: Json) { }

  public convert(schema: Json): Json {
    // true and false are schemas, too
    if (typeof schema !== 'object' || schema === null) return schema;
    const component = schema.$ref?.match(COMPONENT)?.[1];
    if (component) return this.refer(component, schema);
    if (schema.$ref) return this.convert(resolveReference(this.document, schema));
    return {
      ...pick(schema, TAKEN_OVER),
      ...this.convertRequired(schema),
      ...bounds(schema),
      ...nullable(schema),
      ...schema.const === undefined ? {} : { enum: [schema.const] },
      ...mapValues(pick(schema, OF_ONE_SCHEMA), value => this.convert(value)),
      ...mapValues(pick(schema, OF_SCHEMAS), values => values.map((value: Json) => this.convert(value))),
      ...schema.properties ? { properties: mapValues(schema.properties, value => this.convert(value)) } : {},
    };
  }

  private refer(name: string, reference: Json): Json {
    if (!(name in this.definitions)) {
      this.definitions[name] = {}; // it may refer to itself
      this.definitions[name] = this.convert(resolveReference(this.document, reference));
    }
    return { ref: `#/definitions/${name}` };
  }

  /** A property that is read only is required of answers, not of requests. */
  private convertRequired({ required, properties = {} }: Json): Json {
    const ofRequests = (required ?? []).filter((name: string) => !properties[name] || !resolveReference(this.document, properties[name]).readOnly);
    return ofRequests.length > 0 ? { required: ofRequests } : {};
  }
}

/** OpenAPI 3.1 states an exclusive bound as a number, draft 4 beside the bound. */
function bounds({ exclusiveMinimum, exclusiveMaximum }: Json): Json {
  return {
    ...typeof exclusiveMinimum === 'number' ? { minimum: exclusiveMinimum, exclusiveMinimum: true } : pick({ exclusiveMinimum }, ['exclusiveMinimum']),
    ...typeof exclusiveMaximum === 'number' ? { maximum: exclusiveMaximum, exclusiveMaximum: true } : pick({ exclusiveMaximum }, ['exclusiveMaximum']),
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
