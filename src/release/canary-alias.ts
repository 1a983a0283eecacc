import { CfnElement, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import { findAlarmCycle } from './alarm-cycle';
import type { CanaryAliasProps } from './canary-alias-props';
import { validateCanaryAliasProps } from './canary-alias-validation';
import { leastFailures } from './error-rate';
import { explainRelease } from './explain-release';
import { deploymentGroupName } from './hook-binding';
import { reportLowTraffic } from './low-traffic-warning';
import { ReleaseAlarms } from './release-alarms';
import type { ExplainReleaseOptions, ReleaseExplanation } from './release-explanation';
import { ReleaseGroup } from './release-group';
import { retainedVersion } from './retained-version';
import { warnUnversionedContent } from './retained-version-warnings';
import { deploymentConfigOf, isShiftStated } from './shift-choice';
import { alarmMinutes, readTrafficShift } from './traffic-shift';
import { DEFAULTS } from '../defaults';
import { overridesOf } from '../private/cdk-internals';
import { effectiveProperty, effectiveResources } from '../private/effective-properties';
import { declareFaults, findFaultsProblems, publishesFaults } from '../private/faults';

const D = DEFAULTS.CanaryAlias;
/** The error rate alarm and the duration alarm. */
const OWN_ALARMS = 2;

/**
 * An alias that shifts traffic to each new version in steps and rolls back automatically if the new version fails.
 *
 * Creates the alias, a version that is retained when the next one is published, a CodeDeploy deployment group (10 % of
 * the traffic for 10 minutes, then all of it; rollback on failure, stop and alarm) and two alarms on the requests to the
 * new version through the alias: the error rate, and the 99th percentile of the duration relative to the timeout. All
 * canary aliases of a stack share one CodeDeploy application and its role.
 *
 * In a sandbox (`Profile`) all traffic shifts in one step, and a version is deleted when the next one is published.
 *
 * The first deployment is not shifted, because there is no previous version. A change of only tags or the description
 * does not publish a version. New content of a layer of the app publishes one, whichever feature flags the app has. A value
 * that only the deployment knows (a parameter, an SSM parameter, a secret) and an image tag that can move do not, and a
 * warning says so.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
 * @example
 * declare const fn: lambda.Function;
 * const live = new CanaryAlias(this, 'Live', { function: fn });
 * live.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
 */
export class CanaryAlias extends lambda.Alias {
  private static aliasProps(scope: Construct, id: string, props: CanaryAliasProps): lambda.AliasProps {
    const path = `${scope.node.path}/${id}`;
    validateCanaryAliasProps(path, props, () => deploymentConfigOf(scope, path, props));
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

  private readonly errorRateThreshold: number;
  private readonly deploymentConfig: codedeploy.ILambdaDeploymentConfig;

  constructor(scope: Construct, id: string, props: CanaryAliasProps) {
    super(scope, id, CanaryAlias.aliasProps(scope, id, props));
    this.deploymentConfig = deploymentConfigOf(scope, this.node.path, props);
    const shift = readTrafficShift(this.node.path, this.deploymentConfig);
    const windowMinutes = alarmMinutes(this.node.path, props.alarms?.window, shift);
    if (props.faults) declareFaults(props.function);
    const faults = props.faults ?? publishesFaults(props.function);
    const limits = {
      errorRateThreshold: props.alarms?.errorRateThreshold ?? D.errorRateThreshold.value,
      minimumRequests: props.alarms?.minimumRequests ?? D.minimumRequests.value,
    };
    this.errorRateThreshold = limits.errorRateThreshold;
    const alarms = new ReleaseAlarms(this, {
      function: props.function,
      version: this.version,
      aliasName: this.aliasName,
      ...limits,
      durationThreshold: props.alarms?.durationThreshold ?? D.durationThreshold.value,
      slowdownThreshold: props.alarms?.slowdownThreshold ?? D.slowdownThreshold.value,
      minutes: windowMinutes,
      faults,
    });
    this.errorRateAlarm = alarms.errorRateAlarm;
    this.durationAlarm = alarms.durationAlarm;
    this.deploymentGroup = this.createDeploymentGroup(props);
    this.addHooks(props);
    reportLowTraffic(this, {
      requestsPerMinute: props.expectedRequestsPerMinute,
      failures: leastFailures(limits),
      shift,
      windowMinutes,
      isStated: isShiftStated(scope, props),
    });
    warnUnversionedContent(this, props.function);
    if (faults) this.node.addValidation({ validate: () => findFaultsProblems(props.function) });
    this.node.addValidation({ validate: () => [...this.findTrafficOverrides(), ...findAlarmCycle(this.deploymentGroup, OWN_ALARMS)] });
  }

  /**
   * Explains what a bad version costs at a given traffic: how often the release alarms roll it back, after how many minutes and
   * failed requests, if it fails every request or 20 % of them; and how often they roll a good version back. The numbers are a
   * simulation of this alias's alarms and shift as they are now, with Poisson traffic.
   *
   * Throws an error if a threshold, the timeout or the shift is a token.
   *
   * @param options The traffic
   */
  public explainRelease(options: ExplainReleaseOptions): ReleaseExplanation {
    const fn = this.version.lambda;
    const config = this.deploymentConfig instanceof codedeploy.LambdaDeploymentConfig ? this.deploymentConfig.node.defaultChild : undefined;
    const constructs: (IConstruct | undefined)[] = [
      this.node.defaultChild, this.version.node.defaultChild, fn.node.defaultChild, this.deploymentGroup.node.defaultChild, config,
      this.errorRateAlarm.node.defaultChild, this.durationAlarm.node.defaultChild,
    ];
    const elements = constructs.filter(construct => construct !== undefined && CfnElement.isCfnElement(construct));
    return explainRelease(this.node.path, elements as CfnElement[], this.errorRateThreshold, options);
  }

  private createDeploymentGroup(props: CanaryAliasProps): codedeploy.LambdaDeploymentGroup {
    const { application, role } = ReleaseGroup.getOrCreate(this);
    return new codedeploy.LambdaDeploymentGroup(this, 'Release', {
      alias: this,
      application,
      role,
      deploymentGroupName: props.preTraffic || props.postTraffic ? deploymentGroupName(this) : undefined,
      deploymentConfig: this.deploymentConfig,
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
    const resource = this.node.defaultChild as lambda.CfnAlias;
    const problems: string[] = [];
    const stated = resource.cfnOptions.updatePolicy?.codeDeployLambdaAliasUpdate?.deploymentGroupName;
    const own = this.deploymentGroup.node.defaultChild as codedeploy.CfnDeploymentGroup;
    if (stated !== own.ref || 'UpdatePolicy' in overridesOf(resource)) problems.push(...this.findOtherPolicy(resource));
    if (effectiveProperty(resource, 'RoutingConfig', resource.routingConfig) !== undefined) {
      problems.push("'routingConfig' must not be set, because CodeDeploy sets the weights of this alias during a release, got static weights; "
        + 'choose a deploymentConfig');
    }
    return problems;
  }

  /** Reads the rendered alias, for which CDK computes the id of the version: only if the policy is not as this class set it. */
  private findOtherPolicy(resource: lambda.CfnAlias): string[] {
    const group = effectiveResources(resource)[0]?.UpdatePolicy?.CodeDeployLambdaAliasUpdate?.DeploymentGroupName;
    if (group === undefined) {
      return ["'updatePolicy' must name the CodeDeploy deployment group of the alias, got another policy; "
        + 'change the release by the options of CanaryAlias, or use lambda.Alias'];
    }
    if (JSON.stringify(group) === JSON.stringify(Stack.of(this).resolve(this.deploymentGroup.deploymentGroupName))) return [];
    return [`'alias' of a LambdaDeploymentGroup must not be a CanaryAlias, got a second deployment group, ${JSON.stringify(group)}, which would `
      + 'release the alias without its alarms; remove it, and set deploymentConfig, additionalAlarms, preTraffic and postTraffic of the alias'];
  }
}
