import type { AppGraph } from './app-graph';
import { functionsOf, targetOf } from './functions';
import type { LambdaFunction } from './lambda-function';
import { covers, grantsOf, statementsOf } from './policy';
import type { Statement } from './policy';
import type { Resource } from './resource';
import { asString, patternOf, Text } from './value';

const INVOKE = 'lambda:InvokeFunction';
const POLICIES = [
  'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy',
  'AWS::IAM::GroupPolicy',
];

/** A permission by which a role, and the functions with that role, may invoke a function with its own code. */
export interface Grant {
  readonly role?: Resource;
  readonly target: LambdaFunction;
  readonly qualifier?: string;
}

/** The permissions of roles and users of the app to invoke a function of the app by name. */
export function invokeGrantsOf(app: AppGraph): readonly Grant[] {
  return app.view(compute);
}

/** Whether code of the app, or a principal other than a service, may invoke the function, perhaps asynchronously. */
export function mayBeInvokedByCode(fn: LambdaFunction): boolean {
  return invokeGrantsOf(fn.app).some(({ target, role }) => target === fn && role !== fn.role)
    || fn.app.view(widePatterns).some(({ role, pattern }) => role !== fn.role && isNamedBy(fn, pattern))
    || fn.permissions.some(permission => !/\.amazonaws\.com$/.test(asString(permission.get('Principal')) ?? ''));
}

/** A permission to invoke functions, with the pattern of their ARNs or names. */
interface WideGrant {
  readonly role: Resource;
  readonly pattern: string;
}

/** The permissions to invoke functions by a pattern, such as all functions of the account. */
function widePatterns(app: AppGraph): readonly WideGrant[] {
  return app.view(invokingStatements).flatMap(({ role, statement }) => statement.resources
    .filter(value => typeof value === 'string' || (value instanceof Text && value.references.length === 0))
    .map(value => ({ role, pattern: patternOf(value) }))
    .filter(({ pattern }) => pattern.includes('*')));
}

/** Whether a pattern contains the function: all functions, or the physical name. A generated name is not compared. */
function isNamedBy(fn: LambdaFunction, pattern: string): boolean {
  const [, name] = /^arn:.*:function:([^:]+)/.exec(pattern) ?? [undefined, pattern];
  if (/^(\*|arn:[^:]*:lambda:\*)$/.test(name)) return true;
  const own = fn.resource.string('FunctionName');
  return own !== undefined && covers(name, own);
}

function compute(app: AppGraph): Grant[] {
  const known = new Set(functionsOf(app));
  return app.view(invokingStatements).flatMap(({ role, statement }) => statement.resources.flatMap(value => {
    const target = targetOf(app, value, statement.holder);
    return target.function && known.has(target.function)
      ? [{ role, target: target.function, qualifier: target.qualifier }]
      : [];
  }));
}

/** The statements that allow to invoke functions, with the role, or the other resource that has them. */
function invokingStatements(app: AppGraph): readonly { role: Resource; statement: Statement }[] {
  const ofRoles = app.ofType('AWS::IAM::Role').flatMap(role => (
    grantsOf(app, role).statements.map(statement => ({ role, statement }))));
  const read = new Set(ofRoles.map(({ statement }) => statement.holder));
  const ofUsers = app.ofType('AWS::IAM::User', 'AWS::IAM::Group').flatMap(holder => (
    holder.items('Policies').flatMap((policy, i) => (
      statementsOf(holder, `Policies.${i}.PolicyDocument`, policy.items('PolicyDocument'))
        .map(statement => ({ role: holder, statement }))))));
  // policies of roles and users of other apps
  const ofOthers = app.ofType(...POLICIES).filter(policy => !read.has(policy)).flatMap(policy => (
    statementsOf(policy, 'PolicyDocument').map(statement => ({ role: policy, statement }))));
  return [...ofRoles, ...ofUsers, ...ofOthers].filter(({ statement: { effect, actions } }) => (
    effect === 'Allow' && actions.some(action => covers(action, INVOKE))));
}
