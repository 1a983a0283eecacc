export { EphemeralStack } from './ephemeral-stack';
export type { EphemeralStackProps } from './ephemeral-stack-props';
export { GitHubDeployRole } from './github-deploy-role';
export type { GitHubDeployRoleProps } from './github-deploy-role-props';
export { GitHubSubject } from './github-subject';
export type { GitHubRepositoryIds } from './github-subject-props';
