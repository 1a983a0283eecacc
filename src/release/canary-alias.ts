import { type CfnResource, Lazy, RemovalPolicy, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ReleaseAlarms } from './release-alarms';
import { ReleaseGroup } from './release-group';
import { CODE_DEPLOY, DEFAULTS } from '../limits';
import { refuse, requireRange } from '../private/validation';

const D = DEFAULTS.CanaryAlias;

/**
 * How a new version takes over the traffic, and what stops it.
 */
export interface CanaryAliasOptions {
  /**
   * In which steps and how fast traffic moves to the new version.
   *
   * @default LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES
   */
  readonly deploymentConfig?: codedeploy.ILambdaDeploymentConfig;

  /**
   * Alarms of your own that also stop a release. At most 48, for a deployment group has 50.
   *
   * @default - the two release alarms alone
   */
  readonly alarms?: cloudwatch.IAlarm[];

  /**
   * Failed requests to the new version, in percent of its requests, above which a release goes back.
   * At least 0, at most 99: more than 100 % can't fail.
   *
   * @default 1
   */
  readonly errorRateThreshold?: number;

  /**
   * The 99th percentile of the new version's duration, in percent of its timeout, above which a release goes back.
   * At least 1, at most 99: nothing runs longer than its timeout.
   *
   * @default 80
   */
  readonly durationThreshold?: number;

  /**
   * Requests a minute to the new version below which both release alarms stay silent: a rate of too few requests says
   * nothing. At least 1.
   *
   * @default 5
   */
  readonly minimumInvocations?: number;
}

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
    const own = props.alarms?.length ?? 0;
    if (own > CODE_DEPLOY.alarmsMax - 2) {
      refuse(at, `'alarms' must be at most ${CODE_DEPLOY.alarmsMax - 2} beside the two release alarms, got ${own}; combine some into a composite alarm`);
    }
    requireRange(at, 'errorRateThreshold', props.errorRateThreshold, 0, 99, 'it is the percentage of failed requests');
    requireRange(at, 'durationThreshold', props.durationThreshold, 1, 99, 'it is a percentage of the timeout');
    requireRange(at, 'minimumInvocations', props.minimumInvocations, 1, 1_000_000, 'it is a number of requests a minute');
    return { aliasName, description: props.description, version: CanaryAlias.keptVersion(props.function) };
  }

  /** The current version, kept when the next one comes and published for changes of code and configuration only. */
  private static keptVersion(fn: lambda.Function): lambda.IVersion {
    const version = fn.currentVersion;
    const resource = version.node.defaultChild as lambda.CfnVersion;
    if (resource.cfnOptions.deletionPolicy === undefined) version.applyRemovalPolicy(RemovalPolicy.RETAIN);
    ignoreDescriptionAndTags(fn, resource);
    return version;
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

  constructor(scope: Construct, id: string, props: CanaryAliasProps) {
    super(scope, id, CanaryAlias.checked(scope, id, props));
    const alarms = new ReleaseAlarms(this, {
      function: props.function,
      version: this.version,
      aliasName: this.aliasName,
      errorRateThreshold: props.errorRateThreshold ?? D.errorRateThreshold.value,
      minimumInvocations: props.minimumInvocations ?? D.minimumInvocations.value,
      durationThreshold: props.durationThreshold ?? D.durationThreshold.value,
    });
    this.errorRateAlarm = alarms.errorRate;
    this.durationAlarm = alarms.duration;
    const { application, role } = ReleaseGroup.of(this);
    this.deploymentGroup = new codedeploy.LambdaDeploymentGroup(this, 'Release', {
      alias: this,
      application,
      role,
      deploymentConfig: props.deploymentConfig,
      alarms: [alarms.errorRate, alarms.duration, ...props.alarms ?? []],
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    });
  }
}

/**
 * CDK makes the description part of a version's logical id, and the tags too where an app from CDK 1 has set the flag
 * `@aws-cdk/aws-lambda:recognizeVersionProps` to false, so that a better wording or a new cost centre would publish a
 * version and shift all traffic to it. While the id is computed, both are out of sight.
 */
function ignoreDescriptionAndTags(fn: lambda.Function, version: CfnResource): void {
  // The id that Function.currentVersion computes is only to be had from the field that keeps it.
  const holder = version as unknown as { _logicalIdOverride?: string };
  const computed = holder._logicalIdOverride;
  if (computed === undefined) return;
  const cfnFunction = fn.node.defaultChild as lambda.CfnFunction;
  version.overrideLogicalId(Lazy.uncachedString({
    produce: context => {
      const { description, tags } = cfnFunction;
      const { renderTags } = tags;
      cfnFunction.description = undefined;
      tags.renderTags = () => undefined;
      try {
        return context.resolve(computed);
      } finally {
        cfnFunction.description = description;
        tags.renderTags = renderTags;
      }
    },
  }));
}
