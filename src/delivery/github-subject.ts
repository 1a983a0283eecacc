import { Token } from 'aws-cdk-lib';
import { refuse } from '../private/validation';

/** What GitHub allows in the name of an owner (that of a managed user ends in `_` and its enterprise) or repository. */
const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9_-]*\/[A-Za-z0-9._-]+$/;
const ID = /^[1-9]\d*$/;

/**
 * The ids of a repository and its owner, which stay when either is renamed, and which the tokens of repositories made
 * since 2026-07-15 carry.
 *
 * `gh api repos/<owner>/<repository> --jq '.owner.id, .id'` tells both.
 */
export interface GitHubRepositoryIds {
  /**
   * The id of the user or organization: digits.
   */
  readonly ownerId: string;

  /**
   * The id of the repository: digits.
   */
  readonly repositoryId: string;
}

/**
 * Who of GitHub may take on a role: one repository, and in it one environment, branch or tag.
 *
 * A subject is exact. Wildcards are refused everywhere, and so is anything that is no name of a repository, because a
 * subject that is too wide lets every branch, or every repository of GitHub, deploy.
 *
 * A token says `repo:OWNER/REPOSITORY:…`, or, for repositories made since 2026-07-15 and those that chose so,
 * `repo:OWNER@ID/REPOSITORY@ID:…`. With `ids` the role accepts both; without them the first alone, which a new
 * repository does not send.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 * @example
 * const production = GitHubSubject.environment('shop/payments', 'production', { ownerId: '9919', repositoryId: '1296269' });
 */
export class GitHubSubject {
  /**
   * Jobs that name the environment, after its protection rules (reviewers, branches) have let them.
   *
   * @param repository `owner/repository`
   * @param environment The name of the environment, without `:`
   * @param ids The ids of owner and repository
   */
  public static environment(repository: string, environment: string, ids?: GitHubRepositoryIds): GitHubSubject {
    return new GitHubSubject(repository, 'environment', environment, `environment:${environment}`, ids);
  }

  /**
   * Jobs without an environment of workflows that run for a branch.
   *
   * @param repository `owner/repository`
   * @param branch The name of the branch, without `refs/heads/`
   * @param ids The ids of owner and repository
   */
  public static branch(repository: string, branch: string, ids?: GitHubRepositoryIds): GitHubSubject {
    return new GitHubSubject(repository, 'branch', branch, `ref:refs/heads/${branch}`, ids);
  }

  /**
   * Jobs without an environment of workflows that run for a tag.
   *
   * @param repository `owner/repository`
   * @param tag The name of the tag, without `refs/tags/`
   * @param ids The ids of owner and repository
   */
  public static tag(repository: string, tag: string, ids?: GitHubRepositoryIds): GitHubSubject {
    return new GitHubSubject(repository, 'tag', tag, `ref:refs/tags/${tag}`, ids);
  }

  /**
   * Jobs without an environment of every pull request, for a role that can look but not deploy: a GitHubDeployRole gives
   * them the lookup role alone.
   *
   * @param repository `owner/repository`
   * @param ids The ids of owner and repository
   */
  public static pullRequest(repository: string, ids?: GitHubRepositoryIds): GitHubSubject {
    return new GitHubSubject(repository, 'pullRequest', undefined, 'pull_request', ids);
  }

  /** @internal */
  public readonly _claims: string[];
  /** @internal */
  public readonly _mayDeploy: boolean;

  private constructor(repository: string, kind: string, name: string | undefined, rest: string, ids?: GitHubRepositoryIds) {
    const at = `GitHubSubject.${kind}`;
    if (Token.isUnresolved(repository) || !REPOSITORY.test(repository)) {
      refuse(at, `'repository' must be one 'owner/repository' without wildcards, got '${repository}'; name the one that deploys`);
    }
    // `:` parts the fields of a subject, and GitHub writes it as %3A in an environment's name.
    if (name !== undefined && (Token.isUnresolved(name) || !/^[^*?:\s][^*?:]*$/.test(name) || name.startsWith('refs/'))) {
      refuse(at, `'${kind}' must be one name without wildcards, ':' or 'refs/', got '${name}'; make a role for each that deploys`);
    }
    for (const [prop, id] of Object.entries(ids ?? {})) {
      if (!ID.test(id)) refuse(at, `'${prop}' must be digits, got '${id}'; ask for it by gh api repos/${repository} --jq '.owner.id, .id'`);
    }
    const [owner, repo] = repository.split('/');
    this._claims = [`repo:${repository}:${rest}`, ...ids ? [`repo:${owner}@${ids.ownerId}/${repo}@${ids.repositoryId}:${rest}`] : []];
    this._mayDeploy = kind !== 'pullRequest';
  }
}
