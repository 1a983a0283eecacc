import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runExample } from '../support/examples';

const blocks = [...readFileSync(join(__dirname, '../../docs/ADOPTING.md'), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match, i) => ({ name: `docs/ADOPTING.md #${i + 1}`, code: match[1] }));

test('the way of adoption has code for each step', () => {
  expect(blocks.length).toBeGreaterThanOrEqual(8);
});

test.each(blocks.map(block => [block.name, block] as const))('%s runs', (_, block) => {
  const table = jest.spyOn(console, 'table').mockImplementation(() => undefined);
  expect(runExample(block, {}).synth().stacks.length).toBeGreaterThan(0);
  table.mockRestore();
});
