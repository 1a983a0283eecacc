import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { JWT, Payments, errorOf } from './app';
import { Access, Entrance, HttpEntrance, type OpenApiOptions, OpenApiRoutes } from '../../src';

const SHELTER = join(__dirname, 'open-api', 'shelter.json');
const TRAINS = join(__dirname, 'open-api', 'trains.yaml');
const PARTNER = Access.jwt(JWT);

const stack = new Payments();
const fn = stack.pay;
const SHELTER_FUNCTIONS = { 'listAnimals': fn, 'addAnimal': fn, 'getAnimal': fn, 'replacePicture': fn, 'DELETE /animals/{animalId}': fn };
const TRAINS_FUNCTIONS = { 'GET /trips': fn, 'book': fn, 'cancel': fn };

const directory = mkdtempSync(join(tmpdir(), 'open-api-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function fromDocument(document: object, functions = {}, options: OpenApiOptions = {}) {
  const file = join(directory, 'api.json');
  writeFileSync(file, JSON.stringify({ openapi: '3.0.0', ...document }));
  return OpenApiRoutes.fromFile(file, functions, options);
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

/** The validation of a body with the given schema. */
function bodyOf(schema: unknown, more: { openapi?: string; components?: object } = {}): unknown {
  const requestBody = { content: { 'application/json': { schema } } };
  return fromDocument({ openapi: '3.1.0', ...operation({ requestBody }), ...more }, { a: fn })[0].validation!.body;
}

const operation = (more = {}) => ({ paths: { '/a': { get: { operationId: 'a', responses: {}, ...more } } } });

describe('from a JSON document', () => {
  const routes = OpenApiRoutes.fromFile(SHELTER, SHELTER_FUNCTIONS);
  const route = (method: string, path: string) => routes.find(each => each.method === method && each.path === path)!;

  test('reads paths and methods', () => {
    expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /animals', 'POST /animals', 'GET /animals/{animalId}', 'PUT /animals/{animalId}', 'DELETE /animals/{animalId}',
    ]);
  });

  test('reads security: the scopes of the document, of the operation, and no security', () => {
    expect(route('GET', '/animals').scopes).toEqual(['animals:read']);
    expect(route('POST', '/animals').scopes).toEqual(['animals:write']);
    expect(route('GET', '/animals').access!._spec).toMatchObject({ kind: 'jwt', issuer: 'https://login.shelter.example.com', audience: ['shelter'] });
    expect(route('POST', '/animals').access).toBe(route('GET', '/animals').access);
    expect(route('GET', '/animals/{animalId}').access!._spec).toEqual({ kind: 'unauthenticated', reason: 'the OpenAPI document declares the operation without security' });
  });

  test('reads required query strings and headers, also of the path', () => {
    expect(route('GET', '/animals').validation).toEqual({ body: undefined, headers: [], queryStrings: ['status'] });
    expect(route('POST', '/animals').validation).toMatchObject({ headers: ['Idempotency-Key'] });
    expect(route('DELETE', '/animals/{animalId}').validation).toEqual({ body: undefined, headers: ['X-Tenant'], queryStrings: [] });
  });

  test('converts schemas to draft 4: properties of requests, null, and schemas that refer to themselves', () => {
    expect(route('POST', '/animals').validation!.body).toEqual({
      ...ANIMAL,
      definitions: { Animal: ANIMAL, Species: { oneOf: [{ type: 'string', enum: ['cat', 'dog'] }, { type: 'integer' }] } },
    });
  });

  test('does not validate a body that is not JSON', () => {
    expect(route('PUT', '/animals/{animalId}').validation!.body).toBeUndefined();
  });
});

