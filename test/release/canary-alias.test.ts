import { App, CfnParameter, Duration, NestedStack, RemovalPolicy, Stack, Stage, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CanaryAlias } from '../../src';
import { newStack, plainFunction } from '../support/plain-function';
import { only as onlyOf } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';

let stack: Stack;
let fn: lambda.Function;
beforeEach(() => {
  stack = newStack();
  fn = plainFunction(stack, 'Pay', { timeout: Duration.seconds(10) });
});

function templateOf(of: Stack = stack): Template {
  const template = Template.fromStack(of);
  expectNoCycle(template);
  return template;
}

function only(type: string, of: Stack = stack): any {
  expectNoCycle(of);
  return onlyOf(of, type);
}

function metricAlarms(count: number): cloudwatch.IAlarm[] {
  return Array.from({ length: count }, (_, i) => cloudwatch.Alarm.fromAlarmName(stack, `Own${i}`, `own-${i}`));
}

describe('defaults', () => {
  beforeEach(() => void new CanaryAlias(stack, 'Live', { function: fn }));

  test('the alias is called live and serves the current version', () => {
    const [version] = Object.keys(templateOf().findResources('AWS::Lambda::Version'));
    expect(only('AWS::Lambda::Alias').Properties).toEqual({
      Name: 'live',
      FunctionName: { Ref: stack.getLogicalId(fn.node.defaultChild as lambda.CfnFunction) },
      FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] },
    });
  });

  test('a new version receives 10 % of the traffic for 10 minutes', () => {
    expect(only('AWS::CodeDeploy::DeploymentGroup').Properties.DeploymentConfigName)
      .toBe('CodeDeployDefault.LambdaCanary10Percent10Minutes');
    expect(only('AWS::CodeDeploy::DeploymentGroup').Properties.DeploymentStyle)
      .toEqual({ DeploymentOption: 'WITH_TRAFFIC_CONTROL', DeploymentType: 'BLUE_GREEN' });
  });

  test('a release rolls back when it fails, is stopped or an alarm fires', () => {
    expect(only('AWS::CodeDeploy::DeploymentGroup').Properties.AutoRollbackConfiguration).toEqual({
      Enabled: true,
      Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
    });
  });

  test('both release alarms roll a release back', () => {
    const alarms = Object.keys(templateOf().findResources('AWS::CloudWatch::Alarm'));
    expect(alarms).toHaveLength(2);
    expect(only('AWS::CodeDeploy::DeploymentGroup').Properties.AlarmConfiguration)
      .toEqual({ Enabled: true, Alarms: expect.arrayContaining(alarms.map(id => ({ Name: { Ref: id } }))) });
  });

  test('CodeDeploy shifts the traffic of the alias', () => {
    const [group] = Object.keys(templateOf().findResources('AWS::CodeDeploy::DeploymentGroup'));
    const [application] = Object.keys(templateOf().findResources('AWS::CodeDeploy::Application'));
    expect(only('AWS::Lambda::Alias').UpdatePolicy)
      .toEqual({ CodeDeployLambdaAliasUpdate: { ApplicationName: { Ref: application }, DeploymentGroupName: { Ref: group } } });
  });

  test('the version is retained', () => {
    expect(only('AWS::Lambda::Version')).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('no resource has a fixed physical name', () => {
    for (const { Properties } of Object.values(templateOf().toJSON().Resources) as any[]) {
      for (const name of ['AlarmName', 'RoleName', 'ApplicationName', 'DeploymentGroupName', 'FunctionName']) {
        expect(typeof Properties[name]).not.toBe('string');
      }
    }
  });
});

