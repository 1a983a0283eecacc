import { perPackage } from '../../../../src/checks/rules/support/per-package';
import type { PackageFiles } from '../../../../src/private/package-files';

const packageOf = (): PackageFiles => ({ names: [], has: () => false, read: () => Buffer.alloc(0), isExecutable: () => undefined });

test('a result is computed once for each package and its other arguments, also if it is undefined', () => {
  const compute = jest.fn((_files: PackageFiles, handler: string, options: readonly string[]) => (options.length === 0 ? undefined : `${handler} ${options.join()}`));
  const result = perPackage(compute);
  const [one, other] = [packageOf(), packageOf()];
  expect([result(one, 'a', []), result(one, 'a', []), result(one, 'a', ['x']), result(one, 'a', ['x']), result(one, 'b', ['x']), result(other, 'a', ['x'])])
    .toEqual([undefined, undefined, 'a x', 'a x', 'b x', 'a x']);
  expect(compute).toHaveBeenCalledTimes(4);
});
