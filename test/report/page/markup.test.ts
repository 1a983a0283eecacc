import { cutPath } from '../../../src/report/page/markup';

test.each([
  ['Pay', 'Pay'],
  ['Settlements/Queue', 'Settlements/Queue'],
  ['Settlements/DeadLetters', '…/DeadLetters'],
  ['Settlements/Provider/Queue', '…/Provider/Queue'],
  [`${'x'.repeat(255)}/Queue`, 'xxxxxxxxxxxxx…/Queue'],
  ['x'.repeat(255), `${'x'.repeat(19)}…`],
])('%s is shown as %s', (path, shown) => {
  expect(cutPath(path, path.includes('Letters') ? 17 : 20)).toBe(shown);
});
