import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'fs';
import { basename, dirname, join, resolve } from 'path';
import { isJson } from '../graph';
import type { Json, TemplateInput } from '../graph';
import { linesOf } from './lines';
import { expandSam } from '../sam/expand';

/** An input that is not a template. The command prints the message without a stack trace. */
export class NotATemplate extends Error {}

/** Parses a text; the name is for error messages. */
type Parse = (text: string, name: string) => unknown;

/** The number of files after which the size of an asset is no longer counted. */
const ASSET_FILES_MAX = 20_000;

export interface LoadOptions {
  /** @default - not known */
  readonly region?: string;
  /** @default - not known */
  readonly account?: string;
  /**
   * The name in reports.
   *
   * @default - the path itself
   */
  readonly name?: string;
  /**
   * The parsed text, for line numbers.
   *
   * @default - no line numbers
   */
  readonly text?: string;
  /**
   * The template file of the nested stack that a resource of a template file deploys.
   *
   * @default - read from its metadata
   */
  readonly nested?: (templateFile: string, logicalId: string) => string | undefined;
}

/** Reads a template file and the nested stacks that it deploys. */
export function loadTemplate(path: string, parse: Parse = parseJson, options: LoadOptions = {}): TemplateInput[] {
  const name = options.name ?? path;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new NotATemplate(`cannot read ${name}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
  const directory = dirname(path);
  const parent = input(parse(text, name), name, directory, { ...options, text });
  return withNested(parent, { directory, parse, options, seen: new Set([resolve(path)]) });
}

/** A parsed document as a template. Throws NotATemplate if it is none. */
export function input(document: unknown, name: string, directory?: string, options: LoadOptions = {}): TemplateInput {
  if (!isJson(document) || !isJson(document.Resources)) {
    throw new NotATemplate(`${name} is not a CloudFormation template: it has no Resources`);
  }
  return {
    name,
    template: expandSam(document),
    region: options.region,
    account: options.account,
    lineOf: options.text === undefined ? undefined : linesOf(options.text, document.Resources),
    assetBytes: directory === undefined ? undefined : path => measure(resolve(directory, path)),
  };
}

export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new NotATemplate(`${name} is not JSON: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** How nested templates are read. */
interface Reading {
  readonly directory: string;
  readonly parse: Parse;
  readonly options: LoadOptions;
  /** The templates that were already read. */
  readonly seen: Set<string>;
}

function withNested(parent: TemplateInput, reading: Reading): TemplateInput[] {
  const { directory, parse, options, seen } = reading;
  const found = [parent];
  for (const [logicalId, resource] of Object.entries(parent.template.Resources as Json)) {
    if (!isJson(resource) || resource.Type !== 'AWS::CloudFormation::Stack') continue;
    const metadata = isJson(resource.Metadata) ? resource.Metadata : {};
    const path = options.nested?.(basename(parent.name), logicalId) ?? metadata['aws:asset:path'];
    if (!isStaged(path, directory) || seen.has(resolve(directory, path))) continue;
    seen.add(resolve(directory, path));
    const name = join(dirname(parent.name), path);
    const text = readFileSync(join(directory, path), 'utf8');
    const nested = input(parse(text, name), name, directory, { ...options, text });
    found.push(...withNested({ ...nested, name, parent: { name: parent.name, logicalId } }, reading));
  }
  return found;
}

/** CDK stages the template of a nested stack in the assembly and nowhere else. */
function isStaged(path: unknown, directory: string): path is string {
  return typeof path === 'string' && basename(path) === path && existsSync(join(directory, path));
}

/** The bytes of a staged file or directory, without the targets of links. */
function measure(path: string): number | undefined {
  try {
    if (!statSync(path).isDirectory()) return statSync(path).size;
    let bytes = 0;
    let files = 0;
    const open = [path];
    while (open.length > 0 && files < ASSET_FILES_MAX) {
      const directory = open.pop()!;
      for (const entry of readdirSync(directory, { withFileTypes: true })) {
        files++;
        if (entry.isDirectory()) open.push(join(directory, entry.name));
        else if (entry.isFile()) bytes += lstatSync(join(directory, entry.name)).size;
      }
    }
    return bytes;
  } catch {
    return undefined;
  }
}
