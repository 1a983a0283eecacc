import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { JWT, Payments, refusalOf } from './app';
import { Access, Entrance, HttpEntrance, type OpenApiOptions, Routes } from '../../src';

const SHELTER = join(__dirname, 'open-api', 'shelter.json');
const TRAINS = join(__dirname, 'open-api', 'trains.yaml');
const PARTNER = Access.jwt(JWT);

const stack = new Payments();
const handler = stack.pay;
const SHELTER_HANDLERS = { 'listAnimals': handler, 'addAnimal': handler, 'getAnimal': handler, 'replacePicture': handler, 'DELETE /animals/{animalId}': handler };
const TRAINS_HANDLERS = { 'GET /trips': handler, 'book': handler, 'cancel': handler };

const directory = mkdtempSync(join(tmpdir(), 'open-api-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function fromDocument(document: object, handlers = {}, options: OpenApiOptions = {}) {
  const file = join(directory, 'api.json');
  writeFileSync(file, JSON.stringify({ openapi: '3.0.0', ...document }));
  return Routes.fromOpenApi(file, handlers, options);
}

const ANIMAL = {
  type: 'object',
  required: ['name', 'species'],
  properties: {
    id: { type: 'string' },
    name: { type: 'string', minLength: 1 },
    species: { ref: '#/definitions/Species' },
    nickname: { type: ['string', 'null'] },
    size: { type: ['string', 'null'], enum: ['small', 'large', null] },
    weight: { type: 'number', minimum: 0, exclusiveMinimum: true },
    parents: { type: 'array', maxItems: 2, items: { ref: '#/definitions/Animal' } },
  },
  additionalProperties: false,
};

/** The body that a schema becomes. */
function bodyOf(schema: unknown, more: { openapi?: string; components?: object } = {}): unknown {
  const requestBody = { content: { 'application/json': { schema } } };
  return fromDocument({ openapi: '3.1.0', ...operation({ requestBody }), ...more }, { a: handler })[0].validation!.body;
}

const operation = (more = {}) => ({ paths: { '/a': { get: { operationId: 'a', responses: {}, ...more } } } });

describe('a document in JSON', () => {
  const routes = Routes.fromOpenApi(SHELTER, SHELTER_HANDLERS);
  const route = (method: string, path: string) => routes.find(each => each.method === method && each.path === path)!;

  test('gives its paths and methods', () => {
    expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /animals', 'POST /animals', 'GET /animals/{animalId}', 'PUT /animals/{animalId}', 'DELETE /animals/{animalId}',
    ]);
  });

  test('gives its security: scopes of the document, of the operation, and none', () => {
    expect(route('GET', '/animals').scopes).toEqual(['animals:read']);
    expect(route('POST', '/animals').scopes).toEqual(['animals:write']);
    expect(route('GET', '/animals').access!._spec).toMatchObject({ kind: 'jwt', issuer: 'https://login.shelter.example.com', audience: ['shelter'] });
    expect(route('POST', '/animals').access).toBe(route('GET', '/animals').access);
    expect(route('GET', '/animals/{animalId}').access!._spec).toEqual({ kind: 'public', reason: 'the OpenAPI document declares the operation open to everybody' });
  });

  test('gives what must be there: query strings, headers, those of the path as well', () => {
    expect(route('GET', '/animals').validation).toEqual({ body: undefined, headers: [], queryStrings: ['status'] });
    expect(route('POST', '/animals').validation).toMatchObject({ headers: ['Idempotency-Key'] });
    expect(route('DELETE', '/animals/{animalId}').validation).toEqual({ body: undefined, headers: ['X-Tenant'], queryStrings: [] });
  });

  test('gives its schemas in draft 4: what requests need, null, and schemas that refer to themselves', () => {
    expect(route('POST', '/animals').validation!.body).toEqual({
      ...ANIMAL,
      definitions: { Animal: ANIMAL, Species: { oneOf: [{ type: 'string', enum: ['cat', 'dog'] }, { type: 'integer' }] } },
    });
  });

  test('leaves a body alone that is no JSON', () => {
    expect(route('PUT', '/animals/{animalId}').validation!.body).toBeUndefined();
  });
});

describe('a document in YAML', () => {
  const routes = Routes.fromOpenApi(TRAINS, TRAINS_HANDLERS, { access: { partner: PARTNER } });

  test('gives routes with the access that its schemes stand for', () => {
    expect(routes.map(({ method, path, access }) => `${method} ${path} ${access!._spec.kind}`)).toEqual([
      'GET /trips public', 'POST /bookings jwt', 'DELETE /bookings/{bookingId} iam',
    ]);
    expect(routes[1].access).toBe(PARTNER);
    expect(routes[1].scopes).toBeUndefined();
  });

  test('gives bounds, constants and types of OpenAPI 3.1 in draft 4', () => {
    expect(routes[1].validation!.body).toEqual({
      type: 'object',
      required: ['seats'],
      properties: {
        seats: { type: 'integer', minimum: 0, exclusiveMinimum: true, maximum: 10, exclusiveMaximum: true },
        class: { enum: ['second'] },
        note: { type: ['string', 'null'] },
        extra: {},
      },
      not: { required: ['secret'] },
    });
  });
});

