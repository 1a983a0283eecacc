import { readFileSync } from 'fs';
import { extname } from 'path';
import { parse } from 'yaml';
import { refuse } from '../private/validation';

/** JSON of unknown shape. */
export interface Json {
  [key: string]: any;
}

/** An OpenAPI 3 document, and the file that messages name. */
export interface OpenApiDocument {
  readonly file: string;
  readonly root: Json;
}

export function readOpenApi(file: string): OpenApiDocument {
  const text = readFileSync(file, 'utf8');
  const root = isYaml(file) ? parse(text) : JSON.parse(text);
  const version = String(root?.openapi ?? root?.swagger ?? 'none');
  if (!version.startsWith('3.')) {
    refuse(file, `'openapi' must be a version 3 document, got ${version}; convert it to OpenAPI 3`);
  }
  return { file, root };
}

/** What a value or the reference in its place says. */
export function resolveReference(document: OpenApiDocument, value: Json): Json {
  if (typeof value?.$ref !== 'string') return value;
  const found = value.$ref.startsWith('#/')
    ? value.$ref.slice(2).split('/').reduce((place: Json | undefined, step: string) => place?.[unescapeStep(step)], document.root)
    : undefined;
  if (found === undefined) {
    refuse(document.file, `'$ref' must name something in the same document, got ${value.$ref}; bundle the documents into one`);
  }
  return resolveReference(document, found);
}

function isYaml(file: string): boolean {
  return ['.yaml', '.yml'].includes(extname(file).toLowerCase());
}

/** @see https://www.rfc-editor.org/rfc/rfc6901 */
function unescapeStep(step: string): string {
  return decodeURIComponent(step).replace(/~1/g, '/').replace(/~0/g, '~');
}
