import { YamlError } from './cursor';
import { plainValue } from './scalar-values';
import { Scanner } from './scanner';
import type { Token } from './scanner';

/** More values than CloudFormation accepts. Nested aliases of YAML can expand to any number of values. */
const NODES_MAX = 1_000_000;
/** Deeper than CloudFormation accepts. */
export const DEPTH_MAX = 200;
/** The tags of YAML whose value is not a text. */
const STANDARD_TYPE = /^(!!|!<tag:yaml\.org,2002:)(int|float|bool|null)>?$/;
/** An ordinary property: an assignment to `__proto__` would set the prototype. */
const OWN = { enumerable: true, configurable: true, writable: true };

type Place = Pick<Token, 'line' | 'column'>;

/** A value that aliases repeat, with what it adds to a document. */
interface Anchored {
  readonly value: unknown;
  readonly nodes: number;
  readonly height: number;
}

/** The value of a YAML document, with the short tags of CloudFormation. Throws YamlError. */
export function readYaml(text: string): unknown {
  return new Reader(text).document();
}

/** Builds the values from the tokens. An alias refers to the same value as its anchor, so it takes no time. */
class Reader {
  private readonly scanner: Scanner;
  private readonly anchors = new Map<string, Anchored>();
  private readonly open = new Set<string>();
  private nodes = 0;
  private depth = 0;
  /** The greatest depth since the last anchor. */
  private deepest = 0;

  constructor(text: string) {
    this.scanner = new Scanner(text);
  }

  public document(): unknown {
    this.skipMarkers();
    if (this.at('end')) return null;
    const value = this.node(true, false);
    while (this.at('document') && this.scanner.peek().text === '.') this.scanner.take();
    if (this.at('document')) this.fail('a second document');
    if (!this.at('end')) this.fail('a value after the end of the document');
    return value;
  }

  private skipMarkers(): void {
    while (this.at('document') && this.scanner.peek().text === '.') this.scanner.take();
    if (this.at('document')) this.scanner.take();
  }

  private at(...kinds: Token['kind'][]): boolean {
    return kinds.includes(this.scanner.peek().kind);
  }

  private takeIf(kind: Token['kind']): Token | undefined {
    return this.at(kind) ? this.scanner.take() : undefined;
  }

  private fail(reason: string, { line, column }: Place = this.scanner.peek()): never {
    throw new YamlError(reason, line + 1, column + 1);
  }

  private node(inBlock: boolean, indentless: boolean): unknown {
    const alias = this.takeIf('alias');
    if (alias) return this.repeat(alias);
    let anchor: string | undefined;
    let tag: string | undefined;
    while (this.at('anchor', 'tag')) {
      const token = this.scanner.take();
      if ((token.kind === 'anchor' ? anchor : tag) !== undefined) this.fail('a second anchor or tag', token);
      if (token.kind === 'anchor') anchor = token.text;
      else tag = token.text;
    }
    return anchor === undefined
      ? this.content(inBlock, indentless, tag)
      : this.remember(anchor, () => this.content(inBlock, indentless, tag, true));
  }

  private repeat({ text, line, column }: Token): unknown {
    const anchored = this.anchors.get(text);
    if (this.open.has(text)) this.fail('an anchor that contains itself', { line, column });
    if (!anchored) return this.fail(`an alias of an unknown anchor, ${text}`, { line, column });
    this.count(anchored.nodes);
    this.deepest = Math.max(this.deepest, this.depth + anchored.height);
    if (this.depth + anchored.height > DEPTH_MAX) this.fail(`more than ${DEPTH_MAX} levels`, { line, column });
    return anchored.value;
  }

  private remember(anchor: string, read: () => unknown): unknown {
    const [nodes, deepest] = [this.nodes, this.deepest];
    this.deepest = this.depth;
    this.open.add(anchor);
    const value = read();
    this.open.delete(anchor);
    this.anchors.set(anchor, { value, nodes: this.nodes - nodes, height: this.deepest - this.depth });
    this.deepest = Math.max(this.deepest, deepest);
    return value;
  }

  private count(nodes: number): void {
    this.nodes += nodes;
    if (this.nodes > NODES_MAX) this.fail(`aliases that expand to more than ${NODES_MAX} values`);
  }

  private content(inBlock: boolean, indentless: boolean, tag?: string, mayBeEmpty = tag !== undefined): unknown {
    this.count(1);
    if (++this.depth > DEPTH_MAX) this.fail(`more than ${DEPTH_MAX} levels`);
    this.deepest = Math.max(this.deepest, this.depth);
    const value = this.tagged(this.untagged(inBlock, indentless, mayBeEmpty, tag), tag);
    this.depth--;
    return value;
  }