test('the routes stand behind a REST API with models that refer to their definitions', () => {
  const own = new Payments();
  const handlers = { 'listAnimals': own.pay, 'addAnimal': own.pay, 'getAnimal': own.pay, 'replacePicture': own.pay, 'DELETE /animals/{animalId}': own.pay };
  new HttpEntrance(own, 'Api', { entrance: Entrance.restApi(), access: Access.iam(), routes: Routes.fromOpenApi(SHELTER, handlers, { access: { staff: Access.iam() } }) });
  own.template().hasResourceProperties('AWS::ApiGateway::Model', { Schema: { type: 'object', properties: { species: { $ref: '#/definitions/Species' } }, definitions: { Animal: { properties: { parents: { items: { $ref: '#/definitions/Animal' } } } } } } });
});

test('the routes stand behind an HTTP API without validation, one authorizer for all', () => {
  const own = new Payments();
  new HttpEntrance(own, 'Api', { access: Access.iam(), routes: Routes.fromOpenApi(SHELTER, {}, { defaultHandler: own.pay, validate: false }) });
  own.template().resourceCountIs('AWS::ApiGatewayV2::Authorizer', 1);
  own.template().resourceCountIs('AWS::ApiGatewayV2::Route', 5);
  own.template().hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /animals', AuthorizationScopes: ['animals:write'], AuthorizationType: 'JWT' });
  own.template().hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'GET /animals/{animalId}', AuthorizationType: 'NONE', AuthorizationScopes: Match.absent() });
});

describe('options', () => {
  test('defaultHandler answers what has no handler of its own', () => {
    const other = stack.function('Other');
    const routes = Routes.fromOpenApi(TRAINS, { book: other }, { defaultHandler: handler, access: { partner: PARTNER } });
    expect(routes.map(route => route.handler)).toEqual([handler, other, handler]);
  });

  test('validate: false leaves the checks to the function', () => {
    expect(Routes.fromOpenApi(SHELTER, SHELTER_HANDLERS, { validate: false }).filter(route => route.validation)).toEqual([]);
  });

  test('access goes before what the document says', () => {
    expect(Routes.fromOpenApi(SHELTER, SHELTER_HANDLERS, { access: { staff: PARTNER } })[0].access).toBe(PARTNER);
  });
});

test('without security the access of the entrance holds, and a document may have no paths', () => {
  expect(fromDocument(operation(), { a: handler })).toEqual([{ path: '/a', method: 'GET', handler }]);
  expect(fromDocument({})).toEqual([]);
});

test('a body of several content types is left to the function', () => {
  const content = { 'application/json': { schema: { type: 'object' } }, 'text/csv': {} };
  expect(fromDocument(operation({ requestBody: { content } }), { a: handler })[0].validation).toBeUndefined();
});

test('scopes are asked of tokens only', () => {
  const routes = Routes.fromOpenApi(SHELTER, SHELTER_HANDLERS, { access: { staff: Access.lambdaAuthorizer(handler) } });
  expect(routes.filter(route => route.scopes)).toEqual([]);
});

test('a reference into a schema is followed', () => {
  const schemas = { Money: { type: 'object', properties: { amount: { type: 'integer' } } } };
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Money/properties/amount' } } };
  expect(fromDocument({ ...operation({ requestBody: { content } }), components: { schemas } }, { a: handler })[0].validation!.body).toEqual({ type: 'integer' });
});

test('a reference to elsewhere than the schemas is followed, with its escapes', () => {
  const document = { ...operation({ requestBody: { content: { 'application/json': { schema: { $ref: '#/x-schemas/a~1b%20c' } } } } }), 'x-schemas': { 'a/b c': { type: 'object' } } };
  expect(fromDocument(document, { a: handler })[0].validation!.body).toEqual({ type: 'object' });
});

