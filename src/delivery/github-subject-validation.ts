import { Token } from 'aws-cdk-lib';
import type { GitHubRepositoryIds } from './github-subject-props';
import { refuse } from '../private/validation';

/**
 * The characters that GitHub allows in the names of owners and repositories. The names of managed users contain `_`.
 */
const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9_-]*\/[A-Za-z0-9._-]+$/;
const ID = /^[1-9]\d*$/;

/** Throws an error if a subject is not exactly one repository and one name. */
export function validateGitHubSubject(kind: string, repository: string, name: string | undefined, ids: GitHubRepositoryIds | undefined): void {
  const at = `GitHubSubject.${kind}`;
  if (Token.isUnresolved(repository) || !REPOSITORY.test(repository)) {
    refuse(at, `'repository' must be one 'owner/repository' without wildcards, got '${repository}'; `
      + 'set the repository that deploys');
  }
  // The fields of a subject are separated by `:`, and GitHub encodes it as %3A in the name of an environment.
  if (name !== undefined && (Token.isUnresolved(name) || !/^[^*?:\s][^*?:]*$/.test(name) || name.startsWith('refs/'))) {
    refuse(at, `'${kind}' must be one name without wildcards, ':' or 'refs/', got '${name}'; `
      + 'add a subject for each name');
  }
  for (const [prop, id] of Object.entries(ids ?? {})) {
    if (!ID.test(id)) {
      refuse(at, `'${prop}' must be digits, got '${id}'; `
        + `print it with gh api repos/${repository} --jq '.owner.id, .id'`);
    }
  }
}
