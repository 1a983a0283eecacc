import type { PackageFiles } from '../../../private/package-files';
import {
  normalizedName, projectDependencies, requirementLines, requirementName,
} from '../../../private/required-packages';

/** What the Python runtimes of Lambda contain. */
const IN_RUNTIME = ['boto3', 'botocore', 's3transfer', 'jmespath', 'python-dateutil', 'six', 'urllib3'];

interface NotInstalled {
  readonly file: string;
  readonly names: string[];
}

/** The packages that a file in a package requires, if the package contains none of them. */
export function requirementsNotInstalled(files: PackageFiles): NotInstalled | undefined {
  const file = ['requirements.txt', 'pyproject.toml'].find(each => files.has(each));
  if (file === undefined) return undefined;
  const text = files.read(file).toString('utf8');
  const lines = file.endsWith('.toml') ? projectDependencies(text) : requirementLines(text);
  const names = lines.map(requirementName).filter(name => name !== undefined)
    .filter(name => !IN_RUNTIME.includes(name));
  const parts = files.names.flatMap(name => name.split('/'));
  const installed = new Set(parts.map(part => normalizedName(installedName(part))));
  return names.length > 0 && names.every(name => !installed.has(name)) ? { file, names } : undefined;
}

/** The name of a package in the name of its metadata folder, its folder or its module. */
function installedName(part: string): string {
  return part.replace(/\.(py|so)$/, '').replace(/-[^-]*\.(dist|egg)-info$/, '');
}
