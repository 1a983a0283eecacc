/**
 * The ids of a repository and its owner. They do not change when either is renamed. Tokens of repositories that were
 * created since 2026-07-15 contain them.
 *
 * `gh api repos/<owner>/<repository> --jq '.owner.id, .id'` prints both.
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
