/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { alias, fn, provisioned, r, ref, testRules, version } from './harness';

const snap = (props: object = {}) => fn({ Runtime: 'java25', SnapStart: { ApplyOn: 'PublishedVersions' }, ...props });
const target = (props: object = {}) => r('AWS::ApplicationAutoScaling::ScalableTarget', {
  ScalableDimension: 'lambda:function:ProvisionedConcurrency',
  ServiceNamespace: 'lambda',
  MinCapacity: 1,
  MaxCapacity: 5,
  ResourceId: { 'Fn::Join': ['', ['function:', ref('Fn'), ':live']] },
  ...props,
});
const policy = (TargetValue: unknown) => r('AWS::ApplicationAutoScaling::ScalingPolicy', { TargetTrackingScalingPolicyConfiguration: { TargetValue, PredefinedMetricSpecification: { PredefinedMetricType: 'LambdaProvisionedConcurrencyUtilization' } } });
const action = (props: object, rest: object = {}) => target({ ScheduledActions: [{ Schedule: 'cron(0 8 * * ? *)', ScalableTargetAction: props, ...rest }] });
const canary = {
  Live: alias(provisioned(2), { UpdatePolicy: { CodeDeployLambdaAliasUpdate: { ApplicationName: 'a', DeploymentGroupName: ref('Group') } } }),
  Group: r('AWS::CodeDeploy::DeploymentGroup', { DeploymentConfigName: 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute' }),
};

// LP-C16 and LP-C17 require files beside the template: engine/load.test.ts
testRules(['LP-C0', 'LP-C10', 'LP-C11', 'LP-C12', 'LP-C13', 'LP-C14', 'LP-C15', 'LP-C18', 'LP-C19'], [
  { id: 'LP-C01', fails: { Fn: snap(), Version: version(), Live: alias(provisioned(1)) }, passes: { Fn: snap(), Version: version(), Live: alias() }, says: ["'ProvisionedConcurrencyConfig' must not be set with SnapStart on Fn, got 1; remove one of them (at Live)"] },
  { id: 'LP-C02', fails: { Fn: snap({ Runtime: 'python3.11' }), Java: snap({ Runtime: 'java8.al2' }), Net: snap({ Runtime: 'dotnetcore3.1' }), Node: snap({ Runtime: 'nodejs24.x' }) }, passes: { Fn: snap({ Runtime: 'python3.12' }), Image: snap({ PackageType: 'Image' }) }, says: ["'SnapStart.ApplyOn' must not be set for python3.11, got PublishedVersions; move to python3.12 or later, or remove SnapStart (at Fn)", "'SnapStart.ApplyOn' must not be set for java8.al2, got PublishedVersions; move to java11 or later, or remove SnapStart (at Java)", "'SnapStart.ApplyOn' must not be set for dotnetcore3.1, got PublishedVersions; move to dotnet8 or later, or remove SnapStart (at Net)", "'SnapStart.ApplyOn' must not be set for nodejs24.x, got PublishedVersions; remove SnapStart, or use provisioned concurrency (at Node)"] },
  { id: 'LP-C03', fails: { Fn: snap({ EphemeralStorage: { Size: 513 }, FileSystemConfigs: [{}] }) }, passes: { Fn: snap({ EphemeralStorage: { Size: 512 } }) }, says: ["'FileSystemConfigs' must not be set with SnapStart, got 1; remove SnapStart or the storage setting (at Fn)", "'EphemeralStorage.Size' must be at most 512 MB with SnapStart, got 513; remove SnapStart or the storage setting (at Fn)"] },
  { id: 'LP-C04', fails: { Fn: snap() }, passes: { Fn: snap(), Version: version() }, says: ["'SnapStart.ApplyOn' must be used with a published version, got no version in the app; publish a version and route an alias to it (at Fn)"] },
  { id: 'LP-C05', fails: { Fn: snap({ Runtime: 'python3.14' }) }, passes: { Fn: snap() }, says: ["'SnapStart.ApplyOn' must shorten cold starts enough for its charges on python3.14, got PublishedVersions; delete versions that no alias uses (at Fn)"] },
  { id: 'LP-C06', fails: { Fn: snap({ Environment: { Variables: { DB_PASSWORD: ref('Given') } } }) }, passes: { Fn: snap({ Environment: { Variables: { SECRET_ARN: ref('Given') } } }) }, says: ["'Environment.Variables.DB_PASSWORD' must not contain credentials with SnapStart, got a value; fetch them in the handler or in an after-restore hook, with a TTL (at Fn)"] },
  { id: 'LP-C07', fails: { Fn: snap() }, passes: { Fn: snap({ Runtime: 'python3.14' }) }, says: ["'SnapStart.ApplyOn' must have callers that retry SnapStartNotReadyException, got PublishedVersions; retry the invocation, or invoke the function regularly (at Fn)"] },
  { id: 'LP-C08', fails: { Fn: fn(), Version: version(provisioned(1)) }, passes: { Fn: fn(), Version: version(), Live: alias(provisioned(1)) }, says: ["'ProvisionedConcurrencyConfig' must be set on an alias, got 1; set it on the alias (at Version)"] },
  { id: 'LP-C09', fails: { Fn: fn({ ReservedConcurrentExecutions: 9 }), Live: alias(provisioned(5)), Beta: alias({ Name: 'beta', ...provisioned(5) }) }, passes: { Fn: fn({ ReservedConcurrentExecutions: 10 }), Live: alias(provisioned(5)), Beta: alias({ Name: 'beta', ...provisioned(5) }) }, says: ["'ReservedConcurrentExecutions' must be at least 10 (the provisioned concurrency of all aliases), got 9; raise ReservedConcurrentExecutions, or lower the provisioned concurrency (at Fn)"] },
  { id: 'LP-C10', fails: { Low: policy(0.09), High: policy(0.91), Percent: policy(70) }, passes: { Low: policy(0.1), High: policy(0.9) }, says: ["'TargetTrackingScalingPolicyConfiguration.TargetValue' must be between 0.1 and 0.9, got 0.09; use 0.7 (at Low)", "'TargetTrackingScalingPolicyConfiguration.TargetValue' must be between 0.1 and 0.9, got 0.91; use 0.7 (at High)", "'TargetTrackingScalingPolicyConfiguration.TargetValue' must be between 0.1 and 0.9, got 70; use 0.7 (at Percent)"] },
  { id: 'LP-C11', fails: { Fn: fn(), Live: alias(provisioned(1)), Target: target({ MinCapacity: 0 }) }, passes: { Fn: fn(), Live: alias(provisioned(1)), Target: target() }, says: ["'MinCapacity' must be at least 1, got 0; set MinCapacity to 1 or more (at Target)"] },
  { id: 'LP-C12', fails: { Target: action({ MinCapacity: 5, MaxCapacity: 4 }) }, passes: { Target: action({ MinCapacity: 4, MaxCapacity: 4 }, { Timezone: 'Europe/Berlin' }) }, says: ["'ScheduledActions.0.ScalableTargetAction.MinCapacity' must be at most 4, got 5; set Timezone, and a minimum below the maximum (at Target)", "'ScheduledActions.0.Timezone' must be set, got UTC (the default); set Timezone, and a minimum below the maximum (at Target)"] },
  { id: 'LP-C13', fails: { Fn: fn(), Live: alias(), Target: target() }, passes: { Fn: fn(), Live: alias(provisioned(1)), Target: target() }, says: ["'ProvisionedConcurrencyConfig' must be set for Target, got nothing; set ProvisionedConcurrencyConfig on the alias to the minimum (at Live)"] },
  { id: 'LP-C14', fails: { Fn: fn(), Live: alias(provisioned(1)) }, passes: { Fn: fn(), Live: alias(provisioned(1)), Target: target() }, says: ["'ProvisionedConcurrencyConfig' must be worth its fixed cost, or scale, got 1; add scaling by utilization or by schedule (at Live)"] },
  { id: 'LP-C15', fails: { Fn: fn(), ...canary }, passes: { Fn: fn(), Live: alias(provisioned(2)) }, says: ["'ProvisionedConcurrencyConfig' must be enough for two versions, got 2; provision 10 % more than the peak requires (at Live)"] },
  { id: 'LP-C18', fails: { Fn: fn({ Runtime: 'python3.14' }), Live: alias(provisioned(1)) }, passes: { Fn: fn(), Live: alias(provisioned(1)) }, says: ["'ProvisionedConcurrencyConfig' must be needed in addition to SnapStart for python3.14, got 1; measure SnapStart before you pay for provisioned concurrency (at Live)"] },
  { id: 'LP-C19', fails: { Fn: fn({ ReservedConcurrentExecutions: 4 }), Live: alias(provisioned(1)), Target: target() }, passes: { Fn: fn({ ReservedConcurrentExecutions: 5 }), Live: alias(provisioned(1)), Target: target() }, says: ["'MaxCapacity' must be at most 4 (reserved for Fn), got 5; lower MaxCapacity, or raise ReservedConcurrentExecutions (at Target)"] },
]);
