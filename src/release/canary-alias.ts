import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { CanaryAliasOptions, CanaryAliasProps } from './canary-alias-props';
import { validateCanaryAliasProps } from './canary-alias-validation';
import { deploymentGroupName } from './hook-binding';
import { warnLowTraffic } from './low-traffic-warning';
import { ReleaseAlarms } from './release-alarms';
import { ReleaseGroup } from './release-group';
import { retainedVersion } from './retained-version';
import { alarmMinutes, readTrafficShift } from './traffic-shift';
import { DEFAULTS } from '../defaults';
import { effectiveResources } from '../private/effective-properties';
import { Profile } from '../profile';

const D = DEFAULTS.CanaryAlias;

/**
 * An alias that shifts traffic to each new version in steps and rolls back automatically if the new version fails.
 *
 * Creates the alias, a version that is retained when the next one is published, a CodeDeploy deployment group (10 % of
 * the traffic for 5 minutes, then all of it; rollback on failure, stop and alarm) and two alarms on the requests to the
 * new version through the alias: the error rate, and the 99th percentile of the duration relative to the timeout. All
 * canary aliases of a stack share one CodeDeploy application and its role.
 *
 * In a sandbox (`Profile`) all traffic shifts in one step, and a version is deleted when the next one is published.
 *
 * The first deployment is not shifted, because there is no previous version. A change of only tags or the description
 * does not publish a version.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
 * @example
 * declare const fn: lambda.Function;
 * const live = new CanaryAlias(this, 'Live', { function: fn });
 * new apigwv2.HttpApi(this, 'Api', {
 *   defaultIntegration: new apigwv2_integrations.HttpLambdaIntegration('Live', live),
 * });
 */
export class CanaryAlias extends lambda.Alias {
  private static aliasProps(scope: Construct, id: string, props: CanaryAliasProps): lambda.AliasProps {
    validateCanaryAliasProps(`${scope.node.path}/${id}`, props, deploymentConfigOf(scope, props));
    return { aliasName: props.aliasName ?? D.aliasName.value, description: props.description, version: retainedVersion(props.function) };
  }

  /**
   * The deployment group that shifts the traffic.
   */
  public readonly deploymentGroup: codedeploy.LambdaDeploymentGroup;

  /**
   * Fires if the error rate of the new version exceeds its threshold.
   */
  public readonly errorRateAlarm: cloudwatch.Alarm;

  /**
   * Fires if the 99th percentile of the new version's duration exceeds its share of the timeout.
   */
  public readonly durationAlarm: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: CanaryAliasProps) {
    super(scope, id, CanaryAlias.aliasProps(scope, id, props));
    const shift = readTrafficShift(this.node.path, deploymentConfigOf(scope, props));
    const minimumRequests = props.alarms?.minimumRequests ?? D.minimumRequests.value;
    const alarms = new ReleaseAlarms(this, {
      function: props.function,
      version: this.version,
      aliasName: this.aliasName,
      errorRateThreshold: props.alarms?.errorRateThreshold ?? D.errorRateThreshold.value,
      minimumRequests,
      durationThreshold: props.alarms?.durationThreshold ?? D.durationThreshold.value,
      minutes: alarmMinutes(this.node.path, props.alarms?.window, shift),
    });
    this.errorRateAlarm = alarms.errorRateAlarm;
    this.durationAlarm = alarms.durationAlarm;
    this.deploymentGroup = this.createDeploymentGroup(props);
    this.addHooks(props);
    warnLowTraffic(this, props.expectedRequestsPerMinute, minimumRequests, shift);
    this.node.addValidation({ validate: () => this.findTrafficOverrides() });
  }

  private createDeploymentGroup(props: CanaryAliasProps): codedeploy.LambdaDeploymentGroup {
    const { application, role } = ReleaseGroup.getOrCreate(this);
    return new codedeploy.LambdaDeploymentGroup(this, 'Release', {
      alias: this,
      application,
      role,
      deploymentGroupName: props.preTraffic || props.postTraffic ? deploymentGroupName(this) : undefined,
      deploymentConfig: deploymentConfigOf(this, props),
      alarms: [this.errorRateAlarm, this.durationAlarm, ...props.additionalAlarms ?? []],
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    });
  }

  /** Not by CDK's `addPreHook`: its grants make the shared hook and role depend on the deployment group of this alias. */
  private addHooks({ preTraffic, postTraffic }: CanaryAliasProps): void {
    const { cfnOptions } = this.node.defaultChild as lambda.CfnAlias;
    const policy = cfnOptions.updatePolicy!.codeDeployLambdaAliasUpdate!;
    cfnOptions.updatePolicy = {
      codeDeployLambdaAliasUpdate: {
        ...policy,
        ...preTraffic && { beforeAllowTrafficHook: preTraffic._bind({ alias: this, prop: 'preTraffic' }) },
        ...postTraffic && { afterAllowTrafficHook: postTraffic._bind({ alias: this, prop: 'postTraffic' }) },
      },
    };
  }

  /** Finds changes to the alias resource, made after this constructor, that stop CodeDeploy from shifting the traffic. */
  private findTrafficOverrides(): string[] {
    const [rendered] = effectiveResources(this.node.defaultChild as lambda.CfnAlias);
    const problems: string[] = [];
    if (rendered?.UpdatePolicy?.CodeDeployLambdaAliasUpdate?.DeploymentGroupName === undefined) {
      problems.push("'updatePolicy' must name the CodeDeploy deployment group of the alias, got another policy; "
        + 'change the release by the options of CanaryAlias, or use lambda.Alias');
    }
    if (rendered?.Properties?.RoutingConfig !== undefined) {
      problems.push("'routingConfig' must not be set, because CodeDeploy sets the weights of this alias during a release, got static weights; "
        + 'choose a deploymentConfig');
    }
    return problems;
  }
}

function deploymentConfigOf(scope: Construct, props: CanaryAliasOptions): codedeploy.ILambdaDeploymentConfig {
  return props.deploymentConfig ?? Profile.of(scope).deploymentConfig;
}
