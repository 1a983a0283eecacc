import type { GitHubRepositoryIds } from './github-subject-props';
import { validateGitHubSubject } from './github-subject-validation';

/**
 * Workflows of GitHub Actions that can assume a role: one environment, branch or tag of one repository.
 *
 * A subject is exact. Wildcards are not allowed, because a subject that is too wide allows every branch, or every
 * repository of GitHub, to deploy.
 *
 * The subject of a token is `repo:OWNER/REPOSITORY:…`, or `repo:OWNER@ID/REPOSITORY@ID:…` for repositories that were
 * created since 2026-07-15 or that opted in. With `ids` the role accepts both forms; without `ids` it only accepts
 * the first form, which new repositories do not send.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 * @example
 * const production = GitHubSubject.environment('shop/payments', 'production', { ownerId: '9919', repositoryId: '1296269' });
 */
export class GitHubSubject {
  /**
   * Jobs of the environment, after its protection rules (reviewers, branches) have admitted them.
   *
   * @param repository `owner/repository`
   * @param environment The name of the environment, without `:`
   * @param ids The ids of owner and repository
   */
  public static environment(repository: string, environment: string, ids?: GitHubRepositoryIds): GitHubSubject {
    return new GitHubSubject(repository, 'environment', environment, `environment:${environment}`, ids);
  }

  /**
   * Jobs without an environment, of workflows that run for the branch.
   *
   * @param repository `owner/repository`
   * @param branch The name of the branch, without `refs/heads/`
   * @param ids The ids of owner and repository
   */
  public static branch(repository: string, branch: string, ids?: GitHubRepositoryIds): GitHubSubject {
    return new GitHubSubject(repository, 'branch', branch, `ref:refs/heads/${branch}`, ids);
  }

  /**
   * Jobs without an environment, of workflows that run for the tag.
   *
   * @param repository `owner/repository`
   * @param tag The name of the tag, without `refs/tags/`
   * @param ids The ids of owner and repository
   */
  public static tag(repository: string, tag: string, ids?: GitHubRepositoryIds): GitHubSubject {
    return new GitHubSubject(repository, 'tag', tag, `ref:refs/tags/${tag}`, ids);
  }

  /**
   * Jobs without an environment, of every pull request. The role can read but not deploy: a GitHubDeployRole with this
   * subject can only assume the lookup role.
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
    validateGitHubSubject(kind, repository, name, ids);
    const [owner, repo] = repository.split('/');
    this._claims = [`repo:${repository}:${rest}`, ...ids ? [`repo:${owner}@${ids.ownerId}/${repo}@${ids.repositoryId}:${rest}`] : []];
    this._mayDeploy = kind !== 'pullRequest';
  }
}
