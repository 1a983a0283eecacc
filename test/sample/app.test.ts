import { createApp } from '../../sample/app';
import { expectNoCycle } from '../support/template-graph';

/** Hashes of code change with every dependency; that they are there is all that the snapshot says. */
function withoutHashes(template: object): object {
  return JSON.parse(JSON.stringify(template).replace(/[0-9a-f]{64}/g, '<asset>').replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1<version>'));
}

const templates = createApp().synth().stacks.map(stack => [stack.stackName, stack.template] as const);

test.each(templates)('%s synthesises what was reviewed', (_, template) => {
  expect(withoutHashes(template)).toMatchSnapshot();
});

test.each(templates)('%s has no circular dependency', (_, template) => {
  expectNoCycle(template);
});

test('the app synthesises the same twice', () => {
  expect(createApp().synth().stacks.map(stack => stack.template)).toEqual(templates.map(([, template]) => template));
});
