import { isBuiltin } from 'node:module';
import { nodeHandlerModule } from './node-handler';
import { perPackage } from './per-package';
import type { PackageFiles } from '../../../private/package-files';
import { packageName } from '../../../private/package-name';

/** What the runtime contains: the AWS SDK, and packages that it requires. */
const IN_RUNTIME = new RegExp([
  '^@(?:aws-sdk|smithy|aws-crypto|aws)/', '^(?:tslib|uuid|fast-xml-parser|strnum|bowser|aws-lambda-ric)$',
].join('|'));
/** Imports at the left margin, which run whenever the module is loaded. */
const IMPORTED = new RegExp([
  String.raw`^import\s*(?:[\w$*{][^'"();]*?\sfrom\s*)?['"]([^'"]+)['"]`,
  String.raw`^(?:(?:const|let|var)\s[^=\n]+=\s*(?:[\w$.]+\(\s*)?)?require\(\s*['"]([^'"]+)['"]\s*\)`,
].join('|'), 'gm');

interface NotFound {
  /** The module of the handler. */
  readonly file: string;
  readonly names: string[];
}

/** The packages that a Node.js handler imports, and that neither its deployment package nor the runtime contains. */
export const packagesNotFound = perPackage((
  files, handler: string, provided: readonly string[],
): NotFound | undefined => {
  const module = nodeHandlerModule(files, handler);
  if (module === undefined || files.names.some(name => /^\.pnp\.c?js$/.test(name))) return undefined;
  const [text] = module.text.split('`', 1); // a template can contain the text of another module
  const imported = [...text.matchAll(IMPORTED)].map(([, specifier, required]) => specifier ?? required);
  const missing = imported.filter(specifier => /^[@a-z](?!\w*:)/i.test(specifier) && !isBuiltin(specifier))
    .filter(specifier => !isContained(files, specifier)).map(packageName)
    .filter(name => !IN_RUNTIME.test(name) && !provided.includes(name) && name !== nameOfPackage(files));
  return missing.length === 0 ? undefined : { file: module.file, names: [...new Set(missing)] };
});

/** In `node_modules` of any folder, or in the root of the package, which is in `NODE_PATH`. */
function isContained(files: PackageFiles, specifier: string): boolean {
  const name = packageName(specifier);
  return ['', '.js', '.cjs', '.json', '.node'].some(end => files.has(specifier + end))
    || files.names.some(each => each.startsWith(`${name}/`) || `/${each}`.includes(`/node_modules/${name}/`));
}

function nameOfPackage(files: PackageFiles): string | undefined {
  const manifest = files.has('package.json') ? files.read('package.json').toString('utf8') : '';
  return /"name"\s*:\s*"([^"]+)"/.exec(manifest)?.[1];
}
