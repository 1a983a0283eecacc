import { layOut } from './layout';
import type { Arrow, Box } from './layout';
import { characters, cut, cutPath, html } from './markup';
import type { Markup } from './markup';
import type { Say } from '../model/phrases';
import type { MapEdge, MapNode, NodeKind } from '../model/report-data';

const NODE = { width: 184, height: 46 };
/** A function with an alias has the alias at its left edge, and is taller if a release shifts traffic. */
const FUNCTION = { width: 206, height: 46 };
const RELEASED = { width: 206, height: 60 };
const ALIAS = { width: 52, height: 24 };
const PORT = 24;
const NAME_MAX = 17;
/** The dot of a finding needs the room of a character. */
const NAME_MAX_WITH_DOT = 16;
const DETAIL_MAX = 24;
const LABEL_LINE_MAX = 16;
const LABEL_LINES_MAX = 3;
const LINE_HEIGHT = 13;
/** A drawing is not made narrower than this; it scrolls instead. */
const WIDTH_MIN = 900;
/** The average width of a character of a label. */
const CHARACTER = 5.9;
/** Characters of Chinese, Japanese, Korean and emoji are twice as wide. */
const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFFE6]|\p{Extended_Pictographic}/u;

/** A small drawing for each kind of node, 16 by 16. */
const ICONS: Record<NodeKind, string> = {
  api: 'M2 4h12M2 8h12M2 12h8',
  url: 'M6 10l4-4M5 7L3 9a3 3 0 0 0 4 4l2-2M11 9l2-2a3 3 0 0 0-4-4L7 5',
  balancer: 'M2 8h4M6 8l6-5M6 8h7M6 8l6 5',
  schedule: 'M8 2a6 6 0 1 0 .01 0M8 5v3.5l2.5 1.5',
  rule: 'M3 3h10l-4 5v5l-2-1.5V8z',
  topic: 'M3 6v4l7 3V3zM12 6a3 3 0 0 1 0 4',
  bucket: 'M3 4h10l-1.5 9h-7zM3 4a5 1.6 0 0 0 10 0a5 1.6 0 0 0-10 0',
  queue: 'M2 5h12v6H2zM6 5v6M10 5v6',
  stream: 'M2 5c3-3 4 3 7 0s4 0 5 0M2 11c3-3 4 3 7 0s4 0 5 0',
  table: 'M2 3h12v10H2zM2 6.5h12M2 10h12M6.5 3v10',
  database: 'M3 4v8a5 2 0 0 0 10 0V4M3 4a5 2 0 0 0 10 0a5 2 0 0 0-10 0M3 8a5 2 0 0 0 10 0',
  proxy: 'M2 8h3M11 4h3M11 12h3M5 8l6-4M5 8l6 4M5 5v6',
  secret: 'M4 7h8v6H4zM6 7V5a2 2 0 0 1 4 0v2M8 9.5v1.5',
  bus: 'M2 8h12M4 8V4M8 8v4M12 8V4',
  alias: '',
  function: 'M4 13l4-7M5 3h2l5 10h1.5',
  states: 'M3 3h4v3H3zM9 10h4v3H9zM5 6v3.5h6V10',
  pool: 'M8 8a2.5 2.5 0 1 0-.01 0M3 13c0-3 2-4 5-4s5 1 5 4',
  service: 'M4 12a3 3 0 0 1 .5-6 4 4 0 0 1 7.5 1 2.5 2.5 0 0 1 0 5z',
};

export interface MapOptions {
  /** The prefix of ids, which are unique in the page. */
  readonly id: string;
  readonly title: string;
  /** The address of the section about a node. */
  readonly linkOf: (node: MapNode) => string | undefined;
}

