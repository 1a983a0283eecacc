import type { PackageFiles } from '../../../private/package-files';

/**
 * Computes a result once for each package and other arguments: many functions can have one package, and many rules
 * read it.
 */
export function perPackage<A extends unknown[], T>(
  compute: (files: PackageFiles, ...rest: A) => T,
): (files: PackageFiles, ...rest: A) => T {
  const results = new WeakMap<PackageFiles, Map<string, T>>();
  return (files, ...rest) => {
    const known = results.get(files) ?? new Map<string, T>();
    results.set(files, known);
    const key = JSON.stringify(rest);
    if (!known.has(key)) known.set(key, compute(files, ...rest));
    return known.get(key) as T;
  };
}
