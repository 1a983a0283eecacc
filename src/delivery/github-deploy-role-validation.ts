import { Token } from 'aws-cdk-lib';
import type { GitHubDeployRoleProps } from './github-deploy-role-props';
import { IAM } from '../aws';
import { refuse, requireDuration, requireProps } from '../private/validation';

/** The literal parts of a token must not contain wildcards. */
const WITHOUT_WILDCARDS = /^[^*?]*$/;

/** Throws an error if the role could be assumed too widely, or could assume too much. */
export function validateGitHubDeployRoleProps(path: string, props: GitHubDeployRoleProps): void {
  requireProps(path, props, 'subjects');
  const { subjects, deployAccount, deployRegion, qualifier, maxSessionDuration } = props;
  if (subjects.length === 0) {
    refuse(path, "'subjects' must contain at least one subject, got none; add a GitHubSubject.environment(…)");
  }
  const deploying = subjects.filter(subject => subject._mayDeploy).length;
  if (deploying > 0 && deploying < subjects.length) {
    refuse(path, "'subjects' must not combine pull requests with other subjects, got both, "
      + 'and any pull request could deploy; create a second role for pull requests');
  }
  requireMatch(path, 'deployAccount', deployAccount, /^\d{12}$/, '12 digits');
  requireMatch(path, 'deployRegion', deployRegion, /^[a-z]{2,}(-[a-z]+)+-\d+$/, 'the name of a Region');
  requireMatch(path, 'qualifier', qualifier, /^[A-Za-z0-9]{1,10}$/, '1 to 10 letters and digits');
  const { sessionMinSeconds, sessionMaxSeconds } = IAM;
  requireDuration(path, 'maxSessionDuration', maxSessionDuration, sessionMinSeconds, sessionMaxSeconds);
}

function requireMatch(path: string, prop: string, value: string | undefined, pattern: RegExp, allowed: string): void {
  if (value === undefined || (Token.isUnresolved(value) ? WITHOUT_WILDCARDS : pattern).test(value)) return;
  refuse(path, `'${prop}' must be ${allowed}, got '${value}'; `
    + 'use the values with which the environment was bootstrapped');
}
