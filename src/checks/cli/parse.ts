import { NotATemplate, parseJson } from '../engine/load';
import { YamlError } from '../yaml/cursor';
import { DEPTH_MAX, readYaml } from '../yaml/read-yaml';

/** Parses JSON, or YAML with the short tags of CloudFormation. */
export function parseTemplate(text: string, name: string): unknown {
  const json = /^\uFEFF?\s*[{[]/.test(text) ? attempt(() => parseJson(text, name)) : undefined;
  if (json && !(json instanceof Error)) {
    if (tooDeep(json.value)) throw new NotATemplate(`${name} is nested more than ${DEPTH_MAX} levels deep`);
    return json.value;
  }
  // JSON with a trailing comma or a comment is YAML, which SAM reads
  const yaml = attempt(() => readYaml(text));
  if (!(yaml instanceof Error)) return yaml.value;
  if (!(yaml instanceof YamlError)) throw yaml;
  if (json && !/\.ya?ml$/.test(name)) throw json;
  throw new NotATemplate(`${name} is not YAML: ${yaml.message}`, yaml.line);
}

function attempt(parse: () => unknown): { readonly value: unknown } | Error {
  try {
    return { value: parse() };
  } catch (error) {
    return error as Error;
  }
}

function tooDeep(node: unknown, depth = 0): boolean {
  if (typeof node !== 'object' || node === null) return false;
  return depth > DEPTH_MAX || Object.values(node).some(child => tooDeep(child, depth + 1));
}
