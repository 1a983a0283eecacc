import * as library from '../src';

test.each(Object.entries(library))('%s is a class or an enum, because jsii drops other exports', (_, exported) => {
  const isClass = typeof exported === 'function' && /^class\b/.test(Function.prototype.toString.call(exported));
  const isEnum = typeof exported === 'object' && Object.values(exported as object).every(value => typeof value === 'string' || typeof value === 'number');
  expect(isClass || isEnum).toBe(true);
});
