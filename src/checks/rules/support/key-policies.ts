import { covers, hasUnknown, patternOf, statementsOf } from '../../graph';
import type { AppGraph, Resource, Statement, Value } from '../../graph';

/** The key that a value names: by its ARN, its id or an alias. */
export function keyOf(value: Value, from: Resource, app: AppGraph): Resource | undefined {
  const alias = app.resourceOf(value, from, 'AWS::KMS::Alias') ?? aliasNamed(value, from, app);
  const [id, holder] = alias ? [alias.get('TargetKeyId'), alias] : [value, from];
  return app.resourceOf(id, holder, 'AWS::KMS::Key', 'AWS::KMS::ReplicaKey');
}

/**
 * Whether the policy of a key allows actions to a service; true if that is not known. A key without a policy has the
 * default one, which allows principals of IAM only.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function isUsable(key: Resource, actions: readonly string[], mayBe: (principal: Value) => boolean): boolean {
  if (key.lacks('KeyPolicy')) return false;
  if (key.items('KeyPolicy.Statement').length === 0) return true;
  const own = statementsOf(key, 'KeyPolicy').filter(({ principals }) => mayBe(principals));
  // a statement without a known action may allow any
  return actions.every(action => own.some(({ effect, actions: patterns }) => (
    effect !== 'Deny' && (patterns.length === 0 || patterns.some(pattern => covers(pattern, action))))))
    && !own.some(statement => actions.some(action => alwaysDenies(statement, action)));
}

function alwaysDenies({ effect, actions, conditions, principals }: Statement, action: string): boolean {
  return effect === 'Deny' && conditions === undefined && !hasUnknown(principals)
    && actions.some(pattern => covers(pattern, action));
}

/** The alias in the ARN or the name that CDK writes for an alias. Each stage can have an alias of one name. */
function aliasNamed(id: Value, from: Resource, app: AppGraph): Resource | undefined {
  const [name] = /alias\/[\w/-]+$/.exec(patternOf(id)) ?? [];
  if (name === undefined) return undefined;
  const named = app.ofType('AWS::KMS::Alias').filter(alias => alias.string('AliasName') === name);
  return named.find(({ template }) => template === from.template) ?? (named.length === 1 ? named[0] : undefined);
}
