import { HOOKS, releasesOf, targetOf } from '../../graph';
import type { AppGraph, Release } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import type { Found } from '../support/each';
import { eachRelease } from '../support/each-release';

const HOOKS_PAGE = SOURCE.codeDeploy('reference-appspec-file-structure-hooks');

export const HOOKS_RULES: Rule[] = [
  {
    id: 'LP-P17',
    category: 'deployment',
    severity: 'error',
    title: 'Lifecycle hook cannot do its work',
    why:
      'The hook must be a separate function, with enough time to invoke the new version and to report the '
      + 'result.',
    fix: 'use a separate function with a timeout of 30 seconds or more',
    source: HOOKS_PAGE,
    evaluate: eachRelease(hooksCannotRun),
  },
  {
    id: 'LP-P18',
    category: 'deployment',
    severity: 'warning',
    title: 'CodeDeploy is not allowed to invoke the hook',
    why: 'The managed policy of CodeDeploy allows functions named CodeDeployHook_* only.',
    fix:
      'grant lambda:InvokeFunction to the role of the deployment group, or prefix the function name with '
      + 'CodeDeployHook_',
    source: HOOKS_PAGE,
    evaluate: hooksNotAllowed,
  },
];

function hooksCannotRun(release: Release): Found {
  return release.hooks.flatMap(hook => [
    hook === release.function?.resource && {
      at: release.alias,
      property: 'UpdatePolicy.CodeDeployLambdaAliasUpdate',
      must: 'must name a hook other than the function',
      got: hook.path,
    },
    hook.lacks('Timeout') && {
      at: hook,
      property: 'Timeout',
      must: `must be set for a hook of ${release.alias.path} (the default is 3 seconds)`,
      got: undefined,
    },
  ]);
}

function hooksNotAllowed(app: AppGraph): Problem[] {
  return releasesOf(app).flatMap(({ alias }) =>
    HOOKS.map(property => ({ property, value: alias.attributes.get(property) }))
      .filter(({ value }) => typeof value === 'string' && !/(^|:)CodeDeployHook_/.test(value))
      .filter(({ value }) => targetOf(app, value, alias).function === undefined)
      .map(({ property, value }) => ({ at: alias, property, must: 'must be named CodeDeployHook_*', got: value })),
  );
}