describe('a schema', () => {
  const NODE = { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' } } };

  test.each<[string, unknown, unknown]>([
    ['that allows anything or nothing', { properties: { a: true, b: false }, additionalProperties: false }, { properties: { a: {}, b: { not: {} } }, additionalProperties: false }],
    ['with properties by pattern', { patternProperties: { '^x-': { type: 'string' } }, additionalProperties: { type: 'integer' } }, { patternProperties: { '^x-': { type: 'string' } }, additionalProperties: { type: 'integer' } }],
    ['of first items and no others', { type: 'array', prefixItems: [{ type: 'string' }, true], items: false }, { type: 'array', items: [{ type: 'string' }, {}], additionalItems: false }],
    ['of first items and some others', { prefixItems: [{ type: 'string' }], items: { type: 'null' } }, { items: [{ type: 'string' }], additionalItems: { type: 'null' } }],
    ['of first items and any others', { prefixItems: [{ type: 'string' }] }, { items: [{ type: 'string' }] }],
    ['whose properties hang together', { dependentRequired: { a: ['b'] }, dependentSchemas: { c: { const: 1 } } }, { dependencies: { a: ['b'], c: { enum: [1] } } }],
    ['with two lower bounds, the higher exclusive', { minimum: 1, exclusiveMinimum: 2 }, { minimum: 2, exclusiveMinimum: true }],
    ['with two lower bounds, the higher inclusive', { minimum: 2, exclusiveMinimum: 1 }, { minimum: 2 }],
    ['with two upper bounds, the lower exclusive', { maximum: 2, exclusiveMaximum: 1 }, { maximum: 1, exclusiveMaximum: true }],
    ['with two upper bounds, the lower inclusive', { maximum: 1, exclusiveMaximum: 2 }, { maximum: 1 }],
    ['that forbids what draft 4 can say', { not: { required: ['a'] } }, { not: { required: ['a'] } }],
    ['that forbids what draft 4 can not say, and would forbid more', { type: 'array', not: { contains: { const: 1 } } }, { type: 'array' }],
    ['of which just one alternative may hold', { oneOf: [{ type: 'string' }, { required: ['a'] }] }, { oneOf: [{ type: 'string' }, { required: ['a'] }] }],
    ['of which just one may hold that draft 4 can not tell apart', { oneOf: [{ contains: { const: 1 } }, { maxItems: 1 }] }, { anyOf: [{}, { maxItems: 1 }] }],
    ['of which one refers to what draft 4 can not say', { oneOf: [{ $ref: '#/components/schemas/Odd' }, { type: 'null' }] }, { anyOf: [{ ref: '#/definitions/Odd' }, { type: 'null' }], definitions: { Odd: { type: 'array' } } }],
    ['that refers and says more', { $ref: '#/components/schemas/Odd', minItems: 1 }, { allOf: [{ ref: '#/definitions/Odd' }, { minItems: 1 }], definitions: { Odd: { type: 'array' } } }],
    ['that refers and is described', { $ref: '#/components/schemas/Odd', description: 'odd' }, { type: 'array' }],
    ['that refers to itself', { $ref: '#/components/schemas/Node' }, { type: 'object', properties: { next: { ref: '#/definitions/Node' } }, definitions: { Node: { type: 'object', properties: { next: { ref: '#/definitions/Node' } } } } }],
    ['that refers to itself by its place', { $ref: '#/components/schemas/Node/properties/child' }, {
      items: { ref: '#/definitions/Node_47_properties_47_child' }, definitions: { Node_47_properties_47_child: { items: { ref: '#/definitions/Node_47_properties_47_child' } } },
    }],
  ])('%s', (_, schema, expected) => {
    const schemas = {
      Odd: { type: 'array', contains: { const: 1 } },
      Node: { ...NODE, properties: { ...NODE.properties, ...JSON.stringify(schema).includes('child') ? { child: { items: { $ref: '#/components/schemas/Node/properties/child' } } } : {} } },
    };
    expect(bodyOf(schema, { components: { schemas } })).toEqual(expected);
  });

  test('of OpenAPI 3.0 says nothing beside a reference', () => {
    const components = { schemas: { Odd: { type: 'array' } } };
    expect(bodyOf({ $ref: '#/components/schemas/Odd', minItems: 1 }, { openapi: '3.0.3', components })).toEqual({ type: 'array' });
  });
});

describe('parameters', () => {
  const required = (name: string, more = {}) => ({ in: 'header', name, required: true, ...more });

  test('of an operation take the place of those of its path', () => {
    const document = { paths: { '/a': { parameters: [required('X-A'), required('X-B')], get: { operationId: 'a', parameters: [required('X-A', { required: false })] } } } };
    expect(fromDocument(document, { a: handler })[0].validation).toEqual({ body: undefined, headers: ['X-B'], queryStrings: [] });
  });

  test('that OpenAPI describes elsewhere, or that a REST API can not name, are left to the function', () => {
    const parameters = [required('Accept'), required('content-type'), required('Authorization'), { in: 'query', name: 'filter[status]', required: true }, required('X-A')];
    expect(fromDocument(operation({ parameters }), { a: handler })[0].validation).toEqual({ body: undefined, headers: ['X-A'], queryStrings: [] });
  });
});

test('the operation for any method is a route for ANY', () => {
  const document = { paths: { '/{proxy+}': { 'x-amazon-apigateway-any-method': {} } } };
  expect(fromDocument(document, { 'ANY /{proxy+}': handler })).toEqual([{ path: '/{proxy+}', method: 'ANY', handler }]);
});

test('YAML may merge', () => {
  const file = join(directory, 'merge.yml');
  writeFileSync(file, 'openapi: 3.1.0\nx-a: &a { operationId: a }\npaths: { /a: { get: { <<: *a } } }\n');
  expect(Routes.fromOpenApi(file, { a: handler })).toEqual([{ path: '/a', method: 'GET', handler }]);
});

describe('fails when', () => {
  test.each([
    ['broken.json', '{', /^'file' must hold JSON, got what can't be read: .+; mend it, or name it by what it holds \(at .*broken\.json\)$/],
    ['broken.yaml', 'a: [', /^'file' must hold YAML, got what can't be read: .+; mend it, or name it by what it holds \(at .*broken\.yaml\)$/],
  ])('%s is none', (name, text, message) => {
    writeFileSync(join(directory, name), text);
    expect(refusalOf(() => Routes.fromOpenApi(join(directory, name), {}))).toMatch(message);
  });

  test.each<[string, object, object, OpenApiOptions, string]>([
    ['an operation has no handler', { paths: { '/a': { get: { operationId: 'a' }, post: {} } } }, {}, {}, "'handlers' must have a function for each operation, got none for a and POST /a; add them, or set 'defaultHandler'"],
    ['a handler has no operation', operation(), { 'a': handler, 'b': handler, 'GET /c': handler }, {}, "'handlers' must name operations of the document, got b and GET /c; mend the names or drop them"],
    ['a security scheme is not known', operation({ security: [{ oauth: [] }] }), { a: handler }, {}, "'access' must say what the security scheme 'oauth' of GET /a stands for, got nothing; add an Access under its name"],
    ['one of several schemes is enough', operation({ security: [{ x: [] }, { y: [] }] }), { a: handler }, {}, "'security' of GET /a must ask for one scheme, got [{\"x\":[]},{\"y\":[]}]; a route has one access, so let a Lambda authorizer combine them"],
    ['several schemes are needed at once', operation({ security: [{ x: [], y: [] }] }), { a: handler }, {}, "'security' of GET /a must ask for one scheme, got [{\"x\":[],\"y\":[]}]; a route has one access, so let a Lambda authorizer combine them"],
    ['security is optional', operation({ security: [{}, { x: [] }] }), { a: handler }, {}, "'security' of GET /a must ask for one scheme, got [{},{\"x\":[]}]; a route has one access, so let a Lambda authorizer combine them"],
    ['a method is TRACE', { paths: { '/a': { trace: {} } } }, {}, {}, "'trace' of /a is not possible: entrances pass on GET, PUT, POST, DELETE, OPTIONS, HEAD and PATCH; drop the operation"],
    ['a method is of OpenAPI 3.2', { openapi: '3.2.0', paths: { '/a': { query: {} } } }, {}, {}, "'query' of /a is not possible: entrances pass on GET, PUT, POST, DELETE, OPTIONS, HEAD and PATCH; drop the operation"],
    ['an access is for no scheme', operation(), { a: handler }, { access: { partnr: PARTNER } }, "'access' must name security schemes of the document, got partnr; mend the names or drop them"],
    ['a reference leads to itself', { 'paths': { '/a': { $ref: '#/x-a' } }, 'x-a': { $ref: '#/x-b' }, 'x-b': { $ref: '#/x-a' } }, {}, {}, "'$ref' must lead to something, got #/x-a that leads to itself; mend it"],
    ['the document is of version 2', { openapi: undefined, swagger: '2.0' }, {}, {}, "'openapi' must be a version 3 document, got 2.0; convert it to OpenAPI 3"],
    ['the document is none', { openapi: undefined }, {}, {}, "'openapi' must be a version 3 document, got none; convert it to OpenAPI 3"],
    ['a reference leads out of the document', { paths: { '/a': { $ref: 'other.yaml#/a' } } }, {}, {}, "'$ref' must name something in the same document, got other.yaml#/a; bundle the documents into one"],
    ['a reference leads nowhere', operation({ requestBody: { $ref: '#/components/requestBodies/None' } }), { a: handler }, {}, "'$ref' must name something in the same document, got #/components/requestBodies/None; bundle the documents into one"],
  ])('%s', (_, document, handlers, options, message) => {
    expect(refusalOf(() => fromDocument(document, handlers, options))).toBe(`${message} (at ${join(directory, 'api.json')})`);
  });
});
