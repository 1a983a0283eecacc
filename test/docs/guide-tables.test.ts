import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { renderGuides } from '../../scripts/guide-tables';

const guides = [...renderGuides()];

test('the guides have tables of props', () => {
  expect(guides.filter(([, text]) => text.includes('<!-- /props -->')).length).toBeGreaterThanOrEqual(10);
});

test.each(guides.map(([file, text]) => [basename(file), file, text]))('%s has the props and defaults of the source (npx projen docs:guides)', (_, file, text) => {
  expect(readFileSync(file, 'utf8')).toBe(text);
});
