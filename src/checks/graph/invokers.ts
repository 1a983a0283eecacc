import type { AppGraph } from './app-graph';
import { targetOf } from './functions';
import { functionsOf } from './functions';
import type { LambdaFunction } from './lambda-function';
import { covers, grantsOf, statementsOf } from './policy';
import type { Resource } from './resource';
import { asString } from './value';

const INVOKE = 'lambda:InvokeFunction';

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
    || fn.permissions.some(permission => !/\.amazonaws\.com$/.test(asString(permission.get('Principal')) ?? ''));
}

function compute(app: AppGraph): Grant[] {
  const known = new Set(functionsOf(app));
  const roles = app.ofType('AWS::IAM::Role').map(role => ({ role, statements: grantsOf(app, role).statements }));
  const others = app.ofType('AWS::IAM::User', 'AWS::IAM::Group', 'AWS::IAM::Policy')
    .filter(({ type }) => type !== 'AWS::IAM::Policy')
    .map(holder => ({
      role: holder,
      statements: holder.items('Policies').flatMap((policy, i) => (
        statementsOf(holder, `Policies.${i}.PolicyDocument`, policy.items('PolicyDocument')))),
    }));
  return [...roles, ...others].flatMap(({ role, statements }) => statements
    .filter(({ effect, actions }) => effect === 'Allow' && actions.some(action => covers(action, INVOKE)))
    .flatMap(statement => statement.resources.flatMap(value => {
      const target = targetOf(app, value, statement.holder);
      return target.function && known.has(target.function)
        ? [{ role, target: target.function, qualifier: target.qualifier }]
        : [];
    })));
}