describe('props', () => {
  test('aliasName is the name of the alias', () => {
    new CanaryAlias(stack, 'Live', { function: fn, aliasName: 'blue-1_A' });
    expect(only('AWS::Lambda::Alias').Properties.Name).toBe('blue-1_A');
  });

  test('description is the description of the alias', () => {
    new CanaryAlias(stack, 'Live', { function: fn, description: 'serves payments' });
    expect(only('AWS::Lambda::Alias').Properties.Description).toBe('serves payments');
  });

  test.each([
    ['a predefined one', codedeploy.LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE, 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute'],
    ['an imported one', codedeploy.LambdaDeploymentConfig.fromLambdaDeploymentConfigName(new Stack(), 'I', 'Slow'), 'Slow'],
  ])('deploymentConfig may be %s', (_, deploymentConfig, name) => {
    new CanaryAlias(stack, 'Live', { function: fn, deploymentConfig });
    expect(only('AWS::CodeDeploy::DeploymentGroup').Properties.DeploymentConfigName).toBe(name);
  });

  test('deploymentConfig may be a custom one', () => {
    const deploymentConfig = new codedeploy.LambdaDeploymentConfig(stack, 'Slow', {
      trafficRouting: codedeploy.TrafficRouting.timeBasedCanary({ interval: Duration.minutes(30), percentage: 1 }),
    });
    new CanaryAlias(stack, 'Live', { function: fn, deploymentConfig });
    const [config] = Object.keys(templateOf().findResources('AWS::CodeDeploy::DeploymentConfig'));
    expect(only('AWS::CodeDeploy::DeploymentGroup').Properties.DeploymentConfigName).toEqual({ Ref: config });
  });

  test('additionalAlarms roll a release back', () => {
    const [alarm, late] = metricAlarms(2);
    const additionalAlarms = [alarm];
    new CanaryAlias(stack, 'Live', { function: fn, additionalAlarms });
    additionalAlarms.push(late);
    const { Alarms } = only('AWS::CodeDeploy::DeploymentGroup').Properties.AlarmConfiguration;
    expect(Alarms).toHaveLength(3);
    expect(Alarms).toContainEqual({ Name: 'own-0' });
  });

  test('currentVersionOptions of the function take precedence', () => {
    fn = plainFunction(stack, 'Own', {
      currentVersionOptions: { removalPolicy: RemovalPolicy.DESTROY, description: 'mine', provisionedConcurrentExecutions: 2 },
    });
    new CanaryAlias(stack, 'Live', { function: fn });
    expect(only('AWS::Lambda::Version')).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { Description: 'mine', ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } },
    });
  });

  test('has the deployment group and the alarms as members', () => {
    const live = new CanaryAlias(stack, 'Live', { function: fn });
    expect(stack.resolve(live.deploymentGroup.deploymentGroupName)).toEqual({ Ref: expect.stringContaining('LiveRelease') });
    expect(live.errorRateAlarm.node.path).toBe('Stack/Live/ErrorRateAlarm');
    expect(live.durationAlarm.node.path).toBe('Stack/Live/DurationAlarm');
  });
});

