import { Duration, RemovalPolicy, Tags, Token, Validations } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import type { ProfileSettings, SandboxProfileSettings } from './profile-settings';
import { Scopes } from './scopes';
import { warnOfMissedStages, warnOfSurvivors } from './survivors';
import { PROFILES, RDS, TAG } from '../limits';
import { AcrossStages } from '../private/across-stages';
import { refuse, requireRange } from '../private/validation';

/** That of CDK for tags. */
const TAG_PRIORITY = 100;

/**
 * What a part of an app is for, production or a sandbox, and what that means for each construct of this library in it.
 *
 * Production is the default and needs no word. In a sandbox nothing outlives its stack: it is destroyed, its buckets are
 * emptied, nothing is protected from deletion, traffic moves at once, logs are short, databases have no standby (one without
 * a proxy pauses at 0 ACU anyway), and owner and expiry are tags on everything. What could outlive the stack all the same, because a prop says so or because it is not
 * of this library, is a warning at synth (`cdk-production-lambda:Profile.outlivesStack`). The stages of a scope are part of
 * it; one with nothing of this library in it that is made after `applyTo` is a warning.
 *
 * Constructs read the nearest profile above them when they are made; what the stack shares (a FailureQueue, a
 * FailureBucket) reads that of the stack. So a profile is applied before them: refused is one that would come too late
 * for a construct, and a second one for the same scope. A profile of your own is one of the two with other settings.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/testing-guide.html
 * @example
 * declare const app: App;
 * const sandbox = new Stack(app, 'PaymentsOfAna');
 * Profile.sandbox({ owner: 'ana', expires: Expiration.fromString('2027-01-31') }).applyTo(sandbox);
 */
export class Profile {
  /**
   * The profile of the nearest scope that has one, from this one upwards; else production.
   *
   * @param scope Where something is made
   */
  public static of(scope: IConstruct): Profile {
    return Scopes.read<Profile>(scope) ?? Profile.PRODUCTION;
  }

  /**
   * The profile for what serves customers.
   *
   * @param settings What is other than usual, for example the retention that a company prescribes
   */
  public static production(settings: ProfileSettings = {}): Profile {
    return new Profile('production', settings, { ...settings.tags });
  }

