import { crossRegionExports, isJson, NAME_PROPERTIES, textOf } from '../graph';
import type { Json, TemplateInput } from '../graph';

const IMPORT = 'Fn::ImportValue';
const TEXT_MAX = 2_000;

/**
 * The templates by app: templates that refer to each other belong together. Each app is checked alone, so a template
 * has the same findings beside others, and the conditions of one app do not multiply the conditions of another.
 */
export function appsOf(inputs: readonly TemplateInput[]): TemplateInput[][] {
  const distinct = withoutRepeated(inputs);
  if (distinct.length < 2) return distinct.length === 0 ? [] : [distinct];
  const group = distinct.map((_, i) => i);
  const root = (i: number): number => (group[i] === i ? i : group[i] = root(group[i]));
  const join = (a: number, b: number) => { group[root(a)] = root(b); };
  const byTemplate = new Map<string, number>();
  distinct.forEach(({ name }, i) => { if (!byTemplate.has(name)) byTemplate.set(name, i); });
  distinct.forEach(({ parent }, i) => { if (parent) join(i, byTemplate.get(parent.name) ?? i); });
  const owners = new Map<string, number[]>();
  distinct.forEach((input, i) => namesIn(input).forEach(name => owners.set(name, [...owners.get(name) ?? [], i])));
  if (owners.size > 0) {
    distinct.forEach((input, i) => eachWord(input, word => owners.get(word)?.forEach(owner => join(owner, i))));
  }
  const apps = new Map<number, TemplateInput[]>();
  distinct.forEach((input, i) => apps.set(root(i), [...apps.get(root(i)) ?? [], input]));
  return [...apps.values()];
}

/** Without the templates that were passed as files too, although another template deploys them. */
function withoutRepeated(inputs: readonly TemplateInput[]): TemplateInput[] {
  const nested = new Set(inputs.filter(({ parent }) => parent).map(({ file }) => file));
  const seen = new Set<string>();
  return inputs.filter(({ file, parent, name }) => {
    if (file === undefined || parent) return true;
    const isRepeated = nested.has(file) || seen.has(`${file} ${name}`);
    seen.add(`${file} ${name}`);
    return !isRepeated;
  });
}

/** The names by which other templates may refer to this one: of exports and of resources. */
function namesIn({ template }: TemplateInput): Set<string> {
  const names = new Set<string>();
  for (const output of Object.values(isJson(template.Outputs) ? template.Outputs : {})) {
    const exported = isJson(output) && isJson(output.Export) ? output.Export.Name : undefined;
    if (exported !== undefined) names.add(keyOf(exported, template));
  }
  for (const resource of Object.values(isJson(template.Resources) ? template.Resources : {})) {
    if (!isJson(resource) || !isJson(resource.Properties)) continue;
    const property = NAME_PROPERTIES.get(textOf(resource.Type));
    const name = property === undefined ? undefined : resource.Properties[property];
    if (typeof name === 'string' && name.length > 3) names.add(name);
    for (const parameter of Object.keys(crossRegionExports(resource))) names.add(parameter);
  }
  return names;
}

/** Visits the imports of a template, and the words of its texts: a name may be a part of an ARN. */
function eachWord({ template }: TemplateInput, visit: (word: string) => void): void {
  const stack: unknown[] = [template.Resources];
  while (stack.length > 0) {
    const node = stack.pop();
    if (typeof node === 'string') {
      visit(node);
      if (node.startsWith('arn:') && node.length < TEXT_MAX) node.split(/[:/]/).forEach(visit);
    } else if (Array.isArray(node)) {
      for (const child of node) stack.push(child);
    } else if (isJson(node)) {
      for (const key in node) {
        if (key === IMPORT) visit(keyOf(node[key], template));
        stack.push(node[key]);
      }
    }
  }
}

/** The name of an export, with the defaults of parameters. Only the name of a stack may be unknown in it. */
function keyOf(name: unknown, { Parameters }: Json): string {
  const known = knownText(name, isJson(Parameters) ? Parameters : {});
  return `export ${known ?? JSON.stringify(name) ?? textOf(name)}`;
}

/** The text of a literal, `Ref`, `Fn::Sub` or `Fn::Join`; undefined if a part of it is not known. */
function knownText(node: unknown, parameters: Json): string | undefined {
  if (!isJson(node)) return textOf(node) || undefined;
  const { Ref: name, 'Fn::Sub': sub, 'Fn::Join': join } = node;
  if (typeof name === 'string') {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    return isJson(parameter) ? textOf(parameter.Default) || undefined : undefined;
  }
  const [separator, items] = Array.isArray(join) && Array.isArray(join[1])
    ? [textOf(join[0]), join[1] as unknown[]]
    : ['', textOf(sub).split(/\$\{(\w+)\}/).map((part, i) => (i % 2 === 0 ? part : { Ref: part }))];
  const texts = items.map(item => (item === '' ? '' : knownText(item, parameters)));
  const text = texts.join(separator);
  return texts.includes(undefined) || text === '' || text.includes('${') ? undefined : text;
}
