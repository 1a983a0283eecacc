import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Access } from './access';
import { joinWords } from './entrance-capabilities';
import type { EntranceRoute, RouteValidation } from './entrance-route';
import { type Json, listIn, objectIn, type OpenApiDocument, own, resolveReference } from './open-api-document';
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
    const schemes = Object.keys(this.schemes);
    const unknown = Object.keys(this.options.access ?? {}).filter(name => !schemes.includes(name));
    if (unknown.length > 0) this.refuse(`'access' must name security schemes of the document, got ${joinWords(unknown, 'and')}; correct the names or remove them`);
    const paths = Object.entries(objectIn(this.document, this.document.root.paths, 'paths')).filter(([path]) => !path.startsWith('x-'));
    const routes = paths.flatMap(([path, item]) => this.routesOf(path, objectIn(this.document, resolveReference(this.document, item), path)));
    if (this.missing.length > 0) {
      this.refuse(`'functions' must have a function for each operation, got none for ${joinWords(this.missing, 'and')}; add them, or set 'defaultFunction'`);
    }
    if (this.unused.size > 0) {
      this.refuse(`'functions' must name operations of the document, got ${joinWords([...this.unused], 'and')}; correct the names or remove them`);
    }
    return routes;
  }

  private routesOf(path: string, item: Json): EntranceRoute[] {
    const unknown = Object.keys(item).find(field => !own(METHODS, field) && !OTHER_FIELDS.includes(field) && !field.startsWith('x-'));
    if (unknown !== undefined) this.refuse(`'${unknown}' of ${path} is not supported: entrances support ${joinWords(SUPPORTED, 'and')}; remove the operation`);
    return Object.entries(METHODS).filter(([field]) => own(item, field) !== undefined).flatMap(([field, method]) => {
      const operation = objectIn(this.document, item[field], `${field} of ${path}`);
      const fn = this.functionOf(`${method} ${path}`, operation);
      return fn ? [this.routeOf(method, path, item, operation, fn)] : [];
    });
  }

  private routeOf(method: apigwv2.HttpMethod, path: string, item: Json, operation: Json, fn: lambda.IFunction): EntranceRoute {
    const validation = this.options.validate ?? true ? this.validationOf(operation, this.parametersOf(item, operation)) : undefined;
    return {
      path,
      method,
      function: fn,
      ...this.securityOf(`${method} ${path}`, operation.security === undefined ? this.document.root.security : operation.security),
      ...validation ? { validation } : {},
    };
  }

  private functionOf(name: string, { operationId }: Json): lambda.IFunction | undefined {
    const key = [String(operationId), name].find(candidate => own(this.functions, candidate));
    if (key !== undefined) this.unused.delete(key);
    const fn = key === undefined ? this.options.defaultFunction : this.functions[key];
    if (!fn) this.missing.push(operationId ?? name);
    return fn;
  }

  private securityOf(key: string, security: unknown): { access?: Access; scopes?: string[] } {
    if (security === undefined) return {};
    const requirements = this.requirementsOf(key, security);
    if (requirements.every(requirement => requirement.length === 0)) return { access: this.unauthenticated() };
    const [schemes] = requirements;
    if (requirements.length > 1 || schemes.length > 1) {
      this.refuse(`'security' of ${key} must require one scheme, got ${JSON.stringify(security)}; a route has one access, so combine the schemes in a Lambda authorizer`);
    }
    const [[name, scopes]] = schemes;
    const access = this.accessOf(key, name);
    const hasScopes = access._spec.kind === 'jwt' || access._spec.kind === 'userPool';
    return { access, ...hasScopes && scopes.length > 0 ? { scopes } : {} };
  }

  /** The schemes of each requirement with their scopes. Anything else is rejected: a route that was not understood must not be open. */
  private requirementsOf(key: string, security: unknown): [scheme: string, scopes: string[]][][] {
    const isScopes = (value: unknown) => Array.isArray(value) && value.every(scope => typeof scope === 'string' && scope !== '');
    const isRequirement = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isScopes);
    if (!Array.isArray(security) || !security.every(isRequirement)) {
      this.refuse(`'security' of ${key} must be a list of schemes with their scopes, got ${JSON.stringify(security)}; `
        + 'write it as [{"scheme": []}], or as [] for an operation without authentication');
    }
    return security.map(requirement => Object.entries<string[]>(requirement));
  }

  private unauthenticated(): Access {
    return this.cached('', () => Access.unauthenticated({ reason: 'the OpenAPI document declares the operation without security' }));
  }

  private accessOf(key: string, name: string): Access {
    return own(this.options.access, name) ?? this.cached(name, () => {
      const field = `securitySchemes.${name}`;
      const scheme = objectIn(this.document, resolveReference(this.document, own<Json>(this.schemes, name) ?? {}), field);
      const jwt = objectIn(this.document, scheme['x-amazon-apigateway-authorizer'], field).jwtConfiguration;
      if (jwt) return this.jwtOf(field, objectIn(this.document, jwt, field));
      if (scheme['x-amazon-apigateway-authtype'] === 'awsSigv4') return Access.iam();
      return this.refuse(`'access' must contain an Access for the security scheme '${name}' of ${key}, got none; add one with the name of the scheme`);
    });
  }

  private jwtOf(field: string, { issuer, audience }: Json): Access {
    if (typeof issuer !== 'string' || !Array.isArray(audience) || !audience.every(each => typeof each === 'string')) {
      this.refuse(`'jwtConfiguration' of ${field} must have an issuer and a list of audiences, got ${JSON.stringify({ issuer, audience })}; add them`);
    }
    return Access.jwt({ issuer, audience });
  }

  private get schemes(): Json {
    return objectIn(this.document, objectIn(this.document, this.document.root.components, 'components').securitySchemes, 'securitySchemes');
  }

  private cached(name: string, create: () => Access): Access {
    const access = this.accesses.get(name) ?? create();
    this.accesses.set(name, access);
    return access;
  }

  /** A parameter of the operation replaces the parameter of the same name of its path item. */
  private parametersOf(item: Json, operation: Json): Json[] {
    const both = [item, operation].flatMap(({ parameters }) => listIn(this.document, parameters, 'parameters'));
    const all = both.map(parameter => objectIn(this.document, resolveReference(this.document, parameter as Json), 'parameters'));
    return [...new Map(all.map(parameter => [`${parameter.in} ${parameter.name}`, parameter])).values()];
  }

  private validationOf({ requestBody }: Json, parameters: Json[]): RouteValidation | undefined {
    const described = requestBody === undefined ? {} : objectIn(this.document, resolveReference(this.document, requestBody), 'requestBody');
    const content = Object.entries(objectIn(this.document, described.content, 'content'));
    const json = content.find(([type]) => /^application\/(.+\+)?json\b/.test(type))?.[1];
    const schema = objectIn(this.document, json, 'content').schema;
    // API Gateway would apply the schema to bodies of the other content types too.
    const body = schema && content.length === 1 ? toJsonSchema(this.document, schema) : undefined;
    const required = parameters.filter(({ required: isRequired, name }) => isRequired === true && typeof name === 'string' && isParameterName(name));
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
