/** The name of the npm package in a specifier: `@acme/a` of `@acme/a/lib/x`. */
export function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The package that contains a file, by its path from the root of the project; undefined for a file of the project. */
export function packageOf(file: string): string | undefined {
  return /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}
