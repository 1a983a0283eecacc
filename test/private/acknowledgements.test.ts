import { App, Stack, Validations } from 'aws-cdk-lib';
import { acknowledgementsOf, acknowledgeOwn } from '../../src/private/acknowledgements';

test('acknowledgements of the author are told from those of the library', () => {
  const stack = new Stack(new App(), 'Stack');
  acknowledgeOwn(stack, 'ProductionChecks::LP-F72', 'by the library');
  Validations.of(stack).acknowledge({ id: 'ProductionChecks::LP-F32', reason: 'by the author' });
  expect(acknowledgementsOf(stack)).toEqual(['ProductionChecks::LP-F32']);
});
