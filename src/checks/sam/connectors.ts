import { SAM_CONNECTORS } from '../../aws';
import { isJson, textOf } from '../graph/value';
import type { Json } from '../graph/value';

const CONNECTOR = 'AWS::Serverless::Connector';
const FUNCTION = 'AWS::Lambda::Function';
/** The types whose `Ref` is the ARN. */
const REF_IS_ARN = ['AWS::SNS::Topic', 'AWS::StepFunctions::StateMachine'];
/** The type that SAM expands to another one. */
const EXPANDED: Record<string, string> = {
  'AWS::Serverless::Function': FUNCTION,
  'AWS::Serverless::SimpleTable': 'AWS::DynamoDB::Table',
  'AWS::Serverless::StateMachine': 'AWS::StepFunctions::StateMachine',
};

/** A connector from a function, as far as the rules read it. */
interface Connector {
  readonly id: string;
  readonly source: string;
  readonly properties: Json;
}

/**
 * The policies that connectors attach to the roles of functions.
 *
 * @param expanded the resources after the expansion of all others
 */
export function connectorPolicies(resources: Json, expanded: Json): Record<string, Json> {
  return Object.fromEntries(Object.entries(resources).flatMap(([id, resource]) => connectorsOf(id, resource))
    .flatMap(connector => {
      const policy = policyOf(connector, expanded);
      return policy ? [[`${connector.id}Policy`, policy]] : [];
    }));
}

function connectorsOf(id: string, resource: unknown): Connector[] {
  if (!isJson(resource)) return [];
  if (resource.Type === CONNECTOR) {
    const properties = isJson(resource.Properties) ? resource.Properties : {};
    return [{ id, source: isJson(properties.Source) ? textOf(properties.Source.Id) : '', properties }];
  }
  return Object.entries(isJson(resource.Connectors) ? resource.Connectors : {}).map(([name, connector]) => {
    const properties = isJson(connector) && isJson(connector.Properties) ? connector.Properties : {};
    return { id: `${id}${name}`, source: id, properties };
  });
}

function policyOf({ source, properties }: Connector, expanded: Json): Json | undefined {
  const fn = Object.hasOwn(expanded, source) ? expanded[source] : undefined;
  const role = isJson(fn) && fn.Type === FUNCTION && isJson(fn.Properties) ? fn.Properties.Role : undefined;
  const [name] = [isJson(role) ? role['Fn::GetAtt'] : undefined].flat();
  const Statement = ([properties.Destination].flat() as unknown[])
    .flatMap(destination => statementsFor(destination, [properties.Permissions].flat(), expanded));
  if (typeof name !== 'string' || Statement.length === 0) return undefined;
  return {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { Roles: [{ Ref: name.split('.')[0] }], PolicyDocument: { Statement } },
  };
}

function statementsFor(destination: unknown, permissions: unknown[], expanded: Json): Json[] {
  if (!isJson(destination)) return [];
  const id = textOf(destination.Id);
  const target = Object.hasOwn(expanded, id) ? expanded[id] : undefined;
  const written = textOf(isJson(target) ? target.Type : destination.Type);
  const type = Object.hasOwn(EXPANDED, written) ? EXPANDED[written] : written;
  const access = Object.hasOwn(SAM_CONNECTORS, type) ? SAM_CONNECTORS[type] : {};
  const Action = [
    ...permissions.includes('Read') ? access.read ?? [] : [],
    ...permissions.includes('Write') ? access.write ?? [] : [],
  ];
  if (Action.length === 0) return [];
  const arn = id === '' ? destination.Arn : REF_IS_ARN.includes(type) ? { Ref: id } : { 'Fn::GetAtt': [id, 'Arn'] };
  const below = access.below === undefined ? [] : [{ 'Fn::Join': ['', [arn, access.below]] }];
  return [{ Effect: 'Allow', Action, Resource: [arn, ...below] }];
}
