import { existsSync, readFileSync } from 'fs';
import { dirname, isAbsolute, join } from 'path';
import { FAIL_LEVELS, LEVELS, oneOf, PROFILES, ruleId, UsageError } from './arguments';
import type { Settings } from './arguments';
import type { Exemption } from '../engine/check';
import { isJson } from '../graph';
import type { Json } from '../graph';
import { CATEGORIES } from '../rules';

const NAME = 'cdk-production-lambda';
const KEYS = ['paths', 'failOn', 'profile', 'categories', 'severities', 'exemptions', 'parameters', 'baseline'];
const NOTHING: Settings = { severities: new Map(), exemptions: [], parameters: new Map() };

/** Reads the settings of a file, of cdk-production-lambda.json, or of the key in package.json. */
export function readConfigFile(file?: string): Settings {
  if (file !== undefined) return read(file, readJsonObject(file));
  if (existsSync(`${NAME}.json`)) return read(`${NAME}.json`, readJsonObject(`${NAME}.json`));
  const inPackage = existsSync('package.json') ? readJsonObject('package.json')[NAME] : undefined;
  return inPackage === undefined ? NOTHING : read(`'${NAME}' in package.json`, inPackage);
}

/** The error about a file of the user that cannot be read, or whose text has the wrong syntax. */
export function unreadableFile(file: string, error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new UsageError(`${file} does not exist`);
  return new UsageError(`cannot read ${file}: ${code === 'EISDIR' ? 'it is a folder' : message.replace(/\s+/g, ' ')}`);
}

/** Reads a file of the user that must contain one JSON object. */
export function readJsonObject(file: string): Json {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw unreadableFile(file, error);
  }
  if (!isJson(document)) throw new UsageError(`${file} must contain an object`);
  return document;
}

function read(file: string, document: unknown): Settings {
  if (!isJson(document)) throw new UsageError(`${file} must contain an object, got ${JSON.stringify(document)}`);
  const unknown = Object.keys(document).filter(key => !KEYS.includes(key) && key !== '$schema');
  if (unknown.length > 0) {
    const named = unknown.map(key => `'${key}'`).join(', ');
    throw new UsageError(`${file} contains ${named}; the keys are ${KEYS.join(', ')}`);
  }
  const where = (key: string) => `'${key}' of ${file}`;
  const text = (key: string, value = document[key]) => {
    if (value === undefined || typeof value === 'string') return value;
    throw new UsageError(`${where(key)} must be a string, got ${JSON.stringify(value)}`);
  };
  const texts = (key: string): string[] | undefined => {
    const value = document[key];
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw new UsageError(`${where(key)} must be a list, got ${JSON.stringify(value)}`);
    return value.map((item, i) => text(`${key}[${i}]`, item)!);
  };
  const entries = (key: string): [string, string][] => {
    const value = document[key] ?? {};
    if (!isJson(value)) throw new UsageError(`${where(key)} must be an object, got ${JSON.stringify(value)}`);
    const scalar = (item: unknown) => (['number', 'boolean'].includes(typeof item) ? String(item) : item);
    return Object.entries(value).map(([name, item]) => [name, text(`${key}.${name}`, scalar(item))!]);
  };
  const choice = <T extends string>(key: string, allowed: readonly T[]) => {
    const value = text(key);
    return value === undefined ? undefined : oneOf(where(key), value, allowed);
  };
  const folder = file.startsWith("'") ? '.' : dirname(file);
  const fromFolder = (path: string) => (isAbsolute(path) || path === '-' ? path : join(folder, path));
  const baseline = text('baseline');
  return {
    paths: texts('paths')?.map(fromFolder),
    failOn: choice('failOn', FAIL_LEVELS),
    profile: choice('profile', PROFILES),
    categories: texts('categories')?.map(name => oneOf(where('categories'), name, CATEGORIES)),
    severities: new Map(entries('severities').map(([rule, level]) => (
      [ruleId(where('severities'), rule), oneOf(where(`severities.${rule}`), level, LEVELS)]))),
    exemptions: exemptions(document.exemptions ?? [], where),
    parameters: new Map(entries('parameters')),
    baseline: baseline === undefined ? undefined : fromFolder(baseline),
  };
}

function exemptions(list: unknown, where: (key: string) => string): Exemption[] {
  if (!Array.isArray(list)) throw new UsageError(`${where('exemptions')} must be a list, got ${JSON.stringify(list)}`);
  return list.map((item: unknown, i) => {
    const { rule, path, reason, ...others } = isJson(item) ? item : {} as Json;
    const valid = typeof rule === 'string' && typeof reason === 'string' && reason.trim() !== ''
      && (path === undefined || typeof path === 'string') && Object.keys(others).length === 0;
    if (!valid) {
      const form = '{"rule": "LP-H09", "path": "Stack/Api", "reason": "…"}';
      throw new UsageError(`${where(`exemptions[${i}]`)} must have the form ${form}, got ${JSON.stringify(item)}`);
    }
    return { rule: ruleId(where(`exemptions[${i}]`), rule), path: path as string | undefined, reason };
  });
}

/** The settings of the command line replace the settings of the file. Maps and exemptions are combined. */
export function merge(fromArguments: Settings, fromFile: Settings): Settings {
  return {
    paths: fromArguments.paths ?? fromFile.paths,
    failOn: fromArguments.failOn ?? fromFile.failOn,
    profile: fromArguments.profile ?? fromFile.profile,
    categories: fromArguments.categories ?? fromFile.categories,
    severities: new Map([...fromFile.severities, ...fromArguments.severities]),
    exemptions: [...fromArguments.exemptions, ...fromFile.exemptions],
    parameters: new Map([...fromFile.parameters, ...fromArguments.parameters]),
    baseline: fromArguments.baseline ?? fromFile.baseline,
  };
}
