import type { IConstruct } from 'constructs';
import type { PythonPackage } from './python-package';
import { warn } from '../private/validation';

const MAX_NAMED = 5;

/** Adds a warning if another machine, or this one later, can install other versions, and if a file of another tool names packages. */
export function warnPythonCode(scope: IConstruct, { requirements, unpinned, notRead }: PythonPackage): void {
  if (notRead !== undefined) {
    warn(scope, 'PythonCode.requirementsNotRead', `'${notRead}' is not read, so that the package contains none of its packages; `
      + 'write a requirements.txt with: pipenv requirements > requirements.txt, or acknowledge this if a layer contains them');
  }
  if (unpinned.length === 0) return;
  const more = unpinned.length > MAX_NAMED ? ` and ${unpinned.length - MAX_NAMED} more` : '';
  warn(scope, 'PythonCode.unpinnedRequirements', `'${requirements!.name}' does not name the versions of ${unpinned.slice(0, MAX_NAMED).join(', ')}${more}, `
    + 'so that the package differs by machine and by day; commit a uv.lock, or compile the file with: uv pip compile --universal --generate-hashes');
}
