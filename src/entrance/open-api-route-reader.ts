import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Access } from './access';
import { joinWords } from './entrance-capabilities';
import type { EntranceRoute, RouteValidation } from './entrance-route';
import { type Json, type OpenApiDocument, resolveReference } from './open-api-document';
import type { OpenApiOptions } from './open-api-routes-props';
import { toJsonSchema } from './open-api-schema';

import { isParameterName } from '../aws';
import { refuse } from '../private/validation';

/** The fields of a path item that are operations. API Gateway adds the extension for every method. */
const METHODS: Record<string, apigwv2.HttpMethod> = {
  'get': apigwv2.HttpMethod.GET,
  'put': apigwv2.HttpMethod.PUT,
  'post': apigwv2.HttpMethod.POST,
  'delete': apigwv2.HttpMethod.DELETE,
  'options': apigwv2.HttpMethod.OPTIONS,
  'head': apigwv2.HttpMethod.HEAD,
  'patch': apigwv2.HttpMethod.PATCH,
  'x-amazon-apigateway-any-method': apigwv2.HttpMethod.ANY,
};
const SUPPORTED = Object.values(METHODS).filter(method => method !== apigwv2.HttpMethod.ANY);
const OTHER_FIELDS = ['$ref', 'summary', 'description', 'servers', 'parameters'];
/** Headers that OpenAPI describes elsewhere: it ignores parameters with these names. */
const IGNORED_HEADERS = ['accept', 'content-type', 'authorization'];

/** Converts the operations of a document to routes. */
export class OpenApiRouteReader {
  /** One Access for each scheme, so that all routes of a scheme share its authorizer. */
  private readonly accesses = new Map<string, Access>();
  private readonly unused: Set<string>;
  private readonly missing: string[] = [];

  constructor(
    private readonly document: OpenApiDocument,
    private readonly functions: { [operation: string]: lambda.IFunction },
    private readonly options: OpenApiOptions,
  ) {
    this.unused = new Set(Object.keys(functions));
  }

  public all(): EntranceRoute[] {
    const schemes = Object.keys(this.document.root.components?.securitySchemes ?? {});
    const unknown = Object.keys(this.options.access ?? {}).filter(name => !schemes.includes(name));
    if (unknown.length > 0) this.refuse(`'access' must name security schemes of the document, got ${joinWords(unknown, 'and')}; correct the names or remove them`);
    const paths = Object.entries<Json>(this.document.root.paths ?? {});
    const routes = paths.flatMap(([path, item]) => this.routesOf(path, resolveReference(this.document, item)));
    if (this.missing.length > 0) {
      this.refuse(`'functions' must have a function for each operation, got none for ${joinWords(this.missing, 'and')}; add them, or set 'defaultFunction'`);
    }
    if (this.unused.size > 0) {
      this.refuse(`'functions' must name operations of the document, got ${joinWords([...this.unused], 'and')}; correct the names or remove them`);
    }
    return routes;
  }

  private routesOf(path: string, item: Json): EntranceRoute[] {
    const unknown = Object.keys(item).find(field => !(field in METHODS) && !OTHER_FIELDS.includes(field) && !field.startsWith('x-'));
    if (unknown !== undefined) this.refuse(`'${unknown}' of ${path} is not supported: entrances support ${joinWords(SUPPORTED, 'and')}; remove the operation`);
    return Object.entries(METHODS).filter(([field]) => item[field]).flatMap(([field, method]) => {
      const fn = this.functionOf(`${method} ${path}`, item[field]);
      return fn ? [this.routeOf(method, path, item, item[field], fn)] : [];
    });
  }

  private routeOf(method: apigwv2.HttpMethod, path: string, item: Json, operation: Json, fn: lambda.IFunction): EntranceRoute {
    const validation = this.options.validate ?? true ? this.validationOf(operation, this.parametersOf(item, operation)) : undefined;
    return {
      path,
      method,
      function: fn,
      ...this.securityOf(`${method} ${path}`, operation.security ?? this.document.root.security),
      ...validation ? { validation } : {},
    };
  }

  private functionOf(name: string, { operationId }: Json): lambda.IFunction | undefined {
    const key = [operationId, name].find(candidate => candidate !== undefined && this.functions[candidate]);
    if (key !== undefined) this.unused.delete(key);
    const fn = key === undefined ? this.options.defaultFunction : this.functions[key];
    if (!fn) this.missing.push(operationId ?? name);
    return fn;
  }

  private securityOf(key: string, security: Json[] | undefined): { access?: Access; scopes?: string[] } {
    if (security === undefined) return {};
    if (security.every(requirement => Object.keys(requirement).length === 0)) return { access: this.unauthenticated() };
    const schemes = Object.entries<string[]>(security[0]);
    if (security.length > 1 || schemes.length > 1) {
      this.refuse(`'security' of ${key} must require one scheme, got ${JSON.stringify(security)}; a route has one access, so combine the schemes in a Lambda authorizer`);
    }
    const [[name, scopes]] = schemes;
    const access = this.accessOf(key, name);
    const hasScopes = access._spec.kind === 'jwt' || access._spec.kind === 'userPool';
    return { access, ...hasScopes && scopes.length > 0 ? { scopes } : {} };
  }

  private unauthenticated(): Access {
    return this.cached('', () => Access.unauthenticated({ reason: 'the OpenAPI document declares the operation without security' }));
  }

  private accessOf(key: string, name: string): Access {
    return this.options.access?.[name] ?? this.cached(name, () => {
      const scheme = resolveReference(this.document, this.document.root.components?.securitySchemes?.[name] ?? {});
      const jwt = scheme['x-amazon-apigateway-authorizer']?.jwtConfiguration;
      if (jwt) return Access.jwt({ issuer: jwt.issuer, audience: jwt.audience });
      if (scheme['x-amazon-apigateway-authtype'] === 'awsSigv4') return Access.iam();
      return this.refuse(`'access' must contain an Access for the security scheme '${name}' of ${key}, got none; add one with the name of the scheme`);
    });
  }

  private cached(name: string, create: () => Access): Access {
    const access = this.accesses.get(name) ?? create();
    this.accesses.set(name, access);
    return access;
  }

  /** A parameter of the operation replaces the parameter of the same name of its path item. */
  private parametersOf(item: Json, operation: Json): Json[] {
    const all: Json[] = [...item.parameters ?? [], ...operation.parameters ?? []].map(parameter => resolveReference(this.document, parameter));
    return [...new Map(all.map(parameter => [`${parameter.in} ${parameter.name}`, parameter])).values()];
  }

  private validationOf({ requestBody }: Json, parameters: Json[]): RouteValidation | undefined {
    const content = Object.entries<Json>(requestBody ? resolveReference(this.document, requestBody).content ?? {} : {});
    const schema = content.find(([type]) => /^application\/(.+\+)?json\b/.test(type))?.[1].schema;
    // API Gateway would apply the schema to bodies of the other content types too.
    const body = schema && content.length === 1 ? toJsonSchema(this.document, schema) : undefined;
    const required = parameters.filter(parameter => parameter.required && isParameterName(parameter.name));
    const headers: string[] = required.filter(parameter => parameter.in === 'header').map(parameter => parameter.name)
      .filter(name => !IGNORED_HEADERS.includes(name.toLowerCase()));
    const queryStrings: string[] = required.filter(parameter => parameter.in === 'query').map(parameter => parameter.name);
    if (!body && headers.length === 0 && queryStrings.length === 0) return undefined;
    return { body, headers, queryStrings };
  }

  private refuse(message: string): never {
    refuse(this.document.file, message);
  }
}
