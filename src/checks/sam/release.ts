import { isJson } from '../graph/value';
import type { Json } from '../graph/value';

/** What the events of a function are bound to. */
export interface SamTarget { readonly arn: Json; readonly qualifier: string }

/** AutoPublishAlias, provisioned concurrency and DeploymentPreference, added to what was made. */
export function release(id: string, properties: Json, made: Record<string, Json>): SamTarget {
  const alias = properties.AutoPublishAlias;
  if (typeof alias !== 'string' && !isJson(alias)) return { arn: { Ref: id }, qualifier: '$LATEST' };
  const name = typeof alias === 'string' ? alias : 'live';
  const [version, aliasId] = [`${id}Version`, `${id}Alias${name.replace(/\W/g, '')}`];
  made[version] = { Type: 'AWS::Lambda::Version', DeletionPolicy: 'Retain', Properties: { FunctionName: { Ref: id } } };
  made[aliasId] = {
    Type: 'AWS::Lambda::Alias',
    Properties: {
      Name: alias, FunctionName: { Ref: id }, FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] }, ProvisionedConcurrencyConfig: properties.ProvisionedConcurrencyConfig,
    },
  };
  const preference = properties.DeploymentPreference;
  if (isJson(preference) && preference.Enabled !== false) shift(id, aliasId, preference, made);
  return { arn: { Ref: aliasId }, qualifier: name };
}

function shift(id: string, aliasId: string, preference: Json, made: Record<string, Json>): void {
  const alarms = Array.isArray(preference.Alarms) ? preference.Alarms : [];
  const hooks = isJson(preference.Hooks) ? preference.Hooks : {};
  const given = preference.Alarms !== undefined && !Array.isArray(preference.Alarms);
  const ApplicationName = { Ref: 'ServerlessDeploymentApplication' };
  made.ServerlessDeploymentApplication = { Type: 'AWS::CodeDeploy::Application', Properties: { ComputePlatform: 'Lambda' } };
  made[`${id}DeploymentGroup`] = {
    Type: 'AWS::CodeDeploy::DeploymentGroup',
    Properties: {
      ApplicationName,
      DeploymentConfigName: typeof preference.Type === 'string' ? `CodeDeployDefault.Lambda${preference.Type}` : preference.Type,
      AlarmConfiguration: given ? preference.Alarms : { Enabled: alarms.length > 0, Alarms: alarms.map(Name => ({ Name })) },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', ...(alarms.length > 0 ? ['DEPLOYMENT_STOP_ON_ALARM'] : [])],
      },
    },
  };
  made[aliasId].UpdatePolicy = {
    CodeDeployLambdaAliasUpdate: {
      ApplicationName,
      DeploymentGroupName: { Ref: `${id}DeploymentGroup` },
      ...(hooks.PreTraffic === undefined ? {} : { BeforeAllowTrafficHook: hooks.PreTraffic }),
      ...(hooks.PostTraffic === undefined ? {} : { AfterAllowTrafficHook: hooks.PostTraffic }),
    },
  };
}
