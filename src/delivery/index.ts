export { EphemeralStack, type EphemeralStackProps } from './ephemeral-stack';
export { GitHubDeployRole, type GitHubDeployRoleProps } from './github-deploy-role';
export { GitHubSubject, type GitHubRepositoryIds } from './github-subject';
