import type { Json } from '../graph';

/** The line on which a resource starts in its template. */
export type LineOf = (logicalId: string) => number | undefined;

/** Finds the lines on the first call, because most runs never call it. */
export function linesOf(text: string, resources: Json, origins: ReadonlyMap<string, string> = new Map()): LineOf {
  let found: Map<string, number> | undefined;
  const read = () => {
    const lines = index(text, new Set(Object.keys(resources)));
    for (const [id, loop] of origins) if (lines.has(loop)) lines.set(id, lines.get(loop)!);
    for (const section of SECTIONS) {
      const line = lineAt(text, new RegExp(`^ {0,4}["']?${section}\\b`, 'm'));
      if (line !== undefined && !lines.has(section)) lines.set(section, line);
    }
    return lines;
  };
  return logicalId => {
    found ??= read();
    const known = found.get(logicalId);
    if (known !== undefined) return known;
    // the resources that SAM creates for a resource start with its logical ID
    const event = IMPLICIT_APIS.find(([api]) => logicalId.startsWith(api))?.[1];
    if (event) return lineAt(text, event);
    const [source] = [...found.keys()].filter(id => logicalId.startsWith(id)).sort((a, b) => b.length - a.length);
    return source === undefined ? undefined : found.get(source);
  };
}

/** The sections that a finding can be about. */
const SECTIONS = ['Transform', 'Globals', 'Mappings', 'Conditions'];

/** The API that SAM creates for events without one, which has no place but the first such event. */
const IMPLICIT_APIS: readonly (readonly [string, RegExp])[] = [
  ['ServerlessRestApi', /["']?\bType["']?\s*:\s*["']?Api\b/],
  ['ServerlessHttpApi', /["']?\bType["']?\s*:\s*["']?HttpApi\b/],
];

function lineAt(text: string, pattern: RegExp): number | undefined {
  const match = pattern.exec(text);
  return match ? text.slice(0, match.index).split('\n').length : undefined;
}

const RESOURCES = /^([^\S\n]*)["']?Resources["']?\s*:/gm;
const KEY = /["']?(Fn::ForEach::[\w-]+|Fn::Transform|[\w.-]{1,255})["']?\s*:/y;
const [TAB, SPACE] = [9, 32];

/** The keys directly below `Resources`, each on a line of its own; a template in one line has none. */
function index(text: string, ids: Set<string>): Map<string, number> {
  const found = new Map<string, number>();
  const [start] = [...text.matchAll(RESOURCES)].sort((a, b) => a[1].length - b[1].length);
  if (start === undefined) return found;
  const top = start[1].length;
  let line = text.slice(0, start.index).split('\n').length;
  let below: number | undefined;
  for (let end = text.indexOf('\n', start.index); end !== -1; end = text.indexOf('\n', end + 1)) {
    line++;
    const at = afterSpaces(text, end + 1);
    const indent = at - end - 1;
    // most lines are deeper
    if (below !== undefined && indent > below) continue;
    KEY.lastIndex = at;
    const name = KEY.exec(text)?.[1];
    if (name === undefined) continue;
    if (indent <= top) break;
    below ??= indent;
    if (indent === below && ids.has(name)) found.set(name, line);
  }
  return found;
}

function afterSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB) at++;
  return at;
}
