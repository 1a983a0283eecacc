import { statementsOfRole } from './role-statements';

type Json = Record<string, any>;

/** The ARN of the table of an idempotency store in the tests. */
export const TABLE = 'arn:aws:dynamodb:eu-west-1:123456789012:table/Records';

/** The statements on DynamoDB of the role of the only function, with the references replaced by `name` and the ARN of the table. */
export function recordStatements(resources: Json, name: string): Json[] {
  const [[functionId, fn]] = Object.entries<Json>(resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
  const statements = statementsOfRole(resources, fn.Properties.Role['Fn::GetAtt'][0]).all.filter(({ Action }) => JSON.stringify(Action).includes('dynamodb:'));
  return deployed(statements, { [functionId]: name });
}

function deployed(value: any, names: Record<string, string>): any {
  if (Array.isArray(value)) return value.map(item => deployed(item, names));
  if (value === null || typeof value !== 'object') return value;
  if ('Fn::Join' in value) return value['Fn::Join'][1].map((part: unknown) => deployed(part, names)).join(value['Fn::Join'][0]);
  if (value.Ref && names[value.Ref]) return names[value.Ref];
  if ('Fn::GetAtt' in value || 'Fn::ImportValue' in value) return TABLE;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, deployed(part, names)]));
}
