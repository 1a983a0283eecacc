import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { App, type Stack as CdkStack, Stack } from 'aws-cdk-lib';

export type Template = Record<string, any>;

/** The effect of one deployment on the resources of a stack, by the update behavior that CloudFormation documents for each property. */
export interface Step {
  readonly added: string[];
  /** `Type id: properties`. */
  readonly changed: string[];
  readonly replaced: string[];
  readonly removed: string[];
  /** Removed from the stack and retained in the account. */
  readonly retained: string[];
}

/** Types whose replacement or removal loses data, or the address at which traffic arrives. */
export const HOLDS_DATA_OR_TRAFFIC = [
  'AWS::Lambda::Function', 'AWS::Lambda::Alias', 'AWS::Lambda::EventSourceMapping', 'AWS::Lambda::Url',
  'AWS::ApiGatewayV2::Api', 'AWS::ApiGatewayV2::Stage', 'AWS::ApiGatewayV2::Route', 'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGateway::RestApi', 'AWS::ApiGateway::Stage', 'AWS::ApiGateway::Resource', 'AWS::ApiGateway::Method',
  'AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::S3::Bucket', 'AWS::Kinesis::Stream', 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable',
  'AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::RDS::DBProxy', 'AWS::RDS::DBProxyTargetGroup', 'AWS::SecretsManager::Secret',
  'AWS::Logs::LogGroup', 'AWS::EC2::SecurityGroup', 'AWS::Events::Rule',
];

export function synthesise(build: (stack: CdkStack) => unknown, context: object = {}): Template {
  const app = new App({ analyticsReporting: false, context: { 'aws:cdk:bundling-stacks': [], ...context } });
  build(new Stack(app, 'Shop'));
  return app.synth().getStackByName('Shop').template;
}

export function stepFrom(before: Template, after: Template): Step {
  const step: Step = { added: [], changed: [], replaced: [], removed: [], retained: [] };
  fullDiff(before, after).resources.forEachDifference((id, difference) => {
    const type = difference.oldResourceType ?? difference.newResourceType;
    const properties = Object.keys(difference.propertyUpdates).sort().join(', ');
    switch (difference.changeImpact) {
      case ResourceImpact.WILL_CREATE: step.added.push(type!); break;
      case ResourceImpact.WILL_UPDATE: step.changed.push(`${type} ${id}: ${properties}`); break;
      case ResourceImpact.WILL_DESTROY: step.removed.push(`${type} ${id}`); break;
      case ResourceImpact.WILL_ORPHAN: step.retained.push(`${type} ${id}`); break;
      case ResourceImpact.NO_CHANGE: break;
      // A resource that may be replaced counts as replaced.
      default: step.replaced.push(`${type} ${id}: ${properties}`);
    }
  });
  for (const list of Object.values(step)) list.sort();
  return step;
}

/**
 * The resources with data or traffic that a step replaces or removes. A subscription that is replaced is created again before;
 * a subscription that is removed and created with another id is lost, because SNS returns the existing one for both ids.
 */
export function lostIn({ replaced, removed }: Step): string[] {
  const isHeld = (line: string, ...others: string[]) => [...HOLDS_DATA_OR_TRAFFIC, ...others].includes(line.split(' ')[0]);
  return [...replaced.filter(line => isHeld(line)), ...removed.filter(line => isHeld(line, 'AWS::SNS::Subscription'))];
}
