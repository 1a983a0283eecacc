import { markdownExamples } from '../support/examples';
import { typeErrors } from '../support/type-check';

const examples = markdownExamples();

test('README.md and every guide have examples', () => {
  const files = new Set(examples.map(({ name }) => name.split(' ')[0]));
  expect(files).toContain('README.md');
  expect(files.size).toBeGreaterThanOrEqual(13);
});

test.each(examples.map(({ name, code }) => [name, code]))('%s is a whole program: imports, an App, nothing declared', (_, code) => {
  expect(code).toMatch(/^import /);
  expect(code).toMatch(/\bnew App\(/);
  expect(code).not.toMatch(/^\s*declare /m);
});

test.each([['typescript', /^Version 6\./], ['typescript-7', /^Version 7\./]])('all of them compile in an app made by `cdk init`, with %s', (compiler, wanted) => {
  const { version, errors } = typeErrors(compiler, examples);
  expect(version).toMatch(wanted);
  expect(errors).toEqual([]);
}, 300_000);
