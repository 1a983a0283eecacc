import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Access } from './access';
import { inWords } from './entrance-kind';
import type { EntranceRoute, RouteValidation } from './entrance-route';
import { type Json, type OpenApiDocument, resolveReference } from './open-api-document';
import { toJsonSchema } from './open-api-schema';
import { isParameterName } from './parameter-name';
import type { OpenApiOptions } from './routes';
import { refuse } from '../private/validation';

/** The operations of a path, with the one that AWS adds for all methods. */
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
const PASSED_ON = Object.values(METHODS).filter(method => method !== apigwv2.HttpMethod.ANY);
const BESIDE_OPERATIONS = ['$ref', 'summary', 'description', 'servers', 'parameters'];
/** Headers that OpenAPI describes elsewhere, so that parameters of their names count for nothing. */
const NO_PARAMETERS = ['accept', 'content-type', 'authorization'];

/** The operations of one document as routes. */
export class OpenApiRoutes {
  /** One Access a scheme, so that all routes of a scheme share its authorizer. */
  private readonly accesses = new Map<string, Access>();
  private readonly unused: Set<string>;
  private readonly unanswered: string[] = [];

  constructor(
    private readonly document: OpenApiDocument,
    private readonly handlers: { [operation: string]: lambda.IFunction },
    private readonly options: OpenApiOptions,
  ) {
    this.unused = new Set(Object.keys(handlers));
  }

  public all(): EntranceRoute[] {
    const schemes = Object.keys(this.document.root.components?.securitySchemes ?? {});
    const unknown = Object.keys(this.options.access ?? {}).filter(name => !schemes.includes(name));
    if (unknown.length > 0) this.refuse(`'access' must name security schemes of the document, got ${inWords(unknown, 'and')}; mend the names or drop them`);
    const paths = Object.entries<Json>(this.document.root.paths ?? {});
    const routes = paths.flatMap(([path, item]) => this.routesOf(path, resolveReference(this.document, item)));
    if (this.unanswered.length > 0) {
      this.refuse(`'handlers' must have a function for each operation, got none for ${inWords(this.unanswered, 'and')}; add them, or set 'defaultHandler'`);
    }
    if (this.unused.size > 0) {
      this.refuse(`'handlers' must name operations of the document, got ${inWords([...this.unused], 'and')}; mend the names or drop them`);
    }
    return routes;
  }

  private routesOf(path: string, item: Json): EntranceRoute[] {
    const unknown = Object.keys(item).find(field => !(field in METHODS) && !BESIDE_OPERATIONS.includes(field) && !field.startsWith('x-'));
    if (unknown !== undefined) this.refuse(`'${unknown}' of ${path} is not possible: entrances pass on ${inWords(PASSED_ON, 'and')}; drop the operation`);
    return Object.entries(METHODS).filter(([field]) => item[field]).flatMap(([field, method]) => {
      const handler = this.handlerOf(`${method} ${path}`, item[field]);
      return handler ? [this.routeOf(method, path, item, item[field], handler)] : [];
    });
  }

  private routeOf(method: apigwv2.HttpMethod, path: string, item: Json, operation: Json, handler: lambda.IFunction): EntranceRoute {
    const validation = this.options.validate ?? true ? this.validationOf(operation, this.parametersOf(item, operation)) : undefined;
    return {
      path,
      method,
      handler,
      ...this.securityOf(`${method} ${path}`, operation.security ?? this.document.root.security),
      ...validation ? { validation } : {},
    };
  }

  private handlerOf(name: string, { operationId }: Json): lambda.IFunction | undefined {
    const key = [operationId, name].find(candidate => candidate !== undefined && this.handlers[candidate]);
    if (key !== undefined) this.unused.delete(key);
    const handler = key === undefined ? this.options.defaultHandler : this.handlers[key];
    if (!handler) this.unanswered.push(operationId ?? name);
    return handler;
  }

  private securityOf(key: string, security: Json[] | undefined): { access?: Access; scopes?: string[] } {
    if (security === undefined) return {};
    if (security.every(requirement => Object.keys(requirement).length === 0)) return { access: this.openAccess() };
    const schemes = Object.entries<string[]>(security[0]);
    if (security.length > 1 || schemes.length > 1) {
      this.refuse(`'security' of ${key} must ask for one scheme, got ${JSON.stringify(security)}; a route has one access, so let a Lambda authorizer combine them`);
    }
    const [[name, scopes]] = schemes;
    const access = this.accessOf(key, name);
    const bearsScopes = access._spec.kind === 'jwt' || access._spec.kind === 'userPool';
    return { access, ...bearsScopes && scopes.length > 0 ? { scopes } : {} };
  }

  private openAccess(): Access {
    return this.remember('', () => Access.publicBecause('the OpenAPI document declares the operation open to everybody'));
  }

  private accessOf(key: string, name: string): Access {
    return this.options.access?.[name] ?? this.remember(name, () => {
      const scheme = resolveReference(this.document, this.document.root.components?.securitySchemes?.[name] ?? {});
      const jwt = scheme['x-amazon-apigateway-authorizer']?.jwtConfiguration;
      if (jwt) return Access.jwt({ issuer: jwt.issuer, audience: jwt.audience });
      if (scheme['x-amazon-apigateway-authtype'] === 'awsSigv4') return Access.iam();
      return this.refuse(`'access' must say what the security scheme '${name}' of ${key} stands for, got nothing; add an Access under its name`);
    });
  }

  private remember(name: string, create: () => Access): Access {
    const access = this.accesses.get(name) ?? create();
    this.accesses.set(name, access);
    return access;
  }

  /** A parameter of the operation takes the place of the one that its path states for all. */
  private parametersOf(item: Json, operation: Json): Json[] {
    const all: Json[] = [...item.parameters ?? [], ...operation.parameters ?? []].map(parameter => resolveReference(this.document, parameter));
    return [...new Map(all.map(parameter => [`${parameter.in} ${parameter.name}`, parameter])).values()];
  }

  private validationOf({ requestBody }: Json, parameters: Json[]): RouteValidation | undefined {
    const content = Object.entries<Json>(requestBody ? resolveReference(this.document, requestBody).content ?? {} : {});
    const schema = content.find(([type]) => /^application\/(.+\+)?json\b/.test(type))?.[1].schema;
    // A schema for one content type would be wrong for the bodies of the others.
    const body = schema && content.length === 1 ? toJsonSchema(this.document, schema) : undefined;
    const required = parameters.filter(parameter => parameter.required && isParameterName(parameter.name));
    const headers: string[] = required.filter(parameter => parameter.in === 'header').map(parameter => parameter.name)
      .filter(name => !NO_PARAMETERS.includes(name.toLowerCase()));
    const queryStrings: string[] = required.filter(parameter => parameter.in === 'query').map(parameter => parameter.name);
    if (!body && headers.length === 0 && queryStrings.length === 0) return undefined;
    return { body, headers, queryStrings };
  }

  private refuse(message: string): never {
    refuse(this.document.file, message);
  }
}
