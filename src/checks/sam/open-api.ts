import { isJson, textOf } from '../graph/value';
import type { Json } from '../graph/value';

/** An OpenAPI document with what the `Auth` of a SAM API adds to every operation. */
export function withSamAuth(body: unknown, auth: Json): unknown {
  if (!isJson(body)) return body;
  const authorizer = textOf(auth.DefaultAuthorizer);
  const requirements = {
    ...(authorizer === '' || authorizer === 'NONE' ? {} : { [authorizer]: [] }),
    ...(auth.ApiKeyRequired === true ? { api_key: [] } : {}),
  };
  const isOpen = Object.keys(requirements).length === 0 || body.security !== undefined;
  return isOpen ? body : { ...body, security: [requirements] };
}

/** Whether the document, or its operation, demands an authorization; undefined if only the deployment knows. */
export function demandsSecurity(body: unknown, path: unknown, method: unknown): boolean | undefined {
  if (!isJson(body) || isIntrinsic(body)) return undefined;
  const paths = isJson(body.paths) ? body.paths : {};
  if (isIntrinsic(paths)) return undefined;
  const item = Object.hasOwn(paths, textOf(path)) ? paths[textOf(path)] : undefined;
  if (isJson(item) && isIntrinsic(item)) return undefined;
  const name = textOf(method).toLowerCase();
  const operation = isJson(item) ? item[name] ?? item['x-amazon-apigateway-any-method'] : undefined;
  const security = isJson(operation) && operation.security !== undefined ? operation.security : body.security;
  if (security === undefined) return false;
  if (!Array.isArray(security)) return undefined;
  const isDemanding = (requirement: unknown) => (
    isJson(requirement) && Object.keys(requirement).some(scheme => scheme !== 'NONE'));
  return security.length > 0 && security.every(isDemanding);
}

function isIntrinsic(value: Json): boolean {
  const [key, ...rest] = Object.keys(value);
  return rest.length === 0 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::'));
}