  /**
   * The profile for what is thrown away: a developer's or a branch's stack, a test.
   *
   * @param settings Whose it is, until when, and what is other than usual
   */
  public static sandbox(settings: SandboxProfileSettings = {}): Profile {
    const { owner, expires } = settings;
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
   * What happens to data and history when they leave their stack.
   */
  public readonly removalPolicy: RemovalPolicy;

  /**
   * Whether AWS refuses to delete tables and databases.
   */
  public readonly deletionProtection: boolean;

  /**
   * Whether buckets are emptied when they are deleted.
   */
  public readonly emptyBuckets: boolean;

  /**
   * Whether a stack may make settings of the whole account and region.
   */
  public readonly accountSettings: boolean;

  /**
   * How long logs are kept.
   */
  public readonly logRetention: logs.RetentionDays;

  /**
   * Whether tables can be restored to any second of the last 35 days.
   */
  public readonly pointInTimeRecovery: boolean;

  /**
   * How long the backups of databases are kept.
   */
  public readonly backupRetention: Duration;

  /**
   * Whether databases have a second instance in another availability zone.
   */
  public readonly standby: boolean;

  private readonly missing: string[] = [];
  private expiry?: Date;

  private constructor(
    private readonly kind: 'production' | 'sandbox',
    private readonly settings: ProfileSettings,
    private readonly ownTags: { [key: string]: string },
  ) {
    const at = `Profile.${kind}`;
    const removal = PROFILES.removalPolicy[kind] === 'Delete' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    this.removalPolicy = settings.removalPolicy ?? removal;
    const isDisposable = this.removalPolicy === RemovalPolicy.DESTROY;
    this.deletionProtection = settings.deletionProtection ?? (PROFILES.deletionProtection[kind] && !isDisposable);
    this.emptyBuckets = settings.emptyBuckets ?? (PROFILES.emptyBuckets[kind] && isDisposable);
    this.accountSettings = settings.accountSettings ?? PROFILES.accountSettings[kind];
    this.logRetention = settings.logRetention ?? PROFILES.logRetentionDays[kind];
    this.pointInTimeRecovery = settings.pointInTimeRecovery ?? PROFILES.pointInTimeRecovery[kind];
    this.backupRetention = settings.backupRetention ?? Duration.days(PROFILES.backupRetentionDays[kind]);
    this.standby = settings.standby ?? PROFILES.standby[kind];

    if (isDisposable && this.deletionProtection) {
      refuse(at, "'deletionProtection' must not go with 'removalPolicy' DESTROY, got both, and no stack could be deleted; leave one out");
    }
    if (!isDisposable && this.emptyBuckets) {
      refuse(at, `'emptyBuckets' must go with 'removalPolicy' DESTROY, got ${this.removalPolicy}; leave it out, or let the buckets be deleted`);
    }
    if (!this.backupRetention.isUnresolved()) {
      requireRange(at, 'backupRetention', this.backupRetention.toDays({ integral: false }), 1, RDS.backupRetentionMaxDays, 'it is a number of days');
    }
    checkTags(at, ownTags);
  }

  /**
   * How traffic moves to new versions.
   */
  public get deploymentConfig(): codedeploy.ILambdaDeploymentConfig {
    const { ALL_AT_ONCE, CANARY_10PERCENT_5MINUTES } = codedeploy.LambdaDeploymentConfig;
    return this.settings.deploymentConfig ?? (this.kind === 'sandbox' ? ALL_AT_ONCE : CANARY_10PERCENT_5MINUTES);
  }

  /**
   * The tags of what stands below its scope; in a sandbox with `owner` and `expires`.
   */
  public get tags(): { [key: string]: string } {
    return { ...this.ownTags };
  }

  /**
   * Makes it the profile of everything below, as far as that has none of its own. Refused after constructs below have
   * read another, which would not change any more.
   *
   * @param scope An app, a stage, a stack or any construct
   */
  public applyTo(scope: IConstruct): void {
    Scopes.write(scope, this);
    warnOfMissedStages(scope, new AcrossStages(scope, at => this.giveTo(at, at.node.scopes.length - scope.node.scopes.length)));
    this.warnOfAge(scope);
  }

  /** The tags of a scope that is nearer win, wherever the stage is at which both are given. */
  private giveTo(scope: IConstruct, distance: number): void {
    for (const [key, value] of Object.entries(this.ownTags)) Tags.of(scope).add(key, value, { priority: TAG_PRIORITY - distance });
    if (this.removalPolicy === RemovalPolicy.DESTROY) warnOfSurvivors(scope);
  }

  private warnOfAge(scope: IConstruct): void {
    if (this.missing.length > 0) {
      Validations.of(scope).addWarning(
        'cdk-production-lambda:Profile.sandboxOfNobody',
        `${this.missing.join(' and ')} of the sandbox are not given, so that nobody can tell whether it may go; give them to Profile.sandbox()`,
      );
    }
    // No refusal: `cdk destroy` has to synthesise it too.
    if (this.expiry && this.expiry.getTime() < Date.now()) {
      Validations.of(scope).addWarning(
        'cdk-production-lambda:Profile.sandboxExpired',
        `the sandbox expired on ${this.ownTags.expires}; destroy it, or give it another 'expires'`,
      );
    }
  }
}

function checkTags(at: string, tags: { [key: string]: string }): void {
  for (const [key, value] of Object.entries(tags)) {
    checkTag(at, `key of the tag '${key}'`, key, TAG.keyMaxLength);
    checkTag(at, `value of the tag '${key}'`, value, TAG.valueMaxLength);
  }
}

function checkTag(at: string, what: string, text: string, max: number): void {
  if (Token.isUnresolved(text)) return;
  if (text.length < 1 || text.length > max || !TAG.characters.test(text)) {
    refuse(at, `the ${what} must be 1 to ${max} letters, digits, spaces or _.:/=+-@, got '${text}'; shorten it or leave out the other characters`);
  }
}
