import { existsSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import type { Exemption } from '../engine/check';
import { input, loadTemplate, NotATemplate, parseJson } from '../engine/load';
import { isJson, textOf } from '../graph';
import type { Json, TemplateInput } from '../graph';
import { parseTemplate } from './parse';
import { ACKNOWLEDGED_RULES, withoutDefaults } from '../../private/cdk-internals';

/** One app: its templates, and the findings that its code acknowledges. */
export interface AppInput {
  readonly templates: TemplateInput[];
  readonly exemptions: Exemption[];
}

const PREFIX = 'ProductionChecks::';

/** Reads a cloud assembly, a template, or `-` for standard input. */
export function readInput(path: string): AppInput {
  if (path === '-') return readStandardInput();
  if (!existsSync(path)) throw new NotATemplate(`${path} does not exist`);
  return statSync(path).isDirectory()
    ? readAssembly(path)
    : { templates: loadTemplate(path, parseTemplate), exemptions: [] };
}

function readStandardInput(): AppInput {
  const text = readFileSync(0, 'utf8');
  return { templates: [input(parseTemplate(text, 'stdin'), 'stdin', undefined, { text })], exemptions: [] };
}

function readAssembly(directory: string): AppInput {
  const missing = `${directory} is not a cloud assembly: it has no manifest.json`;
  const manifest = readJson(join(directory, 'manifest.json'), missing);
  const artifacts = isJson(manifest.artifacts) ? Object.values(manifest.artifacts).filter(isJson) : [];
  const apps = artifacts.map(artifact => readArtifact(directory, artifact));
  return { templates: apps.flatMap(app => app.templates), exemptions: apps.flatMap(app => app.exemptions) };
}

function readArtifact(directory: string, artifact: Json): AppInput {
  const properties = isJson(artifact.properties) ? artifact.properties : {};
  if (artifact.type === 'cdk:cloud-assembly' && typeof properties.directoryName === 'string') {
    return readAssembly(join(directory, properties.directoryName));
  }
  if (artifact.type !== 'aws:cloudformation:stack' || typeof properties.templateFile !== 'string') {
    return { templates: [], exemptions: [] };
  }
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(textOf(artifact.environment)) ?? [];
  const known = (value?: string) => (value?.startsWith('unknown-') ? undefined : value);
  const options = { account: known(account), region: known(region) };
  return {
    templates: loadTemplate(join(directory, properties.templateFile), parseTemplate, options),
    exemptions: acknowledgements(directory, artifact, properties),
  };
}

/** The acknowledgements of `Validations.of(x).acknowledge()`, which CDK writes into the assembly. */
function acknowledgements(directory: string, artifact: Json, properties: Json): Exemption[] {
  const file = artifact.additionalMetadataFile ?? properties.additionalMetadataFile;
  const additional = typeof file === 'string' && existsSync(join(directory, file))
    ? readJson(join(directory, file), `${file} cannot be read`)
    : {};
  const metadata = { ...isJson(artifact.metadata) ? artifact.metadata : {}, ...additional };
  return Object.entries(metadata).flatMap(([path, entries]) => (
    Array.isArray(entries) ? entries.flatMap(entry => acknowledgementsIn(path, entry)) : []));
}

function acknowledgementsIn(path: string, entry: unknown): Exemption[] {
  if (!isJson(entry) || entry.type !== ACKNOWLEDGED_RULES || !isJson(entry.data)) return [];
  return Object.entries(entry.data).filter(([id]) => id.startsWith(PREFIX)).map(([id, reason]) => ({
    rule: id.slice(PREFIX.length), reason: textOf(reason), path: withoutDefaults(path.replace(/^\//, '')),
  }));
}

/** @param missing the message if the file does not exist or is not an object */
function readJson(path: string, missing: string): Json {
  if (!existsSync(path)) throw new NotATemplate(missing);
  const document = parseJson(readFileSync(path, 'utf8'), path);
  if (!isJson(document)) throw new NotATemplate(missing);
  return document;
}
