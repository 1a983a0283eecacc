import { isJson } from '../graph/value';
import type { Json } from '../graph/value';

/** The function or alias that the events of a function invoke. */
export interface SamTarget {
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
    Type: 'AWS::Lambda::Version', DeletionPolicy: 'Retain', Properties: { FunctionName: { Ref: id } },
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
  if (isJson(preference) && preference.Enabled !== false) addTrafficShift(id, aliasId, preference, created);
  return { arn: { Ref: aliasId }, qualifier: name };
}

function addTrafficShift(id: string, aliasId: string, preference: Json, created: Record<string, Json>): void {
  const alarms = Array.isArray(preference.Alarms) ? preference.Alarms : [];
  const hooks = isJson(preference.Hooks) ? preference.Hooks : {};
  const isIntrinsic = preference.Alarms !== undefined && !Array.isArray(preference.Alarms);
  const ApplicationName = { Ref: 'ServerlessDeploymentApplication' };
  created.ServerlessDeploymentApplication = {
    Type: 'AWS::CodeDeploy::Application', Properties: { ComputePlatform: 'Lambda' },
  };
  created[`${id}DeploymentGroup`] = {
    Type: 'AWS::CodeDeploy::DeploymentGroup',
    Properties: {
      ApplicationName,
      DeploymentConfigName: typeof preference.Type === 'string'
        ? `CodeDeployDefault.Lambda${preference.Type}`
        : preference.Type,
      AlarmConfiguration: isIntrinsic
        ? preference.Alarms
        : { Enabled: alarms.length > 0, Alarms: alarms.map(Name => ({ Name })) },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: [
          'DEPLOYMENT_FAILURE',
          'DEPLOYMENT_STOP_ON_REQUEST',
          ...(alarms.length > 0 ? ['DEPLOYMENT_STOP_ON_ALARM'] : []),
        ],
      },
    },
  };
  created[aliasId].UpdatePolicy = {
    CodeDeployLambdaAliasUpdate: {
      ApplicationName,
      DeploymentGroupName: { Ref: `${id}DeploymentGroup` },
      ...(hooks.PreTraffic === undefined ? {} : { BeforeAllowTrafficHook: hooks.PreTraffic }),
      ...(hooks.PostTraffic === undefined ? {} : { AfterAllowTrafficHook: hooks.PostTraffic }),
    },
  };
}
