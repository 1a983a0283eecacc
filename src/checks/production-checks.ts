import { resolve } from 'path';
import { NestedStack, Stack, Stage } from 'aws-cdk-lib';
import type {
  IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport, PolicyViolation,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { withConstructPaths } from './construct-paths';
import { assetsOfFolders } from './engine/asset-files';
import { check } from './engine/check';
import type { CheckOptions, Finding } from './engine/check';
import { loadTemplate } from './engine/load';
import type { TemplateInput } from './graph';
import type { ProductionChecksProps } from './production-checks-props';
import { validateProductionChecksProps } from './production-checks-validation';
import { RULES } from './rules';
import { documentationOf } from './rules/rule';
import type { Category, Severity } from './rules/rule';
import { writeStageNotice } from './stage-notice';
import {
  acknowledgementsBelow, findUnmatched, PREFIX, unmatchedViolation, writeUnmatchedNotice,
} from './unmatched-exemptions';
import type { Acknowledgement } from './unmatched-exemptions';
import { acknowledgedReasons } from '../private/acknowledgements';
import { withoutDefaults } from '../private/cdk-internals';

// eslint-disable-next-line @typescript-eslint/no-require-imports
const VERSION: string = require('../../package.json').version;

/**
 * A validation plugin that checks every template of an app against rules for Lambda in production.
 *
 * The checks apply to any CDK app, because the rules read templates. They follow references between stacks and resolve
 * aliases and versions. An error fails the synthesis. A finding is acknowledged with the id `ProductionChecks::<rule>`:
 * `Validations.of(queue).acknowledge({ id: 'ProductionChecks::LP-F32', reason: '...' })`.
 *
 * In the stacks of a sandbox `Profile`, findings about good practice are infos, and findings about what the profile
 * sets are not reported. An exemption or an acknowledgement that matches no finding is reported as an info. Throws an
 * error if an option names a rule that does not exist.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
 * @example
 * declare const app: App;
 * Validations.of(app).addPlugins(new ProductionChecks());
 */
export class ProductionChecks implements IPolicyValidationPlugin {
  /** The name in reports, and the first part of the ids for acknowledgements. */
  public readonly name: string = 'ProductionChecks';

  /** The version of the library. */
  public readonly version?: string = VERSION;

  /** The ids of all rules. */
  public readonly ruleIds?: string[] = RULES.map(rule => rule.id);

  private readonly options: CheckOptions;
  private readonly reportFile?: string;

  constructor(props: ProductionChecksProps = {}) {
    validateProductionChecksProps(props);
    const { categories, severities = [], exemptions = [], reportFile } = props;
    this.reportFile = reportFile;
    this.options = {
      categories: categories && [...categories] as Category[],
      severities: new Map(severities.map(({ rule, severity }) => [rule, severity as Severity | 'off'])),
      exemptions: [...exemptions],
    };
  }

  /** Checks the templates. CDK calls this method at the end of the synthesis. */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const nested = nestedTemplates(context.appConstruct);
    const assets = assetsOfFolders();
    const loaded = context.stackTemplates.flatMap(({ templatePath, region, accountId }) =>
      loadTemplate(templatePath, undefined, { region, account: accountId, nested, assets, isTemplate: true }));
    const inputs = this.readsPaths() ? withConstructPaths(loaded, context.appConstruct) : loaded;
    const findings = check(inputs, this.options);
    const acknowledgements = acknowledgementsBelow(context.appConstruct);
    const open = onceForTheApp(acknowledgements, findings.filter(finding => finding.exempted === undefined));
    const paths = new Map(context.stackTemplates.map(stack => [stack.templatePath, stack.stackConstructPath]));
    const unmatched = findUnmatched(acknowledgements, this.options.exemptions ?? [], findings);
    if (this.reportFile !== undefined) this.writeReport(context.appConstruct, inputs, this.reportFile);
    writeUnmatchedNotice(unmatched);
    writeStageNotice(context.appConstruct, open, template => paths.get(template));
    return {
      success: !open.some(finding => finding.severity === 'error'),
      violations: [
        ...open.map(violation),
        ...unmatched.map(each => unmatchedViolation(each, [...paths.keys()])),
      ],
      metadata: { exempted: String(findings.length - open.length) },
    };
  }

  /** Whether exemptions are matched by path. The report reads acknowledgements as such exemptions. */
  private readsPaths(): boolean {
    return this.reportFile !== undefined || this.options.exemptions!.some(({ path }) => path !== undefined);
  }

  /** Only an app with the prop loads the report. CDK applies acknowledgements later, so they are exemptions here. */
  private writeReport(root: IConstruct, inputs: TemplateInput[], file: string): void {
    // docs/adr/0108-a-report-from-the-graph-of-the-checks.md
    // eslint-disable-next-line @typescript-eslint/no-require-imports, import/no-restricted-paths
    const { writeReport } = require('../report/command/write-report') as {
      writeReport(path: string, templates: TemplateInput[], findings: Finding[]): void;
    };
    const acknowledged = root.node.findAll().flatMap(construct => acknowledgedReasons(construct)
      .filter(([id]) => id.startsWith(PREFIX))
      .map(([id, reason]) => (
        { rule: id.slice(PREFIX.length), reason, path: withoutDefaults(construct.node.path) })));
    const exemptions = [...this.options.exemptions ?? [], ...acknowledged];
    const findings = check(inputs, { ...this.options, exemptions });
    const assembly = Stage.isStage(root) ? root : Stage.of(root);
    writeReport(resolve(assembly?.outdir ?? '.', file), inputs, findings);
  }
}

/**
 * The findings, of which the first is enough if they are about the app: stacks that do not refer to each other are
 * checked apart. All are reported if one is acknowledged, because CDK applies acknowledgements later.
 */
function onceForTheApp(acknowledgements: readonly Acknowledgement[], findings: Finding[]): Finding[] {
  const first = new Map<string, Finding>();
  for (const finding of findings.filter(({ ofApp }) => ofApp)) {
    if (!first.has(finding.rule.id)) first.set(finding.rule.id, finding);
  }
  const isRepeated = (finding: Finding) => finding.ofApp && first.get(finding.rule.id) !== finding;
  const acknowledged = new Set(acknowledgements.map(({ rule }) => rule));
  return findings.filter(finding => !isRepeated(finding) || acknowledged.has(finding.rule.id));
}

function violation({ rule, message, severity, fix, logicalId, template, property }: Finding): PolicyViolation {
  return {
    ruleName: rule.id,
    description: message,
    severity,
    fix,
    ruleMetadata: {
      title: rule.title,
      why: rule.why,
      documentation: documentationOf(rule.id),
      source: rule.source,
      category: rule.category,
      acknowledge: `ProductionChecks::${rule.id}`,
    },
    violatingResources: [{
      resourceLogicalId: logicalId,
      templatePath: template,
      locations: [`Properties/${property.replaceAll('.', '/')}`],
    }],
  };
}

/** Finds the template file of a nested stack, which its parent template contains only with asset metadata. */
function nestedTemplates(root: IConstruct): (templateFile: string, logicalId: string) => string | undefined {
  const read = () => new Map(root.node.findAll().filter(NestedStack.isNestedStack).map(stack => {
    const parent = Stack.of(stack.nestedStackResource!);
    return [`${parent.templateFile}/${parent.getLogicalId(stack.nestedStackResource!)}`, stack.templateFile];
  }));
  let files: Map<string, string> | undefined;
  return (templateFile, logicalId) => (files ??= read()).get(`${templateFile}/${logicalId}`);
}
