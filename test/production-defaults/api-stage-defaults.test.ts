import { Duration, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { withDefaults, plain, propsOf } from './app';
import { DEFAULTS } from '../../src/defaults';
import { plainFunction } from '../support/plain-function';

const { HttpEntrance: HTTP } = DEFAULTS;

describe('APIs and proxies', () => {
  test('an HTTP API gets a throttle and an access log', () => {
    const stack = withDefaults(s => new apigwv2.HttpApi(s, 'Api'));
    expect(propsOf(stack, 'ApiGatewayV2::Stage')).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: HTTP.throttleRateLimit.value, ThrottlingBurstLimit: HTTP.throttleBurstLimit.value },
      AccessLogSettings: { DestinationArn: { 'Fn::GetAtt': [expect.stringMatching(/^ProductionLambdaAccessLogs/), 'Arn'] }, Format: expect.stringContaining('$context.integrationError') },
    });
    expect(propsOf(stack, 'Logs::LogGroup').RetentionInDays).toBe(HTTP.logRetentionDays.value);
    expect(JSON.stringify(propsOf(stack, 'Logs::LogGroup').LogGroupName)).toContain('/aws/vendedlogs/');
  });

  test('a REST API gets a throttle, and its endpoint type does not change', () => {
    const stack = withDefaults(s => new apigateway.RestApi(s, 'Api', { deployOptions: { stageName: 'live' } }).root.addMethod('GET'));
    expect(propsOf(stack, 'ApiGateway::Stage')).toMatchObject({ StageName: 'live', MethodSettings: [expect.objectContaining({ ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1_000 })] });
    expect(propsOf(stack, 'ApiGateway::RestApi')).not.toHaveProperty('EndpointConfiguration');
  });

  test.each([['REST', 6_000, 5], ['HTTP', 8_000, 7], ['HTTP', 29_000, 10], ['REST', 2_000, 3]])('a %s integration of %s ms lowers the timeout to %s s', (kind, milliseconds, timeout) => {
    const stack = withDefaults(s => {
      const fn = plainFunction(s, 'Work');
      if (kind === 'REST') new apigateway.RestApi(s, 'Api').root.addMethod('GET', new apigateway.LambdaIntegration(fn, { timeout: Duration.millis(milliseconds) }));
      else new apigwv2.HttpApi(s, 'Api', { defaultIntegration: new integrations.HttpLambdaIntegration('Work', fn, { timeout: Duration.millis(milliseconds) }) });
    });
    expect(propsOf(stack, 'Lambda::Function', 'Work').Timeout).toBe(timeout);
  });

  test('a proxy gets a borrow timeout, and its authentication does not change', () => {
    const proxy = (s: Stack) => {
      const vpc = new ec2.Vpc(s, 'Vpc', { natGateways: 0 });
      const cluster = new rds.DatabaseCluster(s, 'Db', { engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_6 }), vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }, writer: rds.ClusterInstance.serverlessV2('Writer') });
      cluster.addProxy('Proxy', { vpc, secrets: [cluster.secret!] });
    };
    const stack = withDefaults(proxy);
    expect(propsOf(stack, 'RDS::DBProxyTargetGroup').ConnectionPoolConfigurationInfo.ConnectionBorrowTimeout).toBe(DEFAULTS.ProxiedDatabase.borrowTimeoutSeconds.value);
    expect(propsOf(stack, 'RDS::DBProxy')).toEqual(propsOf(plain(proxy), 'RDS::DBProxy'));
    expect(propsOf(stack, 'RDS::DBCluster')).toEqual(propsOf(plain(proxy), 'RDS::DBCluster'));
  });
});
