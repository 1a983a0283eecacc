import { isIntrinsic } from './properties';
import { isJson, textOf } from '../graph/value';
import type { Json } from '../graph/value';

/** The authorizers that events of an HTTP API name, by operation, in its `Auth`. SAM has no such setting. */
export const EVENT_AUTHORIZERS = 'EventAuthorizers';
const METHOD = /^(get|post|put|patch|delete|head|options|trace|x-amazon-apigateway-any-method)$/i;

/** An OpenAPI document with what the `Auth` of a SAM API adds: its authorizers, and the default for every operation. */
export function withSamAuth(document: unknown, auth: Json, kind: 'rest' | 'http'): unknown {
  if (!isJson(document)) return document;
  const body = withAuthorizers(document, auth.Authorizers);
  if (!isJson(body.paths) || isIntrinsic(body.paths)) return body;
  const ofEvents = isJson(auth[EVENT_AUTHORIZERS]) ? auth[EVENT_AUTHORIZERS] : {};
  const secured = (operation: Json, path: string, method: string) => {
    const ofEvent = textOf(ofEvents[operationKey(path, method)]);
    const own = ofEvent === '' ? operation.security : [...[operation.security ?? []].flat(), { [ofEvent]: [] }];
    const security = securityOf(own, /^options$/i.test(method), auth, kind);
    return METHOD.test(method) && security !== undefined ? { ...operation, security } : operation;
  };
  const item = (value: unknown, path: string) => inBranches(value, found => mapValues(found, (operation, method) => (
    inBranches(operation, settings => secured(settings, path, method)))));
  return { ...body, paths: mapValues(body.paths, item) };
}

/** The key of an operation, from an event or from a document. */
export function operationKey(path: unknown, method: unknown): string {
  return `${textOf(method).toLowerCase().replace(/^any$|^x-amazon-apigateway-any-method$/, '')} ${textOf(path)}`;
}

function mapValues(members: Json, change: (value: unknown, key: string) => unknown): Json {
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [key, change(value, key)]));
}

/** Changes an object, also in the branches of a condition; other intrinsic functions remain. */
function inBranches(value: unknown, change: (value: Json) => unknown): unknown {
  if (!isJson(value)) return value;
  const branch = value['Fn::If'];
  if (Array.isArray(branch)) {
    return { 'Fn::If': [branch[0], ...branch.slice(1).map((item: unknown) => inBranches(item, change))] };
  }
  return isIntrinsic(value) ? value : change(value);
}

/** The security of an operation. In an HTTP API its own list has precedence over the default authorizer. */
function securityOf(own: unknown, isOptions: boolean, auth: Json, kind: 'rest' | 'http'): unknown {
  const name = textOf(auth.DefaultAuthorizer);
  const isRest = kind === 'rest';
  if (own !== undefined && !Array.isArray(own)) return own;
  const present = (own ?? []) as unknown[];
  const has = (isWanted: (scheme: string) => boolean) => (
    present.some(demand => isJson(demand) && Object.keys(demand).some(isWanted)));
  const authorizers = ['AWS_IAM', 'NONE', ...Object.keys(isJson(auth.Authorizers) ? auth.Authorizers : {})];
  const isDecided = isRest ? has(scheme => authorizers.includes(scheme)) : present.length > 0;
  const isExcluded = isOptions && (!isRest || auth.AddDefaultAuthorizerToCorsPreflight === false);
  const needsKey = isRest && auth.ApiKeyRequired === true && !has(scheme => scheme === 'api_key')
    && !(isOptions && auth.AddApiKeyRequiredToCorsPreflight === false);
  const added = [
    ...name === '' || name === 'NONE' || isDecided || isExcluded ? [] : [{ [name]: [] }],
    ...needsKey ? [{ api_key: [] }] : [],
  ];
  return added.length === 0 ? own : [...present, ...added];
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
export function integrationIn(body: unknown, path: unknown, method: unknown, isExact = false): Json {
  const paths = isJson(body) && isJson(body.paths) ? body.paths : {};
  const item = Object.hasOwn(paths, textOf(path)) ? paths[textOf(path)] : undefined;
  const operation = isExact && isJson(item) ? item[textOf(method).toLowerCase()] : operationIn(item, method);
  const integration = isJson(operation) ? operation['x-amazon-apigateway-integration'] : undefined;
  return isJson(integration) ? integration : {};
}

/** Whether the checks know all operations of the document. */
export function isReadable(body: unknown): boolean {
  return isJson(body) && !isIntrinsic(body) && isJson(body.paths) && !isIntrinsic(body.paths)
    && Object.values(body.paths).every(item => !(isJson(item) && isIntrinsic(item)));
}

/** Whether the document has an integration for exactly this method. */
export function hasIntegration(body: unknown, path: unknown, method: unknown): boolean {
  const isAny = /^(any)?$/i.test(textOf(method));
  return isReadable(body)
    && integrationIn(body, path, isAny ? 'x-amazon-apigateway-any-method' : method, true).uri !== undefined;
}

function operationIn(item: unknown, method: unknown): unknown {
  return isJson(item) ? item[textOf(method).toLowerCase()] ?? item['x-amazon-apigateway-any-method'] : undefined;
}
