import { readdirSync, readFileSync, statSync } from 'fs';
import { basename, dirname, join, resolve } from 'path';
import { isJson, textOf } from '../graph';
import type { AssetSource, Json, TemplateInput, UnreadPart } from '../graph';
import { assetsOfFolders } from './asset-files';
import { includeFiles } from './includes';
import { linesOf } from './lines';
import { unrollLoops } from './loops';
import { unreadParts } from './unread';
import { expandSam } from '../sam/expand';

/** An input that is not a template. The command prints the message without a stack trace. */
export class NotATemplate extends Error {
  /** @param line the line of the mistake, if it is known */
  constructor(message: string, public readonly line?: number) {
    super(message);
  }
}

/** Parses a text; the name is for error messages. */
type Parse = (text: string, name: string) => unknown;

/** The sections of a template. A document with one of them is a template without resources. */
const SECTIONS = [
  'AWSTemplateFormatVersion', 'Resources', 'Transform', 'Parameters', 'Conditions', 'Mappings', 'Outputs', 'Rules',
  'Globals',
];

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
   * The absolute path of the file.
   *
   * @default - not a file
   */
  readonly file?: string;
  /**
   * How files that the template names are parsed.
   *
   * @default - as JSON
   */
  readonly parse?: Parse;
  /**
   * A document without resources is a template, because a CDK app contains it.
   *
   * @default false
   */
  readonly isTemplate?: boolean;
  /**
   * The assets beside the templates of a folder.
   *
   * @default - read for this template alone
   */
  readonly assets?: (directory: string) => AssetSource;
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
  const text = readText(path, name);
  const directory = dirname(path);
  const parent = input(parse(text, name), name, directory, { parse, ...options, text, file: resolve(path) });
  return withNested(parent, { directory, parse, options, open: [resolve(path)] });
}

/** The template in a text that is no file, so that the files that it names are not known. */
export function loadText(text: string, name: string, parse: Parse): TemplateInput[] {
  return withNested(input(parse(text, name), name, undefined, { text }), { parse, options: {}, open: [] });
}

/** A parsed document as a template. Throws NotATemplate if it is none. */
export function input(document: unknown, name: string, directory?: string, options: LoadOptions = {}): TemplateInput {
  const { text, parse = parseJson } = options;
  const written = templateOf(document, name, options.isTemplate === true);
  const mayTransform = text === undefined || text.includes('Transform');
  const read = (location: unknown) => (directory === undefined ? undefined : readLocal(location, directory, parse));
  const { template: unrolled, origins } = unrollLoops(includeFiles(written, read, mayTransform));
  const template = expandSam(unrolled);
  return {
    name,
    template,
    region: options.region,
    account: options.account,
    file: options.file,
    unread: unreadParts(template, unrolled, mayTransform),
    // another form of the file has other texts, and so has a text with escaped characters
    text: template === document && parse === parseJson && !/\\[/u]/.test(text ?? '') ? text : undefined,
    lineOf: text === undefined ? undefined : linesOf(text, written.Resources as Json, origins),
    assets: directory === undefined ? undefined : (options.assets ?? assetsOfFolders())(directory),
  };
}

export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new NotATemplate(`${name} is not JSON: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** @param path a file, or 0 for standard input */
export function readText(path: string | 0, name = `${path}`): string {
  try {
    return textIn(readFileSync(path));
  } catch (error) {
    throw new NotATemplate(`cannot read ${name}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
}

/** UTF-16 text starts with a byte order mark; all other text is UTF-8. */
function textIn(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'feff' && bytes.length % 2 === 0) bytes.swap16();
  return bytes.toString(mark === 'fffe' || mark === 'feff' ? 'utf16le' : 'utf8');
}

/** The document with its resources. A template without resources, such as one with outputs only, has none to check. */
function templateOf(document: unknown, name: string, isTemplate: boolean): Json & { Resources: unknown } {
  if (isJson(document) && isJson(document.Resources)) return document as Json & { Resources: Json };
  const hasNone = isJson(document) && (document.Resources === undefined || document.Resources === null);
  const isAnyway = hasNone && (isTemplate || SECTIONS.some(section => Object.hasOwn(document, section)));
  if (isAnyway) return { ...document, Resources: {} };
  throw new NotATemplate(`${name} is not a CloudFormation template: it has no Resources`);
}

const STACK = 'AWS::CloudFormation::Stack';
const STACK_SET = 'AWS::CloudFormation::StackSet';

/** How nested templates are read. */
interface Reading {
  /** @default - the template is not in a file, so no file beside it is known */
  readonly directory?: string;
  readonly parse: Parse;
  readonly options: LoadOptions;
  /** The files of the templates around this one. */
  readonly open: readonly string[];
}