describe('from a YAML document', () => {
  const routes = OpenApiRoutes.fromFile(TRAINS, TRAINS_FUNCTIONS, { access: { partner: PARTNER } });

  test('reads the access of the security schemes', () => {
    expect(routes.map(({ method, path, access }) => `${method} ${path} ${access!._spec.kind}`)).toEqual([
      'GET /trips unauthenticated', 'POST /bookings jwt', 'DELETE /bookings/{bookingId} iam',
    ]);
    expect(routes[1].access).toBe(PARTNER);
    expect(routes[1].scopes).toBeUndefined();
  });

  test('converts bounds, constants and types of OpenAPI 3.1 to draft 4', () => {
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

test('a REST API has models that refer to their definitions', () => {
  const own = new Payments();
  const functions = { 'listAnimals': own.pay, 'addAnimal': own.pay, 'getAnimal': own.pay, 'replacePicture': own.pay, 'DELETE /animals/{animalId}': own.pay };
  new HttpEntrance(own, 'Api', { entrance: Entrance.restApi(), access: Access.iam(), routes: OpenApiRoutes.fromFile(SHELTER, functions, { access: { staff: Access.iam() } }) });
  own.template().hasResourceProperties('AWS::ApiGateway::Model', { Schema: { type: 'object', properties: { species: { $ref: '#/definitions/Species' } }, definitions: { Animal: { properties: { parents: { items: { $ref: '#/definitions/Animal' } } } } } } });
});

test('an HTTP API has the routes without validation, and one authorizer for all of them', () => {
  const own = new Payments();
  new HttpEntrance(own, 'Api', { access: Access.iam(), routes: OpenApiRoutes.fromFile(SHELTER, {}, { defaultFunction: own.pay, validate: false }) });
  own.template().resourceCountIs('AWS::ApiGatewayV2::Authorizer', 1);
  own.template().resourceCountIs('AWS::ApiGatewayV2::Route', 5);
  own.template().hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /animals', AuthorizationScopes: ['animals:write'], AuthorizationType: 'JWT' });
  own.template().hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'GET /animals/{animalId}', AuthorizationType: 'NONE', AuthorizationScopes: Match.absent() });
});

describe('options', () => {
  test('defaultFunction is the function of operations without their own function', () => {
    const other = stack.function('Other');
    const routes = OpenApiRoutes.fromFile(TRAINS, { book: other }, { defaultFunction: fn, access: { partner: PARTNER } });
    expect(routes.map(route => route.function)).toEqual([fn, other, fn]);
  });

  test('validate: false omits the validation of the routes', () => {
    expect(OpenApiRoutes.fromFile(SHELTER, SHELTER_FUNCTIONS, { validate: false }).filter(route => route.validation)).toEqual([]);
  });

  test('access overrides the extensions of the document', () => {
    expect(OpenApiRoutes.fromFile(SHELTER, SHELTER_FUNCTIONS, { access: { staff: PARTNER } })[0].access).toBe(PARTNER);
  });
});

test('without security a route has the access of the entrance, and a document may have no paths', () => {
  expect(fromDocument(operation(), { a: fn })).toEqual([{ path: '/a', method: 'GET', function: fn }]);
  expect(fromDocument({})).toEqual([]);
});

test('a body of several content types is not validated', () => {
  const content = { 'application/json': { schema: { type: 'object' } }, 'text/csv': {} };
  expect(fromDocument(operation({ requestBody: { content } }), { a: fn })[0].validation).toBeUndefined();
});

test('scopes are required of tokens only', () => {
  const routes = OpenApiRoutes.fromFile(SHELTER, SHELTER_FUNCTIONS, { access: { staff: Access.lambdaAuthorizer(fn) } });
  expect(routes.filter(route => route.scopes)).toEqual([]);
});

test('a reference into a schema is resolved', () => {
  const schemas = { Money: { type: 'object', properties: { amount: { type: 'integer' } } } };
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Money/properties/amount' } } };
  expect(fromDocument({ ...operation({ requestBody: { content } }), components: { schemas } }, { a: fn })[0].validation!.body).toEqual({ type: 'integer' });
});

test('a reference to a value outside the schemas is resolved, with its escapes', () => {
  const document = { ...operation({ requestBody: { content: { 'application/json': { schema: { $ref: '#/x-schemas/a~1b%20c' } } } } }), 'x-schemas': { 'a/b c': { type: 'object' } } };
  expect(fromDocument(document, { a: fn })[0].validation!.body).toEqual({ type: 'object' });
});

describe('a schema', () => {
  const NODE = { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' } } };

  test.each<[string, unknown, unknown]>([
    ['that allows every value or none', { properties: { a: true, b: false }, additionalProperties: false }, { properties: { a: {}, b: { not: {} } }, additionalProperties: false }],
    ['with properties by pattern', { patternProperties: { '^x-': { type: 'string' } }, additionalProperties: { type: 'integer' } }, { patternProperties: { '^x-': { type: 'string' } }, additionalProperties: { type: 'integer' } }],
    ['of first items and no other items', { type: 'array', prefixItems: [{ type: 'string' }, true], items: false }, { type: 'array', items: [{ type: 'string' }, {}], additionalItems: false }],
    ['of first items and other items of one schema', { prefixItems: [{ type: 'string' }], items: { type: 'null' } }, { items: [{ type: 'string' }], additionalItems: { type: 'null' } }],
    ['of first items and any other items', { prefixItems: [{ type: 'string' }] }, { items: [{ type: 'string' }] }],
    ['with dependent properties', { dependentRequired: { a: ['b'] }, dependentSchemas: { c: { const: 1 } } }, { dependencies: { a: ['b'], c: { enum: [1] } } }],
    ['with two lower bounds, the higher exclusive', { minimum: 1, exclusiveMinimum: 2 }, { minimum: 2, exclusiveMinimum: true }],
    ['with two lower bounds, the higher inclusive', { minimum: 2, exclusiveMinimum: 1 }, { minimum: 2 }],
    ['with two upper bounds, the lower exclusive', { maximum: 2, exclusiveMaximum: 1 }, { maximum: 1, exclusiveMaximum: true }],
    ['with two upper bounds, the lower inclusive', { maximum: 1, exclusiveMaximum: 2 }, { maximum: 1 }],
    ['with `not` that draft 4 can express', { not: { required: ['a'] } }, { not: { required: ['a'] } }],
    ['with `not` that draft 4 cannot express, and that would reject more values', { type: 'array', not: { contains: { const: 1 } } }, { type: 'array' }],
    ['with `oneOf`', { oneOf: [{ type: 'string' }, { required: ['a'] }] }, { oneOf: [{ type: 'string' }, { required: ['a'] }] }],
    ['with `oneOf` whose alternatives draft 4 cannot distinguish', { oneOf: [{ contains: { const: 1 } }, { maxItems: 1 }] }, { anyOf: [{}, { maxItems: 1 }] }],
    ['with `oneOf` that refers to a schema that draft 4 cannot express', { oneOf: [{ $ref: '#/components/schemas/Odd' }, { type: 'null' }] }, { anyOf: [{ ref: '#/definitions/Odd' }, { type: 'null' }], definitions: { Odd: { type: 'array' } } }],
    ['with a reference and more keywords', { $ref: '#/components/schemas/Odd', minItems: 1 }, { allOf: [{ ref: '#/definitions/Odd' }, { minItems: 1 }], definitions: { Odd: { type: 'array' } } }],
    ['with a reference and a description', { $ref: '#/components/schemas/Odd', description: 'odd' }, { type: 'array' }],
    ['that refers to itself', { $ref: '#/components/schemas/Node' }, { type: 'object', properties: { next: { ref: '#/definitions/Node' } }, definitions: { Node: { type: 'object', properties: { next: { ref: '#/definitions/Node' } } } } }],
    ['that refers to itself by its path', { $ref: '#/components/schemas/Node/properties/child' }, {
      items: { ref: '#/definitions/Node_47_properties_47_child' }, definitions: { Node_47_properties_47_child: { items: { ref: '#/definitions/Node_47_properties_47_child' } } },
    }],
  ])('%s', (_, schema, expected) => {
    const schemas = {
      Odd: { type: 'array', contains: { const: 1 } },
      Node: { ...NODE, properties: { ...NODE.properties, ...JSON.stringify(schema).includes('child') ? { child: { items: { $ref: '#/components/schemas/Node/properties/child' } } } : {} } },
    };
    expect(bodyOf(schema, { components: { schemas } })).toEqual(expected);
  });

  test('of OpenAPI 3.0 ignores keywords beside a reference', () => {
    const components = { schemas: { Odd: { type: 'array' } } };
    expect(bodyOf({ $ref: '#/components/schemas/Odd', minItems: 1 }, { openapi: '3.0.3', components })).toEqual({ type: 'array' });
  });
});

describe('parameters', () => {
  const required = (name: string, more = {}) => ({ in: 'header', name, required: true, ...more });

  test('of an operation replace the parameters of its path', () => {
    const document = { paths: { '/a': { parameters: [required('X-A'), required('X-B')], get: { operationId: 'a', parameters: [required('X-A', { required: false })] } } } };
    expect(fromDocument(document, { a: fn })[0].validation).toEqual({ body: undefined, headers: ['X-B'], queryStrings: [] });
  });

  test('that OpenAPI describes elsewhere, or that API Gateway cannot read, are not validated', () => {
    const parameters = [required('Accept'), required('content-type'), required('Authorization'), { in: 'query', name: 'filter[status]', required: true }, required('X-A')];
    expect(fromDocument(operation({ parameters }), { a: fn })[0].validation).toEqual({ body: undefined, headers: ['X-A'], queryStrings: [] });
  });
});

test('the operation for any method is a route for ANY', () => {
  const document = { paths: { '/{proxy+}': { 'x-amazon-apigateway-any-method': {} } } };
  expect(fromDocument(document, { 'ANY /{proxy+}': fn })).toEqual([{ path: '/{proxy+}', method: 'ANY', function: fn }]);
});

test('YAML can have merge keys', () => {
  const file = join(directory, 'merge.yml');
  writeFileSync(file, 'openapi: 3.1.0\nx-a: &a { operationId: a }\npaths: { /a: { get: { <<: *a } } }\n');
  expect(OpenApiRoutes.fromFile(file, { a: fn })).toEqual([{ path: '/a', method: 'GET', function: fn }]);
});

describe('fails when', () => {
  test.each([
    ['broken.json', '{', /^'file' must contain JSON, but could not be parsed: .+; fix the syntax or the file extension \(at .*broken\.json\)$/],
    ['broken.yaml', 'a: [', /^'file' must contain YAML, but could not be parsed: .+; fix the syntax or the file extension \(at .*broken\.yaml\)$/],
  ])('%s has a syntax error', (name, text, message) => {
    writeFileSync(join(directory, name), text);
    expect(errorOf(() => OpenApiRoutes.fromFile(join(directory, name), {}))).toMatch(message);
  });

  test.each<[string, object, object, OpenApiOptions, string]>([
    ['an operation has no function', { paths: { '/a': { get: { operationId: 'a' }, post: {} } } }, {}, {}, "'functions' must have a function for each operation, got none for a and POST /a; add them, or set 'defaultFunction'"],
    ['a function has no operation', operation(), { 'a': fn, 'b': fn, 'GET /c': fn }, {}, "'functions' must name operations of the document, got b and GET /c; correct the names or remove them"],
    ['a security scheme is unknown', operation({ security: [{ oauth: [] }] }), { a: fn }, {}, "'access' must contain an Access for the security scheme 'oauth' of GET /a, got none; add one with the name of the scheme"],
    ['one of several schemes is required', operation({ security: [{ x: [] }, { y: [] }] }), { a: fn }, {}, "'security' of GET /a must require one scheme, got [{\"x\":[]},{\"y\":[]}]; a route has one access, so combine the schemes in a Lambda authorizer"],
    ['several schemes are required together', operation({ security: [{ x: [], y: [] }] }), { a: fn }, {}, "'security' of GET /a must require one scheme, got [{\"x\":[],\"y\":[]}]; a route has one access, so combine the schemes in a Lambda authorizer"],
    ['security is optional', operation({ security: [{}, { x: [] }] }), { a: fn }, {}, "'security' of GET /a must require one scheme, got [{},{\"x\":[]}]; a route has one access, so combine the schemes in a Lambda authorizer"],
    ['a method is TRACE', { paths: { '/a': { trace: {} } } }, {}, {}, "'trace' of /a is not supported: entrances support GET, PUT, POST, DELETE, OPTIONS, HEAD and PATCH; remove the operation"],
    ['a method is of OpenAPI 3.2', { openapi: '3.2.0', paths: { '/a': { query: {} } } }, {}, {}, "'query' of /a is not supported: entrances support GET, PUT, POST, DELETE, OPTIONS, HEAD and PATCH; remove the operation"],
    ['an access has no scheme', operation(), { a: fn }, { access: { partnr: PARTNER } }, "'access' must name security schemes of the document, got partnr; correct the names or remove them"],
    ['a reference refers to itself', { 'paths': { '/a': { $ref: '#/x-a' } }, 'x-a': { $ref: '#/x-b' }, 'x-b': { $ref: '#/x-a' } }, {}, {}, "'$ref' must refer to a value, got #/x-a, which refers to itself; correct the reference"],
    ['the document has version 2', { openapi: undefined, swagger: '2.0' }, {}, {}, "'openapi' must be a version 3 document, got 2.0; convert it to OpenAPI 3"],
    ['the document has no version', { openapi: undefined }, {}, {}, "'openapi' must be a version 3 document, got none; convert it to OpenAPI 3"],
    ['a reference refers to another document', { paths: { '/a': { $ref: 'other.yaml#/a' } } }, {}, {}, "'$ref' must refer to a value in the same document, got other.yaml#/a; bundle the documents into one"],
    ['a reference refers to no value', operation({ requestBody: { $ref: '#/components/requestBodies/None' } }), { a: fn }, {}, "'$ref' must refer to a value in the same document, got #/components/requestBodies/None; bundle the documents into one"],
  ])('%s', (_, document, functions, options, message) => {
    expect(errorOf(() => fromDocument(document, functions, options))).toBe(`${message} (at ${join(directory, 'api.json')})`);
  });
});

describe('a document that is not as OpenAPI describes', () => {
  test.each<[string, unknown, string]>([
    ['an object', {}, '{}'], ['empty', null, 'null'], ['a list of a list', [[]], '[[]]'], ['a text', 'jwt', '"jwt"'], ['a list of a text', ['jwt'], '["jwt"]'],
    ['a list of null', [null], '[null]'], ['scopes that are no list', [{ jwt: null }], '[{"jwt":null}]'], ['an empty scope', [{ jwt: [''] }], '[{"jwt":[""]}]'],
  ])('never makes a route public: security is %s', (_, security, got) => {
    const components = { securitySchemes: { jwt: { type: 'http' } } };
    for (const document of [{ ...operation({ security }), components }, { ...operation(), security, components }]) {
      expect(errorOf(() => fromDocument(document, { a: fn }, { access: { jwt: PARTNER } }))).toContain(
        `'security' of GET /a must be a list of schemes with their scopes, got ${got}; write it as [{"scheme": []}], or as [] for an operation without authentication`);
    }
  });

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('has an operation, a scheme and a schema with the name %s', name => {
    expect(errorOf(() => fromDocument(operation({ operationId: name })))).toContain(`'functions' must have a function for each operation, got none for ${name}`);
    expect(fromDocument(operation({ operationId: name }), Object.fromEntries([[name, fn]]))[0].function).toBe(fn);
    expect(errorOf(() => fromDocument(operation({ security: [Object.fromEntries([[name, []]])] }), { a: fn }))).toContain(`'access' must contain an Access for the security scheme '${name}'`);
    const reference = { $ref: `#/components/schemas/${name}` };
    const schemas = JSON.parse(`{"${name}":{"type":"object","required":["${name}"],"properties":{"next":{"$ref":"#/components/schemas/${name}"}}}}`);
    expect(bodyOf(reference, { components: { schemas } })).toMatchObject({ type: 'object', required: [name], properties: { next: { ref: `#/definitions/${name}` } } });
    expect(errorOf(() => bodyOf({ $ref: `#/components/${name}` }))).toContain("'$ref' must refer to a value in the same document");
  });

  test.each<[string, object, string]>([
    ['paths that are a list', { paths: [] }, "'paths' must be an object, got []"],
    ['an empty path', { paths: { '/a': null } }, "'/a' must be an object, got null"],
    ['an empty operation', { paths: { '/a': { get: null } } }, "'get of /a' must be an object, got null"],
    ['parameters that are an object', operation({ parameters: {} }), "'parameters' must be a list, got {}"],
    ['an empty parameter', operation({ parameters: [null] }), "'parameters' must be an object, got null"],
    ['an empty body', operation({ requestBody: null }), "'requestBody' must be an object, got null"],
    ['required properties that are no list', operation({ requestBody: { content: { 'application/json': { schema: { required: true } } } } }), "'required of a schema' must be a list, got true"],
    ['a JWT authorizer without an issuer', { ...operation({ security: [{ x: [] }] }), components: { securitySchemes: { x: { 'x-amazon-apigateway-authorizer': { jwtConfiguration: { audience: 'a' } } } } } },
      "'jwtConfiguration' of securitySchemes.x must have an issuer and a list of audiences, got {\"audience\":\"a\"}"],
  ])('fails with the field: %s', (_, document, message) => {
    expect(errorOf(() => fromDocument(document, { a: fn }))).toContain(message);
  });

  test('fails when the file does not exist', () => {
    expect(errorOf(() => OpenApiRoutes.fromFile('absent.json', {}))).toMatch(/^'file' must be a document, but could not be read: ENOENT.*; correct the path, which is relative to the working directory \(at absent.json\)$/);
  });

  test('fails when YAML aliases make a schema contain itself', () => {
    const file = join(directory, 'cycle.yaml');
    writeFileSync(file, 'openapi: 3.1.0\npaths: { /a: { post: { operationId: a, requestBody: { content: { application/json: { schema: &s { type: object, properties: { next: *s } } } } } } } }');
    expect(errorOf(() => OpenApiRoutes.fromFile(file, { a: fn }))).toMatch(/^'file' must be a valid OpenAPI document, but could not be read: .*; correct it with an OpenAPI validator \(at .*cycle.yaml\)$/);
  });

  test('fails with a message of ours, and never opens a protected operation, if any part of it is replaced', () => {
    const base = () => JSON.parse(JSON.stringify({
      ...operation({
        security: [{ jwt: ['read'] }],
        parameters: [{ name: 'q', in: 'query', required: true }],
        requestBody: { content: { 'application/json': { schema: { type: 'object', required: ['x'], properties: { x: { $ref: '#/components/schemas/X' } }, oneOf: [{}], not: {}, items: {} } } } },
      }),
      components: { securitySchemes: { jwt: { type: 'http' } }, schemas: { X: { type: 'string', nullable: true, enum: ['a'] } } },
    }));
    const places = (value: any, path: string[] = []): string[][] => typeof value !== 'object' || value === null ? [path]
      : [path, ...Object.entries(value).flatMap(([key, child]) => places(child, [...path, key]))];
    let refused = 0;
    for (const place of places(base()).filter(path => path.length > 0)) {
      for (const value of [null, true, 7, '', 'constructor', [], {}, [null], [[]], { constructor: null }]) {
        const document = base();
        place.slice(0, -1).reduce((at, key) => at[key], document)[place[place.length - 1]] = value;
        try {
          const routes = fromDocument(document, { a: fn }, { access: { jwt: PARTNER } });
          const declared = document.paths?.['/a']?.get?.security;
          const isDeclaredOpen = Array.isArray(declared) && declared.every((each: unknown) => JSON.stringify(each) === '{}');
          for (const { access } of routes) {
            expect([place, value, access === undefined || access === PARTNER || isDeclaredOpen]).toEqual([place, value, true]);
          }
        } catch (error) {
          refused++;
          expect((error as Error).message).toMatch(/^'.*\(at .*api\.json\)$/s);
        }
      }
    }
    expect(refused).toBeGreaterThan(50);
  });
});
