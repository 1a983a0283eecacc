import { withoutUndefined } from './properties';
import { isJson, textOf } from '../graph/value';
import type { Json } from '../graph/value';

const NO_VALUE = { Ref: 'AWS::NoValue' };
const STOP_ON_ALARM = 'DEPLOYMENT_STOP_ON_ALARM';

/** The function or alias that the events of a function invoke. */
interface SamTarget {
  readonly arn: Json;
  readonly qualifier: string;
}

/** Adds the resources for AutoPublishAlias, ProvisionedConcurrencyConfig and DeploymentPreference. */
export function addRelease(id: string, properties: Json, created: Record<string, Json>): SamTarget {
  const alias = properties.AutoPublishAlias;
  if (typeof alias !== 'string' && !isJson(alias)) return { arn: { Ref: id }, qualifier: '$LATEST' };
  const name = typeof alias === 'string' ? alias : 'live';
  const [version, aliasId] = [`${id}Version`, `${id}Alias${name.replace(/\W/g, '')}`];
  created[version] = {
    Type: 'AWS::Lambda::Version',
    DeletionPolicy: deletionPolicy(properties),
    Properties: withoutUndefined({
      FunctionName: { Ref: id },
      Description: properties.VersionDescription,
      // SAM makes the hash a part of the logical ID
      CodeSha256: properties.AutoPublishCodeSha256,
    }),
  };
  created[aliasId] = {
    Type: 'AWS::Lambda::Alias',
    Properties: {
      Name: alias,
      FunctionName: { Ref: id },
      FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] },
      ProvisionedConcurrencyConfig: properties.ProvisionedConcurrencyConfig,
    },
  };
  const preference = properties.DeploymentPreference;
  if (isJson(preference) && isOn(preference.Enabled)) addTrafficShift(id, aliasId, preference, created);
  return { arn: { Ref: aliasId }, qualifier: name };
}

/** SAM deletes the versions of functions on Managed Instances, which keep instances running. */
function deletionPolicy({ VersionDeletionPolicy, CapacityProviderConfig }: Json): string {
  if (typeof VersionDeletionPolicy === 'string') return VersionDeletionPolicy;
  return CapacityProviderConfig === undefined ? 'Retain' : 'Delete';
}

function addTrafficShift(id: string, aliasId: string, preference: Json, created: Record<string, Json>): void {
  const hooks = isJson(preference.Hooks) ? preference.Hooks : {};
  const ApplicationName = { Ref: 'ServerlessDeploymentApplication' };
  created.ServerlessDeploymentApplication = {
    Type: 'AWS::CodeDeploy::Application', Properties: { ComputePlatform: 'Lambda' },
  };
  created[`${id}DeploymentGroup`] = {
    Type: 'AWS::CodeDeploy::DeploymentGroup',
    Properties: withoutUndefined({
      ApplicationName,
      DeploymentConfigName: configName(preference.Type),
      ServiceRoleArn: preference.Role,
      AlarmConfiguration: alarmConfiguration(preference.Alarms),
      AutoRollbackConfiguration: {
        Enabled: true,
        // SAM writes the alarm event always, which has no effect without alarms
        Events: [
          'DEPLOYMENT_FAILURE',
          'DEPLOYMENT_STOP_ON_REQUEST',
          ...alarmEvent(preference.Alarms),
        ],
      },
    }),
  };
  const update = {
    CodeDeployLambdaAliasUpdate: {
      ApplicationName,
      DeploymentGroupName: { Ref: `${id}DeploymentGroup` },
      ...(hooks.PreTraffic === undefined ? {} : { BeforeAllowTrafficHook: hooks.PreTraffic }),
      ...(hooks.PostTraffic === undefined ? {} : { AfterAllowTrafficHook: hooks.PostTraffic }),
    },
  };
  created[aliasId].UpdatePolicy = whereOn(preference.Enabled, update);
}

/** The update policy in the branches of `Enabled: !If [condition, true, false]` that switch the preference on. */
function whereOn(enabled: unknown, update: Json): Json {
  const branch = isJson(enabled) ? enabled['Fn::If'] : undefined;
  if (!Array.isArray(branch)) return isOn(enabled) ? update : NO_VALUE;
  return { 'Fn::If': [branch[0], whereOn(branch[1], update), whereOn(branch[2], update)] };
}

/** Whether a preference takes effect; one that depends on a parameter does. */
function isOn(enabled: unknown): boolean {
  return enabled !== false && !/^false$/i.test(textOf(enabled));
}

/** The name of the configuration, with the prefix of CodeDeploy for the predefined types of SAM. */
function configName(type: unknown): unknown {
  if (typeof type === 'string') return `CodeDeployDefault.Lambda${type}`;
  const branch = isJson(type) ? type['Fn::If'] : undefined;
  return Array.isArray(branch) ? { 'Fn::If': [branch[0], configName(branch[1]), configName(branch[2])] } : type;
}

/** The event that stops a deployment on alarms, in the branches of a condition that have any. */
function alarmEvent(alarms: unknown): unknown[] {
  const branch = isJson(alarms) ? alarms['Fn::If'] : undefined;
  if (Array.isArray(branch)) {
    return [{ 'Fn::If': [branch[0], ...branch.slice(1).map(item => alarmEvent(item)[0] ?? NO_VALUE)] }];
  }
  const events = ([alarms ?? []].flat() as unknown[]).filter(alarm => !isNoValue(alarm))
    .map(alarm => (isJson(alarm) && Array.isArray(alarm['Fn::If']) ? alarmEvent(alarm)[0] : STOP_ON_ALARM));
  return events.includes(STOP_ON_ALARM) ? [STOP_ON_ALARM] : events;
}

function isNoValue(value: unknown): boolean {
  return isJson(value) && value.Ref === 'AWS::NoValue';
}

/** The alarms, also in the branches of a condition. */
function alarmConfiguration(alarms: unknown): unknown {
  if (Array.isArray(alarms)) return { Enabled: alarms.length > 0, Alarms: alarms.map(alarmEntry) };
  const branch = isJson(alarms) ? alarms['Fn::If'] : undefined;
  if (!Array.isArray(branch)) return alarms;
  return { 'Fn::If': [branch[0], ...branch.slice(1).map(item => alarmConfiguration(item) ?? NO_VALUE)] };
}

/** An alarm of the list, which a condition may leave out. */
function alarmEntry(alarm: unknown): Json {
  const branch = isJson(alarm) ? alarm['Fn::If'] : undefined;
  if (!Array.isArray(branch)) return isNoValue(alarm) ? alarm as Json : { Name: alarm };
  return { 'Fn::If': [branch[0], ...branch.slice(1).map(alarmEntry)] };
}