  private tagged(value: unknown, tag: string | undefined): unknown {
    const name = /^!([A-Za-z][\w:-]*)$/.exec(tag ?? '')?.[1];
    if (name === undefined) return value;
    return { [name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`]: value };
  }

  private untagged(inBlock: boolean, indentless: boolean, mayBeEmpty: boolean, tag?: string): unknown {
    if (indentless && this.at('-')) return this.items('-');
    const { kind } = this.scanner.peek();
    if (kind === 'scalar') return this.scalar(this.scanner.take(), tag);
    if (kind === '[') return this.flowSequence();
    if (kind === '{') return this.flowMapping();
    if (inBlock && kind === 'sequence') return this.blockSequence();
    if (inBlock && kind === 'mapping') return this.blockMapping();
    return mayBeEmpty ? (tag === undefined ? null : '') : this.fail('a value is missing');
  }

  private scalar({ text, plain }: Token, tag?: string): unknown {
    if (tag === undefined) return plain ? plainValue(text) : text;
    return STANDARD_TYPE.test(tag) ? plainValue(text) : text;
  }

  private blockSequence(): unknown[] {
    this.scanner.take();
    const list = this.items('-');
    if (!this.takeIf('blockEnd')) this.fail('a list item with another indentation');
    return list;
  }

  private items(kind: '-'): unknown[] {
    const list: unknown[] = [];
    while (this.takeIf(kind)) list.push(this.at('-', 'key', 'value', 'blockEnd') ? null : this.node(true, false));
    return list;
  }

  private blockMapping(): unknown {
    this.scanner.take();
    const mapping = new Mapping();
    while (this.at('key', 'value')) {
      const key = this.takeIf('key') && !this.at('key', 'value', 'blockEnd') ? this.key(true) : undefined;
      const value = this.takeIf('value') && !this.at('key', 'value', 'blockEnd') ? this.node(true, true) : null;
      mapping.set(key, value);
    }
    if (!this.takeIf('blockEnd')) this.fail('a key with another indentation');
    return mapping.value();
  }

  private flowSequence(): unknown[] {
    this.scanner.take();
    const list: unknown[] = [];
    while (!this.at(']')) {
      if (list.length > 0 && !this.takeIf(',')) this.fail('a comma or ] is missing');
      if (this.at(']')) break;
      list.push(this.at('key') ? this.pair() : this.node(false, false));
    }
    this.scanner.take();
    return list;
  }

  /** A mapping with one key within a list in brackets. */
  private pair(): unknown {
    const mapping = new Mapping();
    this.flowEntry(mapping, ']');
    return mapping.value();
  }

  private flowMapping(): unknown {
    this.scanner.take();
    const mapping = new Mapping();
    for (let first = true; !this.at('}'); first = false) {
      if (!first && !this.takeIf(',')) this.fail('a comma or } is missing');
      if (this.at('}')) break;
      this.flowEntry(mapping, '}');
    }
    this.scanner.take();
    return mapping.value();
  }

  private flowEntry(mapping: Mapping, end: ']' | '}'): void {
    const isKey = this.takeIf('key') !== undefined;
    const key = this.at('value', ',', end) ? undefined : this.key(false);
    if (!isKey) return mapping.set(key, null);
    mapping.set(key, this.takeIf('value') && !this.at(',', end) ? this.node(false, false) : null);
  }

  /** The text of a key, as it is written: account numbers keep their zeros. */
  private key(inBlock: boolean): Key {
    const token = this.scanner.peek();
    const isPlain = token.kind === 'scalar';
    const value = this.node(inBlock, inBlock);
    if (typeof value === 'object' && value !== null) this.fail('a key that is not a text', token);
    const merges = isPlain && token.plain === true && token.text === '<<';
    return { text: isPlain ? token.text : String(value ?? ''), merges };
  }
}

interface Key {
  readonly text: string;
  readonly merges: boolean;
}

/** Collects the members of a mapping. The last of equal keys counts, and own members come before merged ones. */
class Mapping {
  private readonly own: Record<string, unknown> = {};
  private readonly merged: object[] = [];

  public set(key: Key | undefined, value: unknown): void {
    if (key?.merges && typeof value === 'object' && value !== null) this.merged.push(...mappingsIn(value).reverse());
    else Object.defineProperty(this.own, key?.text ?? '', { ...OWN, value });
  }

  public value(): unknown {
    if (this.merged.length === 0) return this.own;
    const all: Record<string, unknown> = {};
    for (const source of [...this.merged, this.own]) {
      for (const [name, value] of Object.entries(source)) Object.defineProperty(all, name, { ...OWN, value });
    }
    return all;
  }
}

/** The mappings of a merge key. PyYAML rejects other values, such as an empty anchor; here they add nothing. */
function mappingsIn(value: object): object[] {
  return ([value].flat() as unknown[])
    .filter((item): item is object => typeof item === 'object' && item !== null && !Array.isArray(item));
}
