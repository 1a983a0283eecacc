import type { Say } from '../model/phrases';
import type { MapEdge, MapNode } from '../model/report-data';

/** A map of more nodes cannot be read on one screen. */
export const NODES_MAX = 45;

/** One drawing: the whole app, or the part of a stack or an entrance. */
export interface MapPart {
  readonly title: string;
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

/** Divides a large map by stack, and a large stack by entrance. */
export function mapParts(nodes: readonly MapNode[], edges: readonly MapEdge[], wholeTitle: string): MapPart[] {
  if (nodes.length <= NODES_MAX) return nodes.length === 0 ? [] : [{ title: wholeTitle, nodes, edges }];
  const stacks = [...new Set(nodes.map(({ template }) => template))];
  return stacks.flatMap(stack => {
    const own = new Set(nodes.filter(({ template }) => template === stack).map(({ id }) => id));
    const part = partOf(stack, own, nodes, edges);
    return part.nodes.length <= NODES_MAX ? (part.edges.length === 0 ? [] : [part]) : byEntrance(stack, own, nodes, edges);
  });
}

/** The nodes of a part with the neighbors that they have elsewhere. */
function partOf(title: string, own: ReadonlySet<string>, nodes: readonly MapNode[], edges: readonly MapEdge[]): MapPart {
  // an arrow to data is on the map of its function
  const touching = edges.filter(({ from, to, kind }) => own.has(from) || (own.has(to) && kind !== 'data' && kind !== 'failure'));
  const ids = new Set([...own, ...touching.flatMap(({ from, to }) => [from, to])]);
  return { title, nodes: nodes.filter(({ id }) => ids.has(id)), edges: touching };
}

/** One part for each entrance with the functions that it reaches; entrances are added to a part while it is small. */
function byEntrance(stack: string, own: ReadonlySet<string>, nodes: readonly MapNode[], edges: readonly MapEdge[]): MapPart[] {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const functions = nodes.filter(({ id, kind }) => own.has(id) && kind === 'function');
  const entranceOf = (fn: MapNode) => {
    const entries = new Set([fn.id, ...nodes.filter(({ functionId }) => functionId === fn.id).map(({ id }) => id)]);
    return edges.find(({ to, kind }) => entries.has(to) && (kind === 'request' || kind === 'event'))?.from ?? '';
  };
  const groups = new Map<string, MapNode[]>();
  for (const fn of functions) groups.set(entranceOf(fn), [...groups.get(entranceOf(fn)) ?? [], fn]);
  const chunks: { names: string[]; functions: MapNode[] }[] = [];
  for (const [entrance, members] of groups) {
    const label = byId.get(entrance)?.name ?? '';
    for (let at = 0; at < members.length; at += FUNCTIONS_MAX) {
      const some = members.slice(at, at + FUNCTIONS_MAX);
      const last = chunks[chunks.length - 1];
      if (last !== undefined && last.functions.length + some.length <= FUNCTIONS_MAX) {
        last.functions.push(...some);
        if (!last.names.includes(label)) last.names.push(label);
      } else { chunks.push({ names: [label], functions: [...some] }); }
    }
  }
  return chunks.map(({ names, functions: members }, i) => {
    const place = chunks.length > 1 ? ` (${i + 1}/${chunks.length})` : '';
    const ids = new Set(members.flatMap(fn => [fn.id, ...nodes.filter(({ functionId }) => functionId === fn.id).map(({ id }) => id)]));
    return partOf(`${stack}: ${names.filter(each => each !== '').slice(0, NAMES_MAX).join(', ') || members[0].name}${place}`, ids, nodes, edges);
  });
}

/** Functions of one drawing of a large stack. */
const FUNCTIONS_MAX = 10;
const NAMES_MAX = 3;

/** The overview of a large app: entrances, groups of functions, and data, with the number of arrows between them. */
export function overview(nodes: readonly MapNode[], edges: readonly MapEdge[], say: Say): MapPart {
  const groupOf = new Map<string, string>();
  const stacks = [...new Set(nodes.map(({ template }) => template))];
  const isOne = stacks.length === 1;
  const entrances = new Set(edges.filter(({ kind }) => kind === 'request' || kind === 'event').map(({ from }) => from));
  for (const { id, kind, template, functionId } of nodes) {
    if (kind === 'function' || kind === 'alias' || functionId) groupOf.set(id, `f:${template}`);
    else if (entrances.has(id)) groupOf.set(id, isOne ? `in:${kind}` : `f:${template}`);
    else groupOf.set(id, isOne ? `${kind}:` : `${kind === 'secret' ? 'f' : kind}:${template}`);
  }
  const members = new Map<string, MapNode[]>();
  nodes.forEach(node => members.set(groupOf.get(node.id)!, [...members.get(groupOf.get(node.id)!) ?? [], node]));
  const groups = [...members].map(([id, all]): MapNode => {
    const functions = all.filter(({ kind }) => kind === 'function').length;
    const [first] = all;
    const kind = id.startsWith('f:') ? 'function' : first.kind;
    const severity = (['error', 'warning', 'info'] as const).find(level => all.some(each => each.severity === level));
    return {
      id: `o-${[...members.keys()].indexOf(id)}`,
      kind,
      path: first.template,
      template: first.template,
      logicalId: '',
      name: id.startsWith('f:') ? first.template : all.length === 1 ? first.name : `${all.length} × ${say(`kind_${first.kind}`)}`,
      detail: functions > 0 ? say('nFunctions', { n: functions }) : all.length > 1 && id.startsWith('f:') ? `${all.length}` : undefined,
      ...severity && { severity },
    };
  });
  const keyOf = new Map([...members.keys()].map((id, i) => [id, `o-${i}`]));
  const counts = new Map<string, { edge: MapEdge; n: number }>();
  for (const edge of edges) {
    const [from, to] = [keyOf.get(groupOf.get(edge.from)!)!, keyOf.get(groupOf.get(edge.to)!)!];
    if (from === to || edge.kind === 'release') continue;
    const key = `${from} ${to} ${edge.kind}`;
    const known = counts.get(key) ?? { edge: { from, to, kind: edge.kind, label: '' }, n: 0 };
    counts.set(key, {
      n: known.n + 1, edge: { ...known.edge, ...(known.edge.bypassesAlias || edge.bypassesAlias) && { bypassesAlias: true } },
    });
  }
  return { title: '', nodes: groups, edges: [...counts.values()].map(({ edge, n }) => ({ ...edge, label: `${n} ×` })) };
}
