import { readdirSync, statSync } from 'fs';
import { dirname, join, resolve } from 'path';
import { shown } from './app-view';
import type { PackageData } from './report-data';
import type { LambdaFunction } from '../../checks/graph';
import { isJson } from '../../checks/graph';

const PARTS_MAX = 5;
const FILES_MAX = 20_000;

/** The staged package of a function with its largest files; undefined if it is not staged beside the template. */
export function packageOf(fn: LambdaFunction): PackageData | undefined {
  const { input } = fn.resource.template;
  const path = assetPath(fn);
  if (path === undefined || input.file === undefined) return undefined;
  const root = resolve(dirname(input.file), path);
  try {
    const files = statSync(root).isDirectory() ? filesIn(root) : [{ path: shown(path), bytes: statSync(root).size }];
    const parts = [...files].sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1)).slice(0, PARTS_MAX);
    return { bytes: files.reduce((total, file) => total + file.bytes, 0), parts };
  } catch {
    return undefined;
  }
}

/** The path in the metadata of CDK, or by the hash in the name of the object. */
function assetPath({ resource }: LambdaFunction): string | undefined {
  const metadata = isJson(resource.raw.Metadata) ? resource.raw.Metadata : {};
  const path = metadata['aws:asset:path'];
  if (typeof path === 'string') return path;
  const hash = /^([0-9a-f]{64})\.zip$/.exec(resource.string('Code.S3Key') ?? '')?.[1];
  return hash === undefined ? undefined : `asset.${hash}`;
}

function filesIn(root: string): { path: string; bytes: number }[] {
  const files: { path: string; bytes: number }[] = [];
  const open = [''];
  while (open.length > 0 && files.length < FILES_MAX) {
    const folder = open.pop()!;
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile()) files.push({ path: shown(path), bytes: statSync(join(root, path)).size });
    }
  }
  return files;
}
