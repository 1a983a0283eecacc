import { referredName } from './condition-scenarios';
import type { Resource } from './resource';
import { isJson, textOf } from './value';

/** The settings with which a resource invokes nothing. */
const OFF: Record<string, readonly [property: string, value: string]> = {
  'AWS::Lambda::EventSourceMapping': ['Enabled', 'false'],
  'AWS::Events::Rule': ['State', 'DISABLED'],
  'AWS::Scheduler::Schedule': ['State', 'DISABLED'],
  'AWS::Pipes::Pipe': ['DesiredState', 'STOPPED'],
};

/** Whether the resource is switched off. A switch that a parameter may set is on, also if its default is off. */
export function isSwitchedOff(resource: Resource): boolean {
  const [property, off] = OFF[resource.type] ?? [];
  if (property === undefined || textOf(resource.get(property)) !== off) return false;
  const properties = isJson(resource.raw.Properties) ? resource.raw.Properties : {};
  const name = referredName(properties[property]);
  const parameters = resource.template.section('Parameters');
  const parameter = name !== undefined && Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (name === undefined || !isJson(parameter) || resource.template.isAssumed(name)) return true;
  const { AllowedValues: allowed } = parameter;
  return Array.isArray(allowed) && allowed.length > 0 && allowed.every(value => textOf(value) === off);
}