/** Draws a map. The text beside it says the same, so screen readers do not need the drawing. */
export function mapSvg(nodes: readonly MapNode[], edges: readonly MapEdge[], { id, title, linkOf }: MapOptions, say: Say): Markup {
  const ports = portsOf(nodes, edges);
  const ownerOf = (node: string) => ports.owners.get(node) ?? node;
  const boxed = nodes.filter(node => !ports.owners.has(node.id));
  const shapes = new Map(boxed.map(node => [node.id, shapeOf(ports.ofFunction.get(node.id))]));
  const lines = edges.filter(({ from, kind }) => kind !== 'release' || !ports.owners.has(from));
  const labels = lines.map(edge => labelLines(edge));
  const arrows = lines.map(({ from, to }, i): Arrow => ({ from: ownerOf(from), to: ownerOf(to), ...labelSize(labels[i]) }));
  const placed = layOut(boxed.map(({ id: box }): Box => ({ id: box, ...shapes.get(box)! })), arrows);
  const [width, height] = [Math.ceil(placed.width), Math.ceil(placed.height)];
  const paths = lines.map((edge, i) => {
    const { points } = placed.arrows[i];
    const center = placed.boxes.get(ownerOf(edge.to))!;
    const owned = ports.ofFunction.get(ownerOf(edge.to));
    const end = owned === undefined ? undefined : endAt(edge, center, shapeOf(owned));
    return edgeMarkup(edge, end === undefined || points[0].x > end.x ? points : [...points.slice(0, -1), end], id);
  });
  const texts = lines.map((edge, i) => {
    const { label } = placed.arrows[i];
    return label === undefined || labels[i].length === 0 ? html`` : labelMarkup(labels[i], label, edge);
  });
  const drawn = boxed.map(node => nodeMarkup(node, placed.boxes.get(node.id)!, ports.ofFunction.get(node.id) ?? [], linkOf(node), say));
  return html`<svg class="map" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" style="min-width:${Math.min(width, WIDTH_MIN)}px" role="group" aria-label="${title}">
<defs>${(['request', 'event', 'data', 'failure', 'release', 'past'] as const).map(kind => html`<marker id="${id}-${kind}" class="tip ${kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0.5L7.5 4L0 7.5z"/></marker>`)}</defs>
<g aria-hidden="true">${paths}${texts}</g>
${drawn}</svg>`;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Shape {
  readonly width: number;
  readonly height: number;
}

/** An alias with the words about its release. */
interface Port {
  readonly alias: MapNode;
  readonly release: string;
}

/** The aliases of functions, which are drawn at the edge of their function. */
function portsOf(nodes: readonly MapNode[], edges: readonly MapEdge[]) {
  const ids = new Set(nodes.map(({ id }) => id));
  const owners = new Map<string, string>();
  const ofFunction = new Map<string, Port[]>();
  for (const alias of nodes) {
    if (alias.kind !== 'alias' || alias.functionId === undefined || !ids.has(alias.functionId)) continue;
    owners.set(alias.id, alias.functionId);
    const release = edges.find(({ from, kind }) => from === alias.id && kind === 'release')?.label ?? '';
    ofFunction.set(alias.functionId, [...ofFunction.get(alias.functionId) ?? [], { alias, release }]);
  }
  return { owners, ofFunction };
}

/** A call ends at the alias; a call past the alias ends below it, at the function. */
function endAt({ kind, bypassesAlias }: MapEdge, { x, y }: Point, { width, height }: Shape): Point | undefined {
  if (kind !== 'request' && kind !== 'event') return undefined;
  const left = x - width / 2;
  return bypassesAlias ? { x: left + PORT, y: y + height / 2 - (height === RELEASED.height ? 9 : 5) } : { x: left, y };
}

function shapeOf(ports: readonly Port[] | undefined): Shape {
  if (ports === undefined) return NODE;
  return ports[0].release === '' ? FUNCTION : RELEASED;
}

function edgeMarkup({ kind, bypassesAlias, severity }: MapEdge, points: readonly Point[], id: string): Markup {
  const isRed = severity === 'error' || bypassesAlias;
  const classes = ['edge', kind, ...bypassesAlias ? ['past'] : [], ...severity ? [`on-${severity}`] : []].join(' ');
  return html`<path class="${classes}" d="${curve(points)}" marker-end="url(#${id}-${isRed ? 'past' : kind})"/>`;
}

/** A smooth line through the points. */
function curve(points: readonly Point[]): string {
  const at = (value: number) => Number(value.toFixed(1));
  const [first, ...rest] = points;
  let d = `M${at(first.x)} ${at(first.y)}`;
  if (rest.length === 1) return `${d}L${at(rest[0].x)} ${at(rest[0].y)}`;
  rest.slice(0, -1).forEach((point, i) => {
    const next = rest[i + 1];
    const isLast = i === rest.length - 2;
    const end = isLast ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    d += `Q${at(point.x)} ${at(point.y)} ${at(end.x)} ${at(end.y)}`;
  });
  return d;
}

function labelMarkup(lines: readonly string[], { x, y }: Point, { kind, bypassesAlias, severity }: MapEdge): Markup {
  const top = y - (lines.length - 1) * LINE_HEIGHT / 2 + 4;
  const classes = ['label', kind, ...bypassesAlias ? ['past'] : [], ...severity ? [`on-${severity}`] : []].join(' ');
  const size = labelSize(lines);
  return html`<rect class="ground" x="${(x - size.width / 2 + 2).toFixed(1)}" y="${(y - size.height / 2).toFixed(1)}" width="${(size.width - 4).toFixed(1)}" height="${size.height}"/><text class="${classes}" text-anchor="middle">${lines.map((line, i) => html`<tspan x="${x.toFixed(1)}" y="${(top + i * LINE_HEIGHT).toFixed(1)}">${line}</tspan>`)}</text>`;
}

function nodeMarkup(
  node: MapNode, center: Point, ports: readonly Port[], link: string | undefined, say: Say,
): Markup {
  const drawn = ports.length > 0 ? functionMarkup(node, ports, center) : boxMarkup(node, center, say);
  const title = [nodeTitle(node, say), ...ports.map(({ alias, release }) => [`${say('kind_alias')} ${alias.name}`, release].filter(part => part !== '').join(' '))].join(', ');
  if (link === undefined) return html`<g role="img" aria-label="${title}"><title>${title}</title>${drawn}</g>`;
  return html`<a href="${link}"><title>${title}</title>${drawn}</a>`;
}

export function nodeTitle({ kind, path, detail, severity }: MapNode, say: Say): string {
  return [`${say(`kind_${kind}`)} ${path}`, ...detail && kind !== 'alias' ? [detail] : [], ...severity ? [say(severity)] : []].join(', ');
}

/** A function with its aliases: the first one is drawn, and the number of the others is beside it. */
function functionMarkup({ name, detail, severity }: MapNode, ports: readonly Port[], { x, y }: Point): Markup {
  const { width, height } = shapeOf(ports);
  const [left, top] = [x - width / 2, y - height / 2];
  const [{ alias, release }] = ports;
  const level = severity ?? alias.severity;
  const label = ports.length > 1 ? `${cut(alias.name, 5)} +${ports.length - 1}` : cut(alias.name, 7);
  return html`<g transform="translate(${left.toFixed(1)} ${top.toFixed(1)})"><rect class="node function${severity ? ` on-${severity}` : ''}" x="${PORT}" width="${width - PORT}" height="${height}" rx="6"/>
<path class="icon function" transform="translate(${PORT + 32} 7)" d="${ICONS.function}"/><text class="name" x="${PORT + 52}" y="20">${cutWide(cutPath(name, 16), 16)}</text><text class="detail" x="${PORT + 34}" y="36">${cut(detail ?? '', 24)}</text>${release === '' ? '' : html`<text class="detail" x="${PORT + 34}" y="51">${cut(release, 24)}</text>`}
<rect class="node alias${alias.severity ? ` on-${alias.severity}` : ''}" y="${(height - ALIAS.height) / 2}" width="${ALIAS.width}" height="${ALIAS.height}" rx="12"/><text class="alias-name" x="${ALIAS.width / 2}" y="${height / 2 + 4}" text-anchor="middle">${label}</text>${level ? html`<circle class="dot on-${level}" cx="${width - 9}" cy="9" r="4"/>` : ''}</g>`;
}

function boxMarkup({ kind, name, detail, severity }: MapNode, { x, y }: Point, say: Say): Markup {
  const [left, top] = [x - NODE.width / 2, y - NODE.height / 2];
  const room = severity ? NAME_MAX_WITH_DOT : NAME_MAX;
  const caption = kind === 'function' ? detail ?? '' : [say(`kind_${kind}`), ...detail ? [detail] : []].join(', ');
  return html`<g transform="translate(${left.toFixed(1)} ${top.toFixed(1)})"><rect class="node ${kind}${severity ? ` on-${severity}` : ''}" width="${NODE.width}" height="${NODE.height}" rx="6"/>
<path class="icon ${kind}" transform="translate(10 16)" d="${ICONS[kind]}"/>
<text class="name" x="34" y="21">${cutWide(cutPath(name, room), room)}</text><text class="detail" x="34" y="37">${cut(caption, DETAIL_MAX)}</text>${severity ? html`<circle class="dot on-${severity}" cx="${NODE.width - 9}" cy="9" r="4"/>` : ''}</g>`;
}

/** Cuts a text so that wide characters fit, too. */
function cutWide(text: string, most: number): string {
  let room = most;
  const kept = [];
  for (const character of characters(text)) {
    room -= WIDE.test(character) ? 2 : 1;
    if (room < 0) return `${kept.slice(0, -1).join('')}…`;
    kept.push(character);
  }
  return text;
}

/** The label in short lines, broken between its parts and words. */
function labelLines({ label, bypassesAlias }: MapEdge): string[] {
  const parts = [...bypassesAlias ? ['$LATEST'] : [], ...label === '' ? [] : label.split(/[,;] /)];
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 2 + part.length <= LABEL_LINE_MAX) lines[lines.length - 1] = `${last}, ${part}`;
    else lines.push(...words(part));
  }
  return lines.length <= LABEL_LINES_MAX ? lines : [...lines.slice(0, LABEL_LINES_MAX - 1), '…'];
}

function words(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= LABEL_LINE_MAX) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(cut(word, LABEL_LINE_MAX));
  }
  return lines;
}

function labelSize(lines: readonly string[]): { width: number; height: number } {
  if (lines.length === 0) return { width: 10, height: 4 };
  const width = (line: string) => characters(line).reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0) * CHARACTER;
  return { width: Math.max(...lines.map(width)) + 10, height: lines.length * LINE_HEIGHT + 2 };
}
