import { isJson, textOf } from '../graph/value';
import type { Json } from '../graph/value';

/** An OpenAPI document with what the `Auth` of a SAM API adds: its authorizers, and the default for every operation. */
export function withSamAuth(document: unknown, auth: Json): unknown {
  if (!isJson(document)) return document;
  const body = withAuthorizers(document, auth.Authorizers);
  const authorizer = textOf(auth.DefaultAuthorizer);
  const requirements = {
    ...(authorizer === '' || authorizer === 'NONE' ? {} : { [authorizer]: [] }),
    ...(auth.ApiKeyRequired === true ? { api_key: [] } : {}),
  };
  const isOpen = Object.keys(requirements).length === 0 || body.security !== undefined;
  return isOpen ? body : { ...body, security: [requirements] };
}

function withAuthorizers(body: Json, authorizers: unknown): Json {
  if (!isJson(authorizers) || isIntrinsic(body)) return body;
  const components = isJson(body.components) ? body.components : {};
  const own = isJson(components.securitySchemes) ? components.securitySchemes : {};
  const added = Object.keys(authorizers).map(name => [name, { 'x-amazon-apigateway-authorizer': {} }]);
  return { ...body, components: { ...components, securitySchemes: { ...own, ...Object.fromEntries(added) } } };
}

/** Whether the document, or its operation, demands an authorization; undefined if only the deployment knows. */
export function demandsSecurity(body: unknown, path: unknown, method: unknown): boolean | undefined {
  if (!isJson(body) || isIntrinsic(body)) return undefined;
  const paths = isJson(body.paths) ? body.paths : {};
  if (isIntrinsic(paths)) return undefined;
  const item = Object.hasOwn(paths, textOf(path)) ? paths[textOf(path)] : undefined;
  if (isJson(item) && isIntrinsic(item)) return undefined;
  const operation = operationIn(item, method);
  const security = isJson(operation) && operation.security !== undefined ? operation.security : body.security;
  if (security === undefined) return false;
  if (!Array.isArray(security)) return undefined;
  const isDemanding = (requirement: unknown) => (
    isJson(requirement) && Object.keys(requirement).some(scheme => scheme !== 'NONE'));
  return security.length > 0 && security.every(isDemanding);
}

/** The settings of the integration that the document has for the method: SAM adds no integration to a document. */
export function integrationIn(body: unknown, path: unknown, method: unknown): Json {
  const paths = isJson(body) && isJson(body.paths) ? body.paths : {};
  const item = Object.hasOwn(paths, textOf(path)) ? paths[textOf(path)] : undefined;
  const operation = operationIn(item, method);
  const integration = isJson(operation) ? operation['x-amazon-apigateway-integration'] : undefined;
  return isJson(integration) ? integration : {};
}

function operationIn(item: unknown, method: unknown): unknown {
  return isJson(item) ? item[textOf(method).toLowerCase()] ?? item['x-amazon-apigateway-any-method'] : undefined;
}

function isIntrinsic(value: Json): boolean {
  const [key, ...rest] = Object.keys(value);
  return rest.length === 0 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::'));
}
