import { HOOKS, patternOf, releasesOf, targetOf } from '../../graph';
import type { AppGraph, Release, Resource, Value } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import type { Found } from '../support/each';
import { eachRelease } from '../support/each-release';

const HOOKS_PAGE = SOURCE.codeDeploy('reference-appspec-file-structure-hooks');

const PREFIX = 'CodeDeployHook_';

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
    why:
      'The managed policy of CodeDeploy, which the role of SAM has too, allows functions named CodeDeployHook_* only.',
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
  return releasesOf(app).flatMap(release => HOOKS.flatMap(property => {
    const value = release.alias.attributes.get(property);
    const hook = targetOf(app, value, release.alias).function?.resource;
    const got = hook ? otherName(hook, release) : namedOtherwise(value);
    return got === undefined ? [] : [{ at: release.alias, property, must: 'must be named CodeDeployHook_*', got }];
  }));
}

function namedOtherwise(value: Value): Value {
  return typeof value === 'string' && !/(^|:)CodeDeployHook_/.test(value) ? value : undefined;
}

/** The name of a hook of the app without the prefix, if SAM creates the role of the deployment group. */
function otherName(hook: Resource, { group }: Release): string | undefined {
  if (!group?.lacks('ServiceRoleArn')) return undefined;
  if (hook.lacks('FunctionName')) return `${hook.path}, whose name CloudFormation generates`;
  const name = patternOf(hook.get('FunctionName'));
  const [start] = name.split('*');
  return start.startsWith(PREFIX) || (start !== name && PREFIX.startsWith(start)) ? undefined : name;
}
