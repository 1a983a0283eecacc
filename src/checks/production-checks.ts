import { NestedStack, Stack } from 'aws-cdk-lib';
import type { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport, PolicyViolation } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { check } from './engine/check';
import type { CheckOptions, Finding } from './engine/check';
import { loadTemplate } from './engine/load';
import { RULES } from './rules';
import type { Article, Severity } from './rules/rule';

/** How much a finding weighs. */
export enum CheckSeverity {
  /** Synthesis fails. */
  ERROR = 'error',
  /** Reported; `cdk synth --strict` fails. */
  WARNING = 'warning',
  /** Reported, and nothing more. */
  INFO = 'info',
  /** The rule is not run. */
  OFF = 'off',
}

/** The parts of the guide that rules belong to. */
export enum CheckArticle {
  /** The function itself, its events, failures, logs and permissions. */
  FOUNDATION = 'foundation',
  /** RDS, Aurora and RDS Proxy. */
  DATABASE = 'database',
  /** API Gateway, function URLs and load balancers. */
  HTTP = 'http',
  /** Versions, aliases, CodeDeploy and the role of the pipeline. */
  DEPLOYMENT = 'deployment',
  /** SnapStart, provisioned concurrency and packages. */
  COLD_START = 'cold-start',
}

/** What the app is for. */
export enum CheckProfile {
  /** Good practice is demanded. */
  PRODUCTION = 'production',
  /** Good practice is only told; contradictions stay errors. */
  SANDBOX = 'sandbox',
}

/** Another weight for one rule. */
export interface SeverityChange {
  /** The id of the rule, such as `LP-F32`. */
  readonly rule: string;

  /** What it weighs in this app. */
  readonly severity: CheckSeverity;
}

/** A finding that somebody has looked at and lets be. */
export interface CheckExemption {
  /** The id of the rule, such as `LP-H09`. */
  readonly rule: string;

  /** Why it does not apply here. */
  readonly reason: string;

  /**
   * The construct path it holds for, with all that is below.
   *
   * @default - the whole app
   */
  readonly path?: string;
}

/** Options of ProductionChecks. */
export interface ProductionChecksProps {
  /**
   * The articles of the guide to check.
   *
   * @default - all of them
   */
  readonly articles?: CheckArticle[];

  /**
   * Rules that weigh more or less than the guide says, or are off.
   *
   * @default - the severities of docs/RULES.md
   */
  readonly severities?: SeverityChange[];

  /**
   * What the app is for. A sandbox turns findings about good practice into infos.
   *
   * @default CheckProfile.PRODUCTION
   */
  readonly profile?: CheckProfile;

  /**
   * Findings that are known and accepted, beside what `Validations.of(x).acknowledge()` accepts.
   *
   * @default - none
   */
  readonly exemptions?: CheckExemption[];
}

/**
 * The rules of "Lambda in production", checked on every template of an app when it is synthesised.
 *
 * Works on any CDK app, whatever constructs it uses: the rules read templates only, and see through aliases, versions and
 * references between stacks. Errors fail the synthesis. A finding is acknowledged as CDK does it, with the id
 * `ProductionChecks::<rule>`: `Validations.of(queue).acknowledge({ id: 'ProductionChecks::LP-F32', reason: '...' })`.
 * An option that names a rule which does not exist is refused.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
 * @example
 * declare const app: App;
 * Validations.of(app).addPlugins(new ProductionChecks());
 */
export class ProductionChecks implements IPolicyValidationPlugin {
  /** The name in reports, and the first half of the ids that are acknowledged. */
  public readonly name: string = 'ProductionChecks';

  /** The ids of all rules. */
  public readonly ruleIds?: string[] = RULES.map(rule => rule.id);

  private readonly options: CheckOptions;

  constructor(props: ProductionChecksProps = {}) {
    for (const { rule } of [...props.severities ?? [], ...props.exemptions ?? []]) requireRule(rule);
    for (const { rule, reason } of props.exemptions ?? []) requireReason(rule, reason);
    this.options = {
      articles: props.articles && [...props.articles] as Article[],
      severities: new Map((props.severities ?? []).map(({ rule, severity }) => [rule, severity as Severity | 'off'])),
      sandbox: props.profile === CheckProfile.SANDBOX,
      exemptions: [...props.exemptions ?? []],
    };
  }

  /** Called by CDK at the end of synthesis. */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const nested = nestedTemplates(context.appConstruct);
    const inputs = context.stackTemplates.flatMap(({ templatePath, region, accountId }) =>
      loadTemplate(templatePath, undefined, { region, account: accountId, nested }));
    const findings = check(inputs, this.options);
    const open = findings.filter(finding => finding.exempted === undefined);
    return {
      success: !open.some(finding => finding.severity === 'error'),
      violations: open.map(violation),
      metadata: { exempted: String(findings.length - open.length) },
    };
  }
}

function violation(finding: Finding): PolicyViolation {
  const { rule } = finding;
  return {
    ruleName: rule.id,
    description: finding.message,
    severity: finding.severity,
    fix: finding.fix,
    ruleMetadata: { title: rule.title, why: rule.why, source: rule.source, article: rule.article, acknowledge: `ProductionChecks::${rule.id}` },
    violatingResources: [{ resourceLogicalId: finding.logicalId, templatePath: finding.template, locations: [`Properties/${finding.property.replaceAll('.', '/')}`] }],
  };
}

/** Which file a nested stack was written to: the template of its parent tells only when the CLI asked for metadata. */
function nestedTemplates(root: IConstruct): (templateFile: string, logicalId: string) => string | undefined {
  const read = () => new Map(root.node.findAll().filter(NestedStack.isNestedStack).map(stack => {
    const parent = Stack.of(stack.nestedStackResource!);
    return [`${parent.templateFile}/${parent.getLogicalId(stack.nestedStackResource!)}`, stack.templateFile];
  }));
  let files: Map<string, string> | undefined;
  return (templateFile, logicalId) => (files ??= read()).get(`${templateFile}/${logicalId}`);
}

function requireRule(id: string): void {
  if (RULES.some(rule => rule.id === id)) return;
  throw new Error(`'rule' must be one of docs/RULES.md, got ${id}; check the id for a slip (at ProductionChecks)`);
}

function requireReason(rule: string, reason: string): void {
  if (reason.trim() === '') throw new Error(`'reason' must say why ${rule} does not apply, got nothing; write a sentence (at ProductionChecks)`);
}