function withNested(parent: TemplateInput, reading: Reading): TemplateInput[] {
  const found: TemplateInput[] = [];
  const unread: UnreadPart[] = [];
  for (const [logicalId, resource] of Object.entries(parent.template.Resources as Json)) {
    if (!isJson(resource) || (resource.Type !== STACK && resource.Type !== STACK_SET)) continue;
    const nested = readNested(parent, logicalId, resource, reading);
    if (Array.isArray(nested)) found.push(...nested);
    else if (nested !== 'open' && !isRotation(resource)) unread.push(notFollowed(logicalId, resource, nested));
  }
  if (found.length + unread.length === 0) return [parent];
  return [{ ...parent, unread: [...parent.unread ?? [], ...unread] }, ...found];
}

/**
 * The nested templates, `open` for a template that contains itself, or the message of a file that is no template;
 * undefined if there is no file. A stack set deploys its template as an app of its own, to other accounts and Regions.
 */
function readNested(
  parent: TemplateInput, logicalId: string, resource: Json, reading: Reading,
): TemplateInput[] | string | undefined {
  const path = reading.directory === undefined
    ? undefined
    : nestedFile(parent, logicalId, resource, { ...reading, directory: reading.directory });
  if (reading.directory === undefined || path === undefined) return undefined;
  const file = resolve(reading.directory, path);
  if (reading.open.includes(file)) return 'open';
  const { parse } = reading;
  const isStack = resource.Type === STACK;
  const options = isStack ? reading.options : { assets: reading.options.assets };
  const name = join(dirname(parent.name), path);
  try {
    const text = readText(file, name);
    const directory = dirname(file);
    const nested = input(parse(text, name), name, directory, { parse, ...options, text, file });
    const child = isStack ? { ...nested, parent: { name: parent.name, logicalId } } : nested;
    return withNested(child, { ...reading, options, directory, open: [...reading.open, file] });
  } catch (error) {
    if (!(error instanceof NotATemplate)) throw error;
    return error.message;
  }
}

/** The file of a nested stack: staged by CDK, or beside the template. */
function nestedFile(
  parent: TemplateInput, logicalId: string, resource: Json, { directory, options }: Reading & { directory: string },
): string | undefined {
  const metadata = isJson(resource.Metadata) ? resource.Metadata : {};
  const properties = isJson(resource.Properties) ? resource.Properties : {};
  const staged = options.nested?.(basename(parent.name), logicalId) ?? metadata['aws:asset:path'];
  if (typeof staged === 'string' && basename(staged) === staged && isFile(join(directory, staged))) return staged;
  const { TemplateURL } = properties;
  return isLocal(TemplateURL, directory) ? TemplateURL : assetFile(TemplateURL, directory);
}

/** The file of an asset of a cloud assembly, by the hash in its URL. */
function assetFile(url: unknown, directory: string): string | undefined {
  const hash = isJson(url) ? /\b[0-9a-f]{64}\b/.exec(JSON.stringify(url))?.[0] : undefined;
  if (hash === undefined) return undefined;
  for (const manifest of readdirSync(directory).filter(file => file.endsWith('.assets.json'))) {
    const assets = parseJson(readText(join(directory, manifest), manifest), manifest);
    const files = isJson(assets) && isJson(assets.files) ? assets.files : {};
    const asset = Object.hasOwn(files, hash) ? files[hash] : undefined;
    const path = isJson(asset) && isJson(asset.source) ? asset.source.path : undefined;
    if (isLocal(path, directory)) return path;
  }
  return undefined;
}

/** AWS's own application for the rotation of secrets creates one function. */
function isRotation({ Properties }: Json): boolean {
  const location = JSON.stringify(isJson(Properties) ? Properties.TemplateURL : undefined) ?? '';
  return /applications\/SecretsManager|SARMapping/.test(location);
}

function notFollowed(at: string, resource: Json, message: string | undefined): UnreadPart {
  const { TemplateURL: location, TemplateBody: body } = isJson(resource.Properties) ? resource.Properties : {};
  const [property, elsewhere] = body === undefined
    ? ['TemplateURL', 'a template elsewhere']
    : ['TemplateBody', 'a template in the template'];
  const got = message ?? (typeof location === 'string' ? location : elsewhere);
  const type = textOf(resource.Type);
  const fix = type === STACK
    ? 'pass the nested template too, and accept this finding'
    : 'pass the template of the stack set too, and accept this finding';
  return { at, type, property, must: 'must be a local template', got, fix };
}

function readLocal(location: unknown, directory: string, parse: Parse): unknown {
  if (!isLocal(location, directory)) return undefined;
  try {
    const file = join(directory, location);
    return parse(readText(file, location), location);
  } catch (error) {
    if (!(error instanceof NotATemplate)) throw error;
    return undefined;
  }
}

/** Whether the location is a path of a file that exists, and not a URL. */
function isLocal(location: unknown, directory: string): location is string {
  const isPath = typeof location === 'string' && location !== '' && !/^[\w+.-]+:\/\//.test(location);
  return isPath && isFile(resolve(directory, location));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
