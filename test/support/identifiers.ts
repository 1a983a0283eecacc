import { PHYSICAL_NAMES } from '../../src/aws';

/** Types of which each resource has an identifier that AWS generates. */
const NEVER_NAMED = ['AWS::Lambda::Version', 'AWS::KMS::Key', 'AWS::ApiGateway::Account'];

/** The name that a template gives a resource; undefined if AWS or CloudFormation generates it. */
export function statedName({ Type: type, Properties: properties = {} }: { Type: string; Properties?: Record<string, unknown> }): unknown {
  if (NEVER_NAMED.includes(type)) return undefined;
  const property = PHYSICAL_NAMES[type];
  if (property === undefined) throw new Error(`add ${type} to the types with names`);
  return properties[property];
}
