import { Stack } from 'aws-cdk-lib';
import type * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { propertyOverridesOf } from '../private/cdk-internals';
import { findDependencyCycle } from '../private/dependency-cycle';

/**
 * Finds an alarm of a release that waits for the alias. The alias waits for its deployment group and so for the alarms of the group. CDK
 * does not see this cycle, because the alias names the group in its UpdatePolicy; CloudFormation rejects the template.
 *
 * @param ownAlarms number of the alarms that cannot depend on the alias, because they name it by a text
 */
export function findAlarmCycle(group: codedeploy.LambdaDeploymentGroup, ownAlarms: number): string[] {
  const resource = group.node.defaultChild as codedeploy.CfnDeploymentGroup;
  // The search reads many resources, so it is left out if the group has only the alarms of the library.
  if (!('AlarmConfiguration' in propertyOverridesOf(resource)) && alarmsOf(resource) <= ownAlarms) return [];
  const cycle = findDependencyCycle(resource);
  if (cycle === undefined) return [];
  return ['\'deploymentGroup\' must not have an alarm that depends on the alias, because the alias depends on its deployment group, got the cycle '
    + `${cycle.join(' → ')}; let the function publish its failed responses in the metric 'Faults', which the release alarms can count, `
    + 'or add an alarm whose dimensions name the API and its stage as text'];
}

function alarmsOf(resource: codedeploy.CfnDeploymentGroup): number {
  const configuration: codedeploy.CfnDeploymentGroup.AlarmConfigurationProperty | undefined = Stack.of(resource).resolve(resource.alarmConfiguration);
  const alarms = configuration?.alarms;
  return Array.isArray(alarms) ? alarms.length : Infinity;
}
