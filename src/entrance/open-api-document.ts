import { readFileSync } from 'fs';
import { extname } from 'path';
import { parse } from 'yaml';
import { refuse } from '../private/validation';

/** JSON of unknown shape. */
export interface Json {
  [key: string]: any;
}

/** An OpenAPI 3 document and the path of its file, for messages. */
export interface OpenApiDocument {
  readonly file: string;
  readonly root: Json;
}

export function readOpenApi(file: string): OpenApiDocument {
  const root = parseFile(file);
  const version = String(root?.openapi ?? root?.swagger ?? 'none');
  if (!version.startsWith('3.')) {
    refuse(file, `'openapi' must be a version 3 document, got ${version}; convert it to OpenAPI 3`);
  }
  return { file, root };
}

function parseFile(file: string): Json {
  const text = readText(file);
  const yaml = isYaml(file);
  try {
    return yaml ? parse(text, { merge: true }) : JSON.parse(text);
  } catch (error) {
    return refuse(file, `'file' must contain ${yaml ? 'YAML' : 'JSON'}, but could not be parsed: ${(error as Error).message.split('\n')[0]}; fix the syntax or the file extension`);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return refuse(file, `'file' must be a document, but could not be read: ${(error as Error).message}; correct the path, which is relative to the working directory`);
  }
}

/** A property of an object itself. Names such as `constructor` are properties of every object's prototype. */
export function own<T>(of: { readonly [name: string]: T } | undefined | null, name: string): T | undefined {
  return of !== undefined && of !== null && Object.prototype.hasOwnProperty.call(of, name) ? of[name] : undefined;
}

/** Returns the value of a field that must be an object, or an empty object if the field is absent. */
export function objectIn({ file }: OpenApiDocument, value: unknown, field: string): Json {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(file, `'${field}' must be an object, got ${JSON.stringify(value)}; correct or remove it`);
  return value;
}

/** Returns the value of a field that must be a list, or an empty list if the field is absent. */
export function listIn({ file }: OpenApiDocument, value: unknown, field: string): unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) refuse(file, `'${field}' must be a list, got ${JSON.stringify(value)}; correct or remove it`);
  return value;
}

/** Returns a value, or the value to which a reference refers. */
export function resolveReference(document: OpenApiDocument, value: Json, followed: readonly string[] = []): Json {
  if (typeof value?.$ref !== 'string') return value;
  if (followed.includes(value.$ref)) refuse(document.file, `'$ref' must refer to a value, got ${value.$ref}, which refers to itself; correct the reference`);
  const found = value.$ref.startsWith('#/')
    ? value.$ref.slice(2).split('/').reduce((place: Json | undefined, step: string) => own(place, unescapeStep(step)), document.root)
    : undefined;
  if (found === undefined) {
    refuse(document.file, `'$ref' must refer to a value in the same document, got ${value.$ref}; bundle the documents into one`);
  }
  return resolveReference(document, found, [...followed, value.$ref]);
}

function isYaml(file: string): boolean {
  return ['.yaml', '.yml'].includes(extname(file).toLowerCase());
}

/** @see https://www.rfc-editor.org/rfc/rfc6901 */
function unescapeStep(step: string): string {
  return decoded(step).replace(/~1/g, '/').replace(/~0/g, '~');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that is not an escape
  }
}