describe('one stack, many aliases', () => {
  test('share one CodeDeploy application and one role with one policy', () => {
    for (const id of ['A', 'B', 'C']) new CanaryAlias(stack, id, { function: plainFunction(stack, `Fn${id}`) });
    templateOf().resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 3);
    templateOf().resourceCountIs('AWS::CodeDeploy::Application', 1);
    const roles = templateOf().findResources('AWS::IAM::Role', {
      Properties: { AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'codedeploy.amazonaws.com' } }] } },
    });
    expect(Object.keys(roles)).toEqual([expect.stringContaining('ProductionLambdaRelease')]);
    expect(Object.values(roles)[0].Properties.ManagedPolicyArns).toHaveLength(1);
  });

  test('may have two names for one function', () => {
    new CanaryAlias(stack, 'Live', { function: fn });
    new CanaryAlias(stack, 'Beta', { function: fn, aliasName: 'beta' });
    templateOf().resourceCountIs('AWS::Lambda::Version', 1);
    templateOf().resourceCountIs('AWS::Lambda::Alias', 2);
  });

  test('have five resources each beside the function and its role', () => {
    new CanaryAlias(stack, 'Live', { function: fn });
    const own = Object.entries<any>(templateOf().toJSON().Resources).filter(([id]) => /^(Live|PayCurrentVersion)/.test(id));
    expect(own.map(([, { Type }]) => Type.replace('AWS::', '')).sort()).toEqual(
      ['CloudWatch::Alarm', 'CloudWatch::Alarm', 'CodeDeploy::DeploymentGroup', 'Lambda::Alias', 'Lambda::Version']);
  });

  test('share the application of a nested stack within the nested stack', () => {
    const nested = new NestedStack(stack, 'Nested');
    new CanaryAlias(stack, 'Live', { function: fn });
    new CanaryAlias(nested, 'Live', { function: plainFunction(nested, 'Pay') });
    templateOf(stack).resourceCountIs('AWS::CodeDeploy::Application', 1);
    templateOf(nested).resourceCountIs('AWS::CodeDeploy::Application', 1);
    expect(JSON.stringify(templateOf(nested).toJSON())).not.toContain('referenceto');
  });

  test('two stages of one app have equal templates', () => {
    const app = new App();
    const [one, two] = ['One', 'Two'].map(id => {
      const inStage = new Stack(new Stage(app, id), 'Stack');
      new CanaryAlias(inStage, 'Live', { function: plainFunction(inStage, 'Pay') });
      return inStage;
    });
    const text = (of: Stack, id: string) => JSON.stringify(templateOf(of).toJSON()).replaceAll(`${id}/Stack/`, '');
    expect(text(one, 'One')).toBe(text(two, 'Two'));
  });
});

describe('functions that refer to each other', () => {
  test.each([['before', true], ['after', false]])('B may refer to the alias of A when created %s the alias of B', (_, early) => {
    const other = plainFunction(stack, 'Other');
    const live = new CanaryAlias(stack, 'Live', { function: fn });
    if (early) other.addEnvironment('PAY', live.functionArn);
    new CanaryAlias(stack, 'OtherLive', { function: other });
    if (!early) other.addEnvironment('PAY', live.functionArn);
    live.grantInvoke(other);
    templateOf().hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { PAY: { Ref: Match.stringLikeRegexp('^Live') } } } });
  });

  test('an alias may be created before or after its dependencies', () => {
    const other = plainFunction(stack, 'Other');
    const otherLive = new CanaryAlias(stack, 'OtherLive', { function: other });
    fn.addEnvironment('OTHER', otherLive.functionArn);
    new CanaryAlias(stack, 'Live', { function: fn });
    templateOf().resourceCountIs('AWS::Lambda::Alias', 2);
  });
});

test.each(['eu-west-1', 'cn-north-1', 'us-gov-west-1', undefined])('in region %s no ARN contains a partition', region => {
  const inRegion = newStack(region ? { env: { region, account: '123456789012' } } : {});
  new CanaryAlias(inRegion, 'Live', { function: plainFunction(inRegion, 'Pay') });
  const text = JSON.stringify(templateOf(inRegion).toJSON());
  expect(text).not.toMatch(/arn:aws[:-]/);
  expect(text).toContain('AWSCodeDeployRoleForLambdaLimited');
});

