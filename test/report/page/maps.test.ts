import { sayIn } from '../../../src/report/model/phrases';
import type { MapEdge, MapNode } from '../../../src/report/model/report-data';
import { mapParts, NODES_MAX, overview } from '../../../src/report/page/maps';

const node = (id: string, template: string, kind: MapNode['kind'] = 'function'): MapNode => ({ id, kind, name: id, path: id, template, logicalId: id });
const call = (from: string, to: string): MapEdge => ({ from, to, kind: 'request', label: '' });

/** One API and some functions for each stack, and a table that all stacks use. */
function app(stacks: number, functions: number): { nodes: MapNode[]; edges: MapEdge[] } {
  const nodes = [node('table', 'S0', 'table')];
  const edges: MapEdge[] = [];
  for (let stack = 0; stack < stacks; stack++) {
    nodes.push(node(`api${stack}`, `S${stack}`, 'api'));
    for (let i = 0; i < functions; i++) {
      nodes.push(node(`f${stack}-${i}`, `S${stack}`));
      edges.push(call(`api${stack}`, `f${stack}-${i}`), { from: `f${stack}-${i}`, to: 'table', kind: 'data', label: 'read' });
    }
  }
  return { nodes, edges };
}

test('a small app is one map', () => {
  const { nodes, edges } = app(1, 5);
  expect(mapParts(nodes, edges, 'Map')).toEqual([{ title: 'Map', nodes, edges }]);
});

test('a large app has a map for each stack, with the neighbors of the stack', () => {
  const { nodes, edges } = app(4, 20);
  const parts = mapParts(nodes, edges, 'Map');
  expect(parts.map(({ title }) => title)).toEqual(['S0', 'S1', 'S2', 'S3']);
  expect(parts[1].nodes.map(({ id }) => id)).toContain('table');
});

test('a large stack is divided by entrance, every arrow is on a map, and no map is too large', () => {
  const { nodes, edges } = app(1, 100);
  const parts = mapParts(nodes, edges, 'Map');
  expect(parts.length).toBeGreaterThan(1);
  expect(new Set(parts.flatMap(part => part.edges))).toEqual(new Set(edges));
  for (const part of parts) expect(part.nodes.length).toBeLessThanOrEqual(NODES_MAX);
});

test('the overview counts the arrows between groups', () => {
  const { nodes, edges } = app(2, 30);
  const { nodes: groups, edges: between } = overview(nodes, edges, sayIn('en'));
  expect(groups.map(({ detail }) => detail).filter(Boolean)).toEqual(['30 functions', '30 functions']);
  expect(between.map(({ label }) => label).sort()).toEqual(['30 ×', '30 ×']);
});

test('in the overview of a stack, queues that functions read are apart from queues that receive failures', () => {
  const { nodes, edges } = app(1, 60);
  const queues = [node('jobs', 'S0', 'queue'), node('dead', 'S0', 'queue')];
  const more: MapEdge[] = [{ from: 'jobs', to: 'f0-0', kind: 'event', label: '' }, { from: 'f0-0', to: 'dead', kind: 'failure', label: '' }];
  const { nodes: groups } = overview([...nodes, ...queues], [...edges, ...more], sayIn('en'));
  expect(groups.filter(({ kind }) => kind === 'queue').map(({ name }) => name)).toEqual(['jobs', 'dead']);
});
