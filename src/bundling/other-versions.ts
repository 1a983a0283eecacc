import * as fs from 'node:fs';
import { isBuiltin } from 'node:module';
import * as path from 'node:path';
import type { BundleFinding, Metafile } from './entry-metafile';
import { packageName } from '../private/package-name';

/**
 * Finds code of a bundle that gets another version of an installed package than in its source, by a change that can break it. Beside a
 * bundle, there is one version of each package for all its modules: in a monorepo, that of the workspace of the handler.
 *
 * @param sources The files of which code is in the bundle, relative to the root of the project
 * @param installed The packages beside the bundle, each as path@version
 */
export function otherVersions(sources: readonly string[], metafile: Pick<Metafile, 'inputs'>, installed: readonly string[], root: string): BundleFinding[] {
  const versions = new Map(installed.map(each => /^(.+)@([^@]+)$/.exec(each)!).map(([, name, version]) => [name, version]));
  const found = new Set<string>();
  for (const source of sources) {
    for (const { path: specifier, external } of metafile.inputs[source]?.imports ?? []) {
      const name = packageName(specifier);
      const version = external && !isBuiltin(specifier) ? versions.get(name) : undefined;
      const own = version && versionFrom(path.dirname(path.join(root, source)), name);
      if (version && own && compatibility(own) !== compatibility(version)) found.add(`'${name}' ${version} instead of ${own} in ${source}`);
    }
  }
  if (found.size === 0) return [];
  return [{
    id: 'otherVersions',
    message: `'nodeModules' contain one version of each package, and code in the bundle expects another: ${[...found].sort().join(', ')}; `
      + "use one version in the project, or leave the package out of 'nodeModules' to bundle both",
  }];
}

/** The version of a package that Node.js finds from a folder of the project. */
function versionFrom(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const manifest = path.join(at, 'node_modules', name, 'package.json');
    if (fs.existsSync(manifest)) return JSON.parse(fs.readFileSync(manifest, 'utf8')).version;
    if (at === path.dirname(at)) return undefined;
  }
}

/** The part of a version that changes if a change can break code: `4` of 4.3.1, `0.27` of 0.27.1. */
function compatibility(version: string): string {
  return /^(?:0\.\d+|\d+)/.exec(version)?.[0] ?? version;
}
