import { Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { CanaryAliasOptions } from './canary-alias-options';
import { deploymentGroupName } from './hook-site';
import { keptVersion } from './kept-version';
import { warnOfLowTraffic } from './low-traffic';
import { ReleaseAlarms } from './release-alarms';
import { ReleaseGroup } from './release-group';
import { alarmMinutes, readShift, type Shift } from './shift';
import { CODE_DEPLOY, DEFAULTS } from '../limits';
import { refuse, requireRange } from '../private/validation';
import { Profile } from '../profile';

const D = DEFAULTS.CanaryAlias;

/**
 * Properties of a CanaryAlias.
 */
export interface CanaryAliasProps extends CanaryAliasOptions {
  /**
   * The function whose current version the alias serves.
   */
  readonly function: lambda.Function;

  /**
   * The name of the alias: 1 to 128 letters, digits, hyphens and underscores, not all digits. No token, because the
   * alarms must know the name without referring to the alias.
   *
   * @default live
   */
  readonly aliasName?: string;

  /**
   * What the alias is for.
   *
   * @default - no description
   */
  readonly description?: string;
}

/**
 * An alias that moves traffic to each new version step by step and goes back by itself when the new version fails.
 *
 * In the account appear the alias, a version that is kept when the next one comes, a CodeDeploy deployment group
 * (10 % of the traffic for 5 minutes, then all of it; back on failure, stop and alarm) and two alarms that look at the
 * new version behind the alias only: the rate of errors and the 99th percentile of the duration against the timeout.
 * The CodeDeploy application and its role are shared by all canaries of the stack (`ReleaseGroup`).
 *
 * In a sandbox (`Profile`) all traffic moves at once and versions are deleted when the next one comes.
 *
 * The first deployment is not shifted: there is no version to go back to. A change of tags or description alone
 * publishes no version.
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
  private static checked(scope: Construct, id: string, props: CanaryAliasProps): lambda.AliasProps {
    const at = `${scope.node.path}/${id}`;
    const aliasName = props.aliasName ?? D.aliasName.value;
    if (Token.isUnresolved(aliasName)) {
      refuse(at, "'aliasName' must be a literal, got a token; the release alarms know the alias by its name");
    }
    if (!/^(?!\d+$)[\w-]{1,128}$/.test(aliasName)) {
      refuse(at, `'aliasName' must be 1 to 128 letters, digits, hyphens or underscores and not all digits, got '${aliasName}'; choose a name such as 'live'`);
    }
    checkOptions(at, { ...props, deploymentConfig: props.deploymentConfig ?? Profile.of(scope).deploymentConfig });
    return { aliasName, description: props.description, version: keptVersion(props.function) };
  }

  /**
   * The deployment group that shifts the traffic.
   */
  public readonly deploymentGroup: codedeploy.LambdaDeploymentGroup;

  /**
   * Fires when too many requests to the new version fail.
   */
  public readonly errorRateAlarm: cloudwatch.Alarm;

  /**
   * Fires when the slowest requests to the new version come near its timeout.
   */
  public readonly durationAlarm: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, options: CanaryAliasProps) {
    super(scope, id, CanaryAlias.checked(scope, id, options));
    const props = { ...options, deploymentConfig: options.deploymentConfig ?? Profile.of(scope).deploymentConfig };
    const shift = shiftOf(this.node.path, props);
    const minimumInvocations = props.minimumInvocations ?? D.minimumInvocations.value;
    const alarms = new ReleaseAlarms(this, {
      function: props.function,
      version: this.version,
      aliasName: this.aliasName,
      errorRateThreshold: props.errorRateThreshold ?? D.errorRateThreshold.value,
      minimumInvocations,
      durationThreshold: props.durationThreshold ?? D.durationThreshold.value,
      minutes: alarmMinutes(this.node.path, props.alarmWindow, shift),
    });
    this.errorRateAlarm = alarms.errorRate;
    this.durationAlarm = alarms.duration;
    this.deploymentGroup = this.createDeploymentGroup(props);
    this.addHooks(props);
    warnOfLowTraffic(this, props.expectedRequestsPerMinute, minimumInvocations, shift);
    this.node.addValidation({ validate: () => this.findTakenOver() });
  }

  private createDeploymentGroup(props: CanaryAliasProps): codedeploy.LambdaDeploymentGroup {
    const { application, role } = ReleaseGroup.of(this);
    return new codedeploy.LambdaDeploymentGroup(this, 'Release', {
      alias: this,
      application,
      role,
      deploymentGroupName: props.preTraffic || props.postTraffic ? deploymentGroupName(this) : undefined,
      deploymentConfig: props.deploymentConfig,
      alarms: [this.errorRateAlarm, this.durationAlarm, ...props.alarms ?? []],
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    });
  }

  /** Not by `addPreHook` of CDK: its grants make the shared hook and role wait for this alias's deployment group. */
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

  /** What takes the traffic out of CodeDeploy's hands after this class has put it there. */
  private findTakenOver(): string[] {
    const resource = this.node.defaultChild as lambda.CfnAlias;
    const { Resources } = this.stack.resolve((resource as unknown as RendersTemplate)._toCloudFormation());
    const [rendered] = Object.values<{ UpdatePolicy?: any; Properties?: any }>(Resources);
    const problems: string[] = [];
    if (rendered?.UpdatePolicy?.CodeDeployLambdaAliasUpdate?.DeploymentGroupName === undefined) {
      problems.push("'updatePolicy' must stay the one that hands the traffic to CodeDeploy, got another; change the release by the options of CanaryAlias, or use lambda.Alias");
    }
    if (rendered?.Properties?.RoutingConfig !== undefined) {
      problems.push("'routingConfig' must not be set, because CodeDeploy sets the weights of this alias during a release, got static weights; choose a deploymentConfig");
    }
    return problems;
  }
}

function checkOptions(at: string, props: CanaryAliasOptions): void {
  const own = props.alarms?.length ?? 0;
  if (own > CODE_DEPLOY.alarmsMax - 2) {
    refuse(at, `'alarms' must be at most ${CODE_DEPLOY.alarmsMax - 2} beside the two release alarms, got ${own}; combine some into a composite alarm`);
  }
  requireRange(at, 'errorRateThreshold', props.errorRateThreshold, 0, 99, 'it is the percentage of failed requests');
  requireRange(at, 'durationThreshold', props.durationThreshold, 1, 99, 'it is a percentage of the timeout');
  requireRange(at, 'minimumInvocations', props.minimumInvocations, 1, 1_000_000, 'it is a number of requests a minute');
  requireRange(at, 'expectedRequestsPerMinute', props.expectedRequestsPerMinute, 0, Infinity, 'it is a number of requests a minute');
  alarmMinutes(at, props.alarmWindow, shiftOf(at, props));
}

function shiftOf(at: string, props: CanaryAliasOptions): Shift | undefined {
  return readShift(at, props.deploymentConfig!);
}

/** The part of CfnElement that is internal to CDK: what stands in the template, overrides included. */
interface RendersTemplate {
  _toCloudFormation(): unknown;
}
