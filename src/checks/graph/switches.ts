import { referredName } from './condition-scenarios';
import type { Resource } from './resource';
import { isJson, textOf } from './value';

/** The settings with which a resource invokes nothing. */
const OFF: Record<string, readonly [property: string, value: string]> = {
  'AWS::Lambda::EventSourceMapping': ['Enabled', 'false'],
  'AWS::Events::Rule': ['State', 'DISABLED'],
  'AWS::Scheduler::Schedule': ['State', 'DISABLED'],
  'AWS::Pipes::Pipe': ['DesiredState', 'STOPPED'],
  'AWS::IoT::TopicRule': ['TopicRulePayload.RuleDisabled', 'true'],
  'AWS::SES::ReceiptRule': ['Rule.Enabled', 'false'],
};

/** Whether the resource is switched off. A switch that a parameter may set is on, also if its default is off. */
export function isSwitchedOff(resource: Resource): boolean {
  const [property, off] = OFF[resource.type] ?? [];
  if (property === undefined || textOf(resource.get(property)) !== off) return false;
  const name = referredName(property.split('.')
    .reduce<unknown>((at, key) => (isJson(at) ? at[key] : undefined), resource.raw.Properties));
  const parameters = resource.template.section('Parameters');
  const parameter = name !== undefined && Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (name === undefined || !isJson(parameter) || resource.template.isAssumed(name)) return true;
  const { AllowedValues: allowed } = parameter;
  return Array.isArray(allowed) && allowed.length > 0 && allowed.every(value => textOf(value) === off);
}
