import type { MapEdge } from '../model/report-data';

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Dagre {
  readonly layout: (graph: DagreGraph) => void;
  readonly graphlib: { readonly Graph: new(options: { multigraph: boolean }) => DagreGraph };
}

interface DagreGraph {
  setGraph(options: object): void;
  graph(): { width?: number; height?: number };
  setNode(id: string, label: object): void;
  node(id: string): Point;
  setEdge(from: string, to: string, label: object, name: string): void;
  edge(from: string, to: string, name: string): { points: readonly Point[] } & Partial<Point>;
}

// its types need a newer module resolution than jsii compiles with
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { layout, graphlib } = require('@dagrejs/dagre') as Dagre;

/** Pixels between two lines at one side of a box, and the part of the side that has none. */
const GAP_MAX = 10;
/** Closer tips cannot be distinguished: the lines end in one point. */
const GAP_MIN = 5;
const MARGIN = 14;

export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** An edge with the size of its label. */
export interface Arrow extends Pick<MapEdge, 'from' | 'to'> {
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The centers of the boxes. */
  readonly boxes: ReadonlyMap<string, Point>;
  /** The points of the arrows, and the centers of their labels. */
  readonly arrows: readonly { readonly points: readonly Point[]; readonly label?: Point }[];
}

/**
 * Places boxes in columns from the left to the right, along the arrows (docs/adr/0109-the-map-is-laid-out-by-dagre.md), and
 * the first boxes above the last.
 */
export function layOut(boxes: readonly Box[], arrows: readonly Arrow[]): Layout {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 14, edgesep: 6, ranksep: 30, marginx: 12, marginy: 12, ranker: 'network-simplex' });
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  arrows.forEach(({ from, to, width, height }, i) => graph.setEdge(from, to, { width, height, labelpos: 'c' }, `${i}`));
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const isUpsideDown = boxes.reduce((n, { id }, i) => n + (i === 0 ? 0 : Math.sign(graph.node(id).y - graph.node(boxes[i - 1].id).y)), 0) < 0;
  const turned = ({ x, y }: Point): Point => ({ x, y: isUpsideDown ? height - y : y });
  const placed = arrows.map(({ from, to }, i) => graph.edge(from, to, `${i}`));
  const lines = placed.map(({ points }) => points.map(turned));
  const centers = new Map(boxes.map(({ id }) => [id, turned(graph.node(id))]));
  for (const box of boxes) {
    const center = centers.get(box.id)!;
    const out = arrows.flatMap(({ from }, i) => (from === box.id && lines[i][1].x > center.x ? [lines[i]] : []));
    spread(out, line => line[1], box, center).forEach((y, i) => { out[i][0] = { x: center.x + box.width / 2, y }; });
    const into = arrows.flatMap(({ to }, i) => (to === box.id && lines[i][lines[i].length - 2].x < center.x ? [lines[i]] : []));
    spread(into, line => line[line.length - 2], box, center).forEach((y, i) => { into[i][into[i].length - 1] = { x: center.x - box.width / 2, y }; });
  }
  return {
    width,
    height,
    boxes: centers,
    arrows: placed.map(({ x, y }, i) => ({ points: lines[i], ...x !== undefined && y !== undefined && { label: turned({ x, y }) } })),
  };
}

/** The heights at which lines touch one side of a box, in the order of where they go. */
function spread(lines: readonly Point[][], next: (line: readonly Point[]) => Point, { height }: Box, { y }: Point): number[] {
  const order = [...lines].sort((a, b) => next(a).y - next(b).y);
  const room = (height - MARGIN) / Math.max(1, lines.length - 1);
  const gap = room < GAP_MIN ? 0 : Math.min(GAP_MAX, room);
  return lines.map(line => y + (order.indexOf(line) - (lines.length - 1) / 2) * gap);
}
