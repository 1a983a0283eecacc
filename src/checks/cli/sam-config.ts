import { readFileSync } from 'fs';
import { UsageError } from './arguments';
import type { SamConfigFile } from './arguments';
import { unreadableFile } from './config-file';
import { parseTemplate } from './parse';
import { isJson, textOf } from '../graph';
import type { Json } from '../graph';

// smol-toml declares the types of its ES module only, which a CommonJS module cannot import
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { parse: parseToml } = require('smol-toml') as { parse(text: string): unknown };

/** The parameter values that `sam deploy` would use, by the tables `deploy` and `global` of one environment. */
export function samParameters({ file, environment }: SamConfigFile): Map<string, string> {
  const document = read(file);
  const settings = document[environment];
  if (!isJson(settings)) {
    const defined = Object.keys(document).filter(key => isJson(document[key]));
    const got = defined.join(', ') || 'none';
    throw new UsageError(`${file} must contain the environment ${environment}, got ${got}; set --sam-config-env`);
  }
  const overrides = ['global', 'deploy'].map(command => at(settings, command, 'parameters', 'parameter_overrides'));
  return new Map(overrides.flatMap(value => [...parametersOf(value)]));
}

function read(file: string): Json {
  let document: unknown;
  try {
    const text = readFileSync(file, 'utf8');
    document = file.endsWith('.toml') ? parseToml(text) : parseTemplate(text, file);
  } catch (error) {
    throw unreadableFile(file, error);
  }
  return isJson(document) ? document : {};
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce((node, key) => (isJson(node) && Object.hasOwn(node, key) ? node[key] : undefined), value);
}

const PAIR = /(?:ParameterKey=([^,\s]+),ParameterValue=|([^\s=,]+)=)("(?:\\.|[^"])*"|'(?:\\.|[^'])*'|(?:\\.|\S)*)/g;

/** `"A=1 B='x y'"`, `"ParameterKey=A,ParameterValue=1"`, a list of such texts, or a table. */
function parametersOf(value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.flatMap(parametersOf);
  if (isJson(value)) return Object.entries(value).map(([name, item]) => [name, textOf(item)]);
  if (typeof value !== 'string') return [];
  return [...value.matchAll(PAIR)].map(([, long, short, text]) => [long ?? short, unquoted(text)]);
}

function unquoted(text: string): string {
  return text.replace(/^(["'])([^]*)\1$/, '$2').replace(/\\(.)/g, '$1');
}
