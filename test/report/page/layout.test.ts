import { layOut } from '../../../src/report/page/layout';
import type { Arrow, Box } from '../../../src/report/page/layout';

const boxes = (...ids: string[]): Box[] => ids.map(id => ({ id, width: 100, height: 44 }));
const arrow = (from: string, to: string): Arrow => ({ from, to, width: 10, height: 4 });

/** Functions and the one queue of their failures. */
function fan(n: number) {
  const names = Array.from({ length: n }, (_, i) => `f${i}`);
  return { names, layout: layOut(boxes(...names, 'queue'), names.map(name => arrow(name, 'queue'))) };
}

test('the first box is above the last', () => {
  const { names, layout } = fan(6);
  const heights = names.map(name => layout.boxes.get(name)!.y);
  expect(heights).toEqual([...heights].sort((a, b) => a - b));
});

test('lines begin and end at the sides of their boxes, within the drawing', () => {
  const { names, layout: { boxes: placed, arrows, width, height } } = fan(6);
  arrows.forEach(({ points }, i) => {
    expect(points[0].x).toBe(placed.get(names[i])!.x + 50);
    expect(points[points.length - 1].x).toBe(placed.get('queue')!.x - 50);
    for (const { x, y } of points) expect(x >= 0 && x <= width && y >= 0 && y <= height).toBe(true);
  });
});

test('a few lines end apart, and many end in one point', () => {
  const ends = (n: number) => new Set(fan(n).layout.arrows.map(({ points }) => points[points.length - 1].y.toFixed(1))).size;
  expect(ends(4)).toBe(4);
  expect(ends(12)).toBe(1);
});