describe('changes to the alias resource', () => {
  const cfnAlias = (alias: CanaryAlias) => alias.node.defaultChild as lambda.CfnAlias;
  const live = () => new CanaryAlias(stack, 'Live', { function: fn });
  const overridden = "'updatePolicy' must name the CodeDeploy deployment group of the alias, got another policy; "
    + 'change the release by the options of CanaryAlias, or use lambda.Alias';

  test('fails when another update policy is set', () => {
    cfnAlias(live()).cfnOptions.updatePolicy = { useOnlineResharding: true };
    expect(() => Template.fromStack(stack)).toThrow(overridden);
  });

  test('fails when an override removes the update policy', () => {
    cfnAlias(live()).addDeletionOverride('UpdatePolicy');
    expect(() => Template.fromStack(stack)).toThrow(overridden);
  });

  test('fails when a second deployment group releases the alias', () => {
    new codedeploy.LambdaDeploymentGroup(stack, 'Second', { alias: live() });
    expect(() => Template.fromStack(stack)).toThrow("'alias' of a LambdaDeploymentGroup must not be a CanaryAlias, got a second deployment group, {\"Ref\":\"Second");
  });

  test('fails when static weights are set', () => {
    cfnAlias(live()).routingConfig = { additionalVersionWeights: [{ functionVersion: '1', functionWeight: 0.5 }] };
    expect(() => Template.fromStack(stack)).toThrow(
      "'routingConfig' must not be set, because CodeDeploy sets the weights of this alias during a release, got static weights; choose a deploymentConfig");
  });
});

describe('failures', () => {
  const live = (props: object) => () => new CanaryAlias(stack, 'Live', { function: fn, ...props });

  test.each(['a', 'a'.repeat(128), '1a', '-', '_'])("accepts the alias name '%s'", aliasName => {
    live({ aliasName })();
    expect(only('AWS::Lambda::Alias').Properties.Name).toBe(aliasName);
  });

  test.each(['', 'a'.repeat(129), '1', '123', 'a b', 'a.b', '$LATEST', 'ä', 'live\n'])("fails when the alias name is '%s'", aliasName => {
    expect(live({ aliasName })).toThrow(
      `'aliasName' must be 1 to 128 letters, digits, hyphens or underscores and not all digits, got '${aliasName}'; choose a name such as 'live' (at Stack/Live)`);
  });

  test('fails when the alias name is a token', () => {
    expect(live({ aliasName: new CfnParameter(stack, 'Name').valueAsString })).toThrow(
      "'aliasName' must be a literal, got a token; the release alarms refer to the alias by its name (at Stack/Live)");
  });

  test('accepts 48 alarms and fails at 49', () => {
    const alarms = metricAlarms(49);
    expect(live({ additionalAlarms: alarms })).toThrow(
      "'additionalAlarms' must be at most 48 beside the two release alarms, got 49; combine some into a composite alarm (at Stack/Live)");
    live({ additionalAlarms: alarms.slice(1) })();
    expect(only('AWS::CodeDeploy::DeploymentGroup').Properties.AlarmConfiguration.Alarms).toHaveLength(50);
  });

  test.each([
    ['errorRateThreshold', 0, 99, 'it is the percentage of failed requests'],
    ['durationThreshold', 1, 99, 'it is a percentage of the timeout'],
    ['slowdownThreshold', 1, 1_000, 'it is a ratio of durations'],
    ['minimumRequests', 1, 1_000_000, 'it is a number of requests within the window'],
  ])('fails when alarms.%s is outside its range', (prop, min, max, fix) => {
    for (const value of [min - 1, max + 1, NaN]) {
      expect(live({ alarms: { [prop]: value } })).toThrow(`'alarms.${prop}' must be between ${min} and ${max}, got ${value}; ${fix} (at Stack/Live)`);
    }
    new CanaryAlias(stack, 'Min', { function: fn, aliasName: 'min', alarms: { [prop]: min } });
    new CanaryAlias(stack, 'Max', { function: fn, aliasName: 'max', alarms: { [prop]: max } });
    new CanaryAlias(stack, 'Token', { function: fn, aliasName: 'token', alarms: { [prop]: new CfnParameter(stack, 'P', { type: 'Number' }).valueAsNumber } });
    templateOf().resourceCountIs('AWS::Lambda::Alias', 3);
  });

  test('fails before it creates a resource', () => {
    const before = stack.node.findAll().length;
    expect(live({ alarms: { minimumRequests: 0 } })).toThrow();
    expect(live({ aliasName: Token.asString({ Ref: 'X' }) })).toThrow();
    expect(stack.node.findAll()).toHaveLength(before);
  });
});
