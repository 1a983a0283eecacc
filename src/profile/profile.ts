import { Aspects, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { ProfileScopes } from './profile-scopes';
import type { ProfileSettings, SandboxProfileSettings } from './profile-settings';
import { validateExpiration, validateProfile } from './profile-validation';
import { warnMissedStages, warnSandboxExpiry } from './profile-warnings';
import { warnRetainedResources } from './retained-resources';
import { PROFILES } from '../defaults';
import { AcrossStages } from '../private/across-stages';
import { markAsSandbox } from '../private/template-metadata';

/** The default priority of tags in the CDK. */
const TAG_PRIORITY = 100;

/**
 * The defaults of a part of an app: production, or a sandbox that is deleted with everything in it.
 *
 * Production is the default. In a sandbox every resource is deleted with its stack: the removal policy is DESTROY, buckets
 * are emptied, nothing has deletion protection, traffic shifts in one step, logs are retained for a week, databases have no
 * second instance, and all resources have the tags `owner` and `expires`. A resource that would outlive the stack, because
 * of a prop or because it is not of this library, raises the warning `cdk-production-lambda:Profile.outlivesStack`.
 *
 * Each construct reads the profile of the nearest scope above it when it is created; constructs that a stack shares
 * (FailureQueue, FailureBucket) read the profile of the stack. Apply a profile before you create constructs: `applyTo` throws
 * an error if a construct below has already read another profile, or if the scope has one. The stages below a scope have its
 * profile too; a stage without constructs of this library that is created after `applyTo` raises a warning.
 *
 * A sandbox profile on an app, a stage or a stack also writes `"cdk-production-lambda": { "profile": "sandbox" }` into the
 * metadata of each template. ProductionChecks then uses the severities of a sandbox for that template.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/testing-guide.html
 * @example
 * declare const app: App;
 * const sandbox = new Stack(app, 'PaymentsOfAna');
 * Profile.sandbox({ owner: 'ana', expires: Expiration.fromString('2027-01-31') }).applyTo(sandbox);
 */
export class Profile {
  /**
   * The profile of the nearest scope that has one, from this scope upwards; production if none has.
   *
   * @param scope Any construct
   */
  public static of(scope: IConstruct): Profile {
    return ProfileScopes.read<Profile>(scope) ?? Profile.PRODUCTION;
  }

  /**
   * A profile for environments that serve customers.
   *
   * @param settings The settings that differ from the defaults, for example a log retention that your company requires
   */
  public static production(settings: ProfileSettings = {}): Profile {
    return new Profile('production', settings, { ...settings.tags });
  }

  /**
   * A profile for environments that are deleted: the stack of a developer or a branch, or a test.
   *
   * @param settings The owner, the day of expiry, and the settings that differ from the defaults
   */
  public static sandbox(settings: SandboxProfileSettings = {}): Profile {
    const { owner, expires } = settings;
    validateExpiration('Profile.sandbox', expires);
    const profile = new Profile('sandbox', settings, {
      ...settings.tags,
      ...owner !== undefined && { owner },
      ...expires && { expires: expires.date.toISOString().slice(0, 10) },
    });
    if (owner === undefined) profile.missing.push("'owner'");
    if (expires === undefined) profile.missing.push("'expires'");
    profile.expiry = expires?.date;
    return profile;
  }

  private static readonly PRODUCTION = new Profile('production', {}, {});

  /**
   * The removal policy of resources with data or history.
   */
  public readonly removalPolicy: RemovalPolicy;

  /**
   * Whether tables and databases have deletion protection.
   */
  public readonly deletionProtection: boolean;

  /**
   * Whether buckets are emptied before they are deleted.
   */
  public readonly emptyBuckets: boolean;

  /**
   * Whether a stack may change settings of the account and Region.
   */
  public readonly accountSettings: boolean;

  /**
   * The retention of logs.
   */
  public readonly logRetention: logs.RetentionDays;

  /**
   * Whether tables have point-in-time recovery.
   */
  public readonly pointInTimeRecovery: boolean;

  /**
   * The retention period of the automatic backups of databases.
   */
  public readonly backupRetention: Duration;

  /**
   * Whether databases have a second instance in another Availability Zone.
   */
  public readonly standby: boolean;

  private readonly missing: string[] = [];
  private expiry?: Date;

  private constructor(
    private readonly kind: 'production' | 'sandbox',
    private readonly settings: ProfileSettings,
    private readonly ownTags: { [key: string]: string },
  ) {
    const removal = PROFILES.removalPolicy[kind] === 'Delete' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    this.removalPolicy = settings.removalPolicy ?? removal;
    const isDeleted = this.removalPolicy === RemovalPolicy.DESTROY;
    this.deletionProtection = settings.deletionProtection ?? (PROFILES.deletionProtection[kind] && !isDeleted);
    this.emptyBuckets = settings.emptyBuckets ?? (PROFILES.emptyBuckets[kind] && isDeleted);
    this.accountSettings = settings.accountSettings ?? PROFILES.accountSettings[kind];
    this.logRetention = settings.logRetention ?? PROFILES.logRetentionDays[kind];
    this.pointInTimeRecovery = settings.pointInTimeRecovery ?? PROFILES.pointInTimeRecovery[kind];
    this.backupRetention = settings.backupRetention ?? Duration.days(PROFILES.backupRetentionDays[kind]);
    this.standby = settings.standby ?? PROFILES.standby[kind];

    validateProfile(`Profile.${kind}`, this);
  }

  /**
   * The deployment configuration by which CodeDeploy shifts traffic to new versions.
   */
  public get deploymentConfig(): codedeploy.ILambdaDeploymentConfig {
    const { ALL_AT_ONCE, CANARY_10PERCENT_10MINUTES } = codedeploy.LambdaDeploymentConfig;
    return this.settings.deploymentConfig ?? (this.kind === 'sandbox' ? ALL_AT_ONCE : CANARY_10PERCENT_10MINUTES);
  }

  /**
   * Whether the deployment configuration is the default of production, which expected traffic may replace.
   *
   * @internal
   */
  public get _shiftsByDefault(): boolean {
    return this.settings.deploymentConfig === undefined && this.kind === 'production';
  }

  /**
   * Whether the resources below the scope are deleted after a test.
   *
   * @internal
   */
  public get _isSandbox(): boolean {
    return this.kind === 'sandbox';
  }

  /**
   * The tags of the resources below the scope; in a sandbox with `owner` and `expires`.
   */
  public get tags(): { [key: string]: string } {
    return { ...this.ownTags };
  }

  /**
   * Applies the profile to all constructs below a scope that have no nearer profile. Throws an error if a construct below
   * has already read another profile.
   *
   * @param scope An app, a stage, a stack or any construct
   */
  public applyTo(scope: IConstruct): void {
    ProfileScopes.apply(scope, this);
    warnMissedStages(scope, new AcrossStages(scope, at => this.applyWithinStage(at, at.node.scopes.length - scope.node.scopes.length)));
    warnSandboxExpiry(scope, this.missing, this.expiry);
  }

  /** The tags of the nearer scope take precedence, also if both profiles are applied at the same stage. */
  private applyWithinStage(scope: IConstruct, distance: number): void {
    for (const [key, value] of Object.entries(this.ownTags)) Tags.of(scope).add(key, value, { priority: TAG_PRIORITY - distance });
    if (this._isSandbox) Aspects.of(scope).add({ visit: node => this.markSandbox(node) });
    if (this.removalPolicy === RemovalPolicy.DESTROY) warnRetainedResources(scope);
  }

  /** The nearest profile counts: a stack in a sandbox app may have a production profile. */
  private markSandbox(node: IConstruct): void {
    if (Stack.isStack(node) && ProfileScopes.find<Profile>(node)?.kind === 'sandbox') markAsSandbox(node);
  }
}
