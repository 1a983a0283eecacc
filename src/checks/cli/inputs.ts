import { existsSync, realpathSync } from 'fs';
import { join, resolve } from 'path';
import { assetsOfFolders } from '../engine/asset-files';
import type { Exemption } from '../engine/check';
import { loadTemplate, loadText, NotATemplate, parseJson, readText } from '../engine/load';
import type { LoadOptions } from '../engine/load';
import { isJson, textOf } from '../graph';
import type { Json, TemplateInput } from '../graph';
import { notAllowed, undeclared, withParameters } from './parameters';
import { parseTemplate } from './parse';
import { resolvePaths } from './paths';
import type { Note } from './report';
import { ACKNOWLEDGED_RULES, withoutDefaults } from '../../private/cdk-internals';
import { OWN_ACKNOWLEDGEMENT } from '../../private/template-metadata';

/** An acknowledgement of an app. The library makes its own, whether the app has the finding or not. */
export interface Acknowledgement extends Exemption {
  readonly isOwn: boolean;
}

/** One app: its templates, and the findings that its code acknowledges. */
export interface AppInput {
  /** The cloud assembly. */
  readonly name?: string;
  readonly templates: TemplateInput[];
  readonly exemptions: Acknowledgement[];
}

/** The apps that a command checks, and what it could not read. */
interface AppInputs {
  readonly apps: AppInput[];
  /** Inputs that the command line names, or that are templates, and that cannot be read. */
  readonly unreadable: Note[];
  readonly notes: Note[];
}

/** An input that cannot be read, and its file unless it is an assembly or standard input. */
interface Unreadable {
  readonly error: NotATemplate;
  readonly template?: string;
}

const PREFIX = 'ProductionChecks::';
/** Documents without this text are no templates. */
const RESOURCES = /\bResources\b/;

/** Reads the inputs of the command. Each cloud assembly is an app; all other templates are one. */
export function readApps(paths: string[], parameters: ReadonlyMap<string, string>): AppInputs {
  const { assemblies, templates, candidates, missing } = resolvePaths(paths);
  const unreadable: Unreadable[] = missing.map(error => ({ error }));
  const attempt = <T>(read: () => T[], template?: string): T[] => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof NotATemplate)) throw error;
      unreadable.push({ error, template });
      return [];
    }
  };
  const loose = [
    ...templates.flatMap(path => attempt(() => readTemplate(path), path === '-' ? undefined : path)),
    ...candidates.flatMap(path => attempt(() => readCandidate(path), path)),
  ];
  const apps = [
    ...assemblies.flatMap(path => attempt(() => [{ ...readAssembly(path), name: path }])),
    ...loose.length > 0 ? [{ templates: distinct(loose), exemptions: [] }] : [],
  ].filter(app => app.templates.length > 0);
  // the only input, or all of them: the message of the first is the answer
  if (apps.length === 0) throw unreadable[0]?.error ?? new NotATemplate(`${paths.join(', ')} contains no templates`);
  const all = apps.flatMap(app => app.templates);
  return {
    apps: apps.map(app => ({ ...app, templates: app.templates.map(template => withParameters(template, parameters)) })),
    unreadable: unreadable.map(({ error: { message, line }, template }) => (
      { message: `not checked: ${message}`, template, line, severity: 'error' as const })),
    notes: [...undeclared(all, parameters), ...notAllowed(all, parameters)],
  };
}

function readTemplate(path: string): TemplateInput[] {
  if (path !== '-') return loadTemplate(path, parseTemplate);
  return loadText(readText(0, 'stdin'), 'stdin', parseTemplate);
}

/** Reads a file of a folder or a pattern. A document without resources is not a template. */
function readCandidate(path: string): TemplateInput[] {
  const text = readText(path);
  if (!RESOURCES.test(text)) return [];
  const document = parseTemplate(text, path);
  return isJson(document) && isJson(document.Resources) ? loadTemplate(path, parseTemplate) : [];
}

