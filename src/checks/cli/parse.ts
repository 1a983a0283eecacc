import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { NotATemplate, parseJson } from '../engine/load';
import { textOf } from '../graph';

/** More values than CloudFormation accepts. Nested aliases of YAML can expand to any number of values. */
const NODES_MAX = 1_000_000;
/** Deeper than CloudFormation accepts. An anchor of YAML may refer to a list that contains it. */
const DEPTH_MAX = 200;
/** An ordinary property. */
const OWN = { enumerable: true, configurable: true, writable: true };

/** Parses JSON, or YAML with the short tags of CloudFormation. */
export function parseTemplate(text: string, name: string): unknown {
  if (/^\uFEFF?\s*\{/.test(text)) {
    const template = parseJson(text, name);
    if (tooDeep(template)) throw new NotATemplate(tooDeepMessage(name));
    return template;
  }
  // the last of two equal keys counts, as in JSON and in SAM
  const document = parseDocument(text, { logLevel: 'silent', uniqueKeys: false });
  const [error] = document.errors;
  if (error) throw new NotATemplate(`${name} is not YAML: ${error.message.split('\n')[0].replace(/:$/, '')}`);
  return new Converter(document, name).convert(document.contents);
}

function tooDeep(node: unknown, depth = 0): boolean {
  if (typeof node !== 'object' || node === null) return false;
  return depth > DEPTH_MAX || Object.values(node).some(child => tooDeep(child, depth + 1));
}

function tooDeepMessage(name: string): string {
  return `${name} is nested more than ${DEPTH_MAX} levels deep`;
}

/** Converts the nodes of a document to the values that CloudFormation reads. */
class Converter {
  private nodes = 0;
  private depth = 0;
  /** The targets of aliases, because resolving one searches the document from its start. */
  private readonly resolved = new Map<Alias, unknown>();

  constructor(private readonly document: Document, private readonly name: string) {}

  public convert(node: unknown): unknown {
    if (++this.nodes > NODES_MAX) throw new NotATemplate(`${this.name} expands to more than ${NODES_MAX} values`);
    if (++this.depth > DEPTH_MAX) throw new NotATemplate(tooDeepMessage(this.name));
    const value = isAlias(node) ? this.convert(this.targetOf(node)) : this.tagged(node);
    this.depth--;
    return value;
  }

  private targetOf(alias: Alias): unknown {
    if (!this.resolved.has(alias)) this.resolved.set(alias, alias.resolve(this.document));
    return this.resolved.get(alias);
  }

  private tagged(node: unknown): unknown {
    const tag = isScalar(node) || isMap(node) || isSeq(node) ? node.tag : undefined;
    const value = this.plain(node);
    if (tag === undefined || !/^![A-Za-z]/.test(tag)) return value;
    const name = tag.slice(1);
    return { [name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`]: value };
  }

  private plain(node: unknown): unknown {
    if (isSeq(node)) return node.items.map(item => this.convert(item));
    if (!isMap(node)) return isScalar(node) ? node.value : undefined;
    const result: Record<string, unknown> = {};
    for (const { key, value } of node.items) {
      const name = textOf(this.convert(key));
      const converted = this.convert(value);
      if (name === '<<' && typeof converted === 'object') Object.assign(result, converted);
      // an assignment to `__proto__` would set the prototype
      else Object.defineProperty(result, name, { ...OWN, value: converted });
    }
    return result;
  }
}
