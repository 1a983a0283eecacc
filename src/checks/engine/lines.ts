import type { Json } from '../graph';

/** The line on which a resource starts in its template. */
export type LineOf = (logicalId: string) => number | undefined;

/** Finds the lines on the first call, because most runs never call it. */
export function linesOf(text: string, resources: Json, origins: ReadonlyMap<string, string> = new Map()): LineOf {
  let found: Map<string, number> | undefined;
  const read = () => {
    const lines = index(text, new Set(Object.keys(resources)));
    for (const [id, loop] of origins) if (lines.has(loop)) lines.set(id, lines.get(loop)!);
    const transform = lineAt(text, /^ {0,4}["']?Transform\b/m);
    if (transform !== undefined && !lines.has('Transform')) lines.set('Transform', transform);
    return lines;
  };
  return logicalId => {
    found ??= read();
    const known = found.get(logicalId);
    if (known !== undefined) return known;
    // the resources that SAM creates for a resource start with its logical ID
    const [source] = [...found.keys()].filter(id => logicalId.startsWith(id)).sort((a, b) => b.length - a.length);
    return source === undefined ? undefined : found.get(source);
  };
}

function lineAt(text: string, pattern: RegExp): number | undefined {
  const match = pattern.exec(text);
  return match ? text.slice(0, match.index).split('\n').length : undefined;
}

/** The keys directly below `Resources`, each on a line of its own; a template in one line has none. */
function index(text: string, ids: Set<string>): Map<string, number> {
  const keys = text.split('\n').flatMap((line, i) => {
    const [, indent, name] = /^(\s*)["']?(Fn::ForEach::[\w-]+|Fn::Transform|[\w.-]{1,255})["']?\s*:/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, indent: indent.length, line: i + 1 }];
  });
  const found = new Map<string, number>();
  const top = Math.min(...keys.filter(({ name }) => name === 'Resources').map(({ indent }) => indent));
  const start = keys.findIndex(({ name, indent }) => name === 'Resources' && indent === top);
  for (const { name, indent, line } of keys.slice(start + 1)) {
    if (indent <= top) break;
    if (indent === keys[start + 1].indent && ids.has(name)) found.set(name, line);
  }
  return found;
}
