import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface JsiiReference {
  readonly fqn?: string;
  readonly collection?: { elementtype: JsiiReference };
  readonly union?: { types: JsiiReference[] };
  readonly intersection?: { types: JsiiReference[] };
}

export interface JsiiMethod {
  readonly name?: string;
  readonly parameters?: { type: JsiiReference }[];
}

export interface JsiiType {
  readonly datatype?: boolean;
  readonly interfaces?: string[];
  readonly properties?: { name: string; type: JsiiReference }[];
  readonly methods?: JsiiMethod[];
  readonly initializer?: JsiiMethod;
}

/** The public types of the installed aws-cdk-lib, as its jsii assembly lists them. */
export function jsiiTypes(): Record<string, JsiiType> {
  const root = dirname(require.resolve('aws-cdk-lib/package.json'));
  return JSON.parse(gunzipSync(readFileSync(join(root, '.jsii.gz'))).toString('utf8')).types;
}

/** The names of all props of a props interface, inherited ones included. */
export function propsOf(name: string, types = jsiiTypes()): string[] {
  const { properties = [], interfaces = [] } = types[name];
  return [...properties.map(property => property.name), ...interfaces.flatMap(parent => propsOf(parent, types))];
}
