import { createApp } from '../../sample/app';
import { snapshotOf } from '../../testing/src/template';
import { expectNoCycle } from '../support/template-graph';

const templates = createApp().synth().stacks.map(stack => [stack.stackName, stack.template] as const);

test.each(templates)('%s synthesises what was reviewed', (_, template) => {
  expect(snapshotOf(template)).toMatchSnapshot();
});

test.each(templates)('%s has no circular dependency', (_, template) => {
  expectNoCycle(template);
});

test('the app synthesises the same twice', () => {
  expect(createApp().synth().stacks.map(stack => stack.template)).toEqual(templates.map(([, template]) => template));
});
