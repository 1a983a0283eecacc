/** The name of the npm package in a specifier: `@acme/a` of `@acme/a/lib/x`. */
export function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
