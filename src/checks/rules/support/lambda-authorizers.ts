import { asBoolean, asList, asNumber, asString, isRecord, member, operationsOf, Reference, Unknown } from '../../graph';
import type { AppGraph, Resource, Value } from '../../graph';

const V2_AUTHORIZER = 'AWS::ApiGatewayV2::Authorizer';
const REST_AUTHORIZER = 'AWS::ApiGateway::Authorizer';
const EXTENSION = 'x-amazon-apigateway-authorizer';

/** A Lambda authorizer that reads the whole request, of a resource or of an OpenAPI document. */
export interface RequestAuthorizer {
  readonly at: Resource;
  readonly sourceProperty: string;
  /** @default - not known, or the default */
  readonly ttl?: number;
  /** The mapping expressions as they are written; undefined if they are not known. */
  readonly sources: readonly Value[] | undefined;
  readonly isSimple: boolean;
  /** The number of routes that use it. */
  readonly routes: number;
}

export function requestAuthorizersOf(app: AppGraph): RequestAuthorizer[] {
  return [
    ...app.ofType(V2_AUTHORIZER, REST_AUTHORIZER).flatMap(authorizer => ofResource(authorizer, app)),
    ...app.ofType('AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api')
      .flatMap(api => (api.lacks('Body') ? [] : ofDocument(api, app))),
  ];
}

function ofResource(authorizer: Resource, app: AppGraph): RequestAuthorizer[] {
  const isRest = authorizer.type === REST_AUTHORIZER;
  if (authorizer.string(isRest ? 'Type' : 'AuthorizerType') !== 'REQUEST') return [];
  return [{
    at: authorizer,
    sourceProperty: 'IdentitySource',
    ttl: authorizer.number('AuthorizerResultTtlInSeconds'),
    sources: authorizer.isUnknown('IdentitySource') ? undefined : authorizer.list('IdentitySource'),
    isSimple: authorizer.boolean('EnableSimpleResponses') === true,
    routes: isRest ? 0 : routesOf(authorizer, app),
  }];
}

/** The number of its routes, and of the operations in the document of its API that name it. */
function routesOf(authorizer: Resource, app: AppGraph): number {
  const [api, name] = [authorizer.target('ApiId'), authorizer.string('Name') ?? ''];
  return app.ofType('AWS::ApiGatewayV2::Route').filter(route => route.target('AuthorizerId') === authorizer).length
    + operationsOf(app).filter(operation => operation.api === api && operation.schemes.includes(name)).length;
}

function ofDocument(api: Resource, app: AppGraph): RequestAuthorizer[] {
  return authorizersIn(api).filter(({ type }) => type === 'request').map(({ name, property, settings }) => {
    const source = member(settings, 'identitySource');
    const isKnown = !(source instanceof Unknown || source instanceof Reference);
    return {
      at: api,
      sourceProperty: `${property}.identitySource`,
      ttl: asNumber(member(settings, 'authorizerResultTtlInSeconds')),
      sources: isKnown ? asList(source).filter(text => text !== '') : undefined,
      isSimple: asBoolean(member(settings, 'enableSimpleResponses')) === true,
      routes: operationsOf(app).filter(operation => operation.api === api && operation.schemes.includes(name)).length,
    };
  });
}

/** An authorizer in the OpenAPI document of an API. */
interface DocumentedAuthorizer {
  readonly name: string;
  /** In lower case. */
  readonly type: string | undefined;
  readonly property: string;
  readonly settings: Value;
}

export function authorizersIn(api: Resource): DocumentedAuthorizer[] {
  const places = [['components', 'securitySchemes'], ['securityDefinitions']];
  return places.flatMap(place => {
    const schemes = place.reduce(member, api.get('Body'));
    return (isRecord(schemes) ? Object.entries(schemes) : []).map(([name, scheme]) => {
      const settings = member(scheme, EXTENSION);
      const type = asString(member(settings, 'type'))?.toLowerCase();
      return { name, type, property: ['Body', ...place, name, EXTENSION].join('.'), settings };
    });
  });
}
