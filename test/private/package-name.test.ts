import { packageName } from '../../src/private/package-name';

test.each([['zod', 'zod'], ['zod/v4', 'zod'], ['@acme/a', '@acme/a'], ['@acme/a/lib/x.js', '@acme/a']])('%s is in the package %s', (specifier, name) => {
  expect(packageName(specifier)).toBe(name);
});