/** A nested template is read with its parent, and possibly by its own name. */
function distinct(templates: TemplateInput[]): TemplateInput[] {
  const nested = new Set(templates.filter(({ parent }) => parent !== undefined).map(({ name }) => resolve(name)));
  return templates.filter(({ name, parent }) => parent !== undefined || !nested.has(resolve(name)));
}

/** @param parents the folders of the assemblies that contain this assembly */
function readAssembly(directory: string, parents: readonly string[] = []): AppInput {
  if (!existsSync(directory)) throw new NotATemplate(`${directory} does not exist`);
  const folder = realpathSync(directory);
  if (parents.includes(folder)) {
    throw new NotATemplate(`${directory} is not a cloud assembly: `
      + 'its manifest.json names the assembly itself as a nested assembly');
  }
  const missing = `${directory} is not a cloud assembly: it has no manifest.json`;
  const manifest = readJson(join(directory, 'manifest.json'), missing);
  const artifacts = isJson(manifest.artifacts) ? Object.values(manifest.artifacts).filter(isJson) : [];
  const assets = assetsOfFolders();
  const apps = artifacts.map(artifact => readArtifact(directory, artifact, [...parents, folder], assets));
  return { templates: apps.flatMap(app => app.templates), exemptions: apps.flatMap(app => app.exemptions) };
}

function readArtifact(
  directory: string, artifact: Json, parents: readonly string[], assets: LoadOptions['assets'],
): AppInput {
  const properties = isJson(artifact.properties) ? artifact.properties : {};
  if (artifact.type === 'cdk:cloud-assembly' && typeof properties.directoryName === 'string') {
    return readAssembly(join(directory, properties.directoryName), parents);
  }
  if (artifact.type !== 'aws:cloudformation:stack' || typeof properties.templateFile !== 'string') {
    return { templates: [], exemptions: [] };
  }
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(textOf(artifact.environment)) ?? [];
  const known = (value?: string) => (value?.startsWith('unknown-') ? undefined : value);
  const options = { account: known(account), region: known(region), isTemplate: true, assets };
  return {
    templates: loadTemplate(join(directory, properties.templateFile), parseTemplate, options),
    exemptions: acknowledgements(directory, artifact, properties),
  };
}

/** The acknowledgements of `Validations.of(x).acknowledge()`, which CDK writes into the assembly. */
function acknowledgements(directory: string, artifact: Json, properties: Json): Acknowledgement[] {
  const file = artifact.additionalMetadataFile ?? properties.additionalMetadataFile;
  const additional = typeof file === 'string' && existsSync(join(directory, file))
    ? readJson(join(directory, file), `${file} cannot be read`)
    : {};
  const metadata = { ...isJson(artifact.metadata) ? artifact.metadata : {}, ...additional };
  return Object.entries(metadata).flatMap(([path, entries]) => (
    Array.isArray(entries) ? entries.flatMap(entry => acknowledgementsIn(path, entry, entries)) : []));
}

/** @param all the entries of the construct */
function acknowledgementsIn(path: string, entry: unknown, all: unknown[]): Acknowledgement[] {
  if (!isJson(entry) || entry.type !== ACKNOWLEDGED_RULES || !isJson(entry.data)) return [];
  return Object.entries(entry.data).filter(([id]) => id.startsWith(PREFIX)).map(([id, reason]) => ({
    rule: id.slice(PREFIX.length),
    reason: textOf(reason),
    path: withoutDefaults(path.replace(/^\//, '')),
    isOwn: all.some(other => isJson(other) && other.type === OWN_ACKNOWLEDGEMENT && other.data === id),
  }));
}

/** @param missing the message if the file does not exist or is not an object */
function readJson(path: string, missing: string): Json {
  if (!existsSync(path)) throw new NotATemplate(missing);
  const document = parseJson(readText(path), path);
  if (!isJson(document)) throw new NotATemplate(missing);
  return document;
}
