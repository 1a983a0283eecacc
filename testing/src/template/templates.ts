import { AssertionError } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App, Stack, Stage } from 'aws-cdk-lib';
import { aliasedFunctions, unqualifiedReferences } from './alias-references';
import { assemblyOf, cdk } from './synthesis';

/** A finding of the checks. */
export interface TemplateFinding {
  /** For example `LP-F32`. */
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly fix: string;
  /** The construct path of the resource, and its logical id. */
  readonly path: string;
  readonly logicalId: string;
}

/** A resource that CloudFormation would replace or delete. */
export interface Replacement {
  readonly id: string;
  readonly type: string;
  readonly impact: 'replaced' | 'perhaps replaced' | 'deleted' | 'orphaned';
  /** The properties that cause it. */
  readonly properties: readonly string[];
}

type Template = Record<string, any>;

/** What this package uses of the checks. Both packages have the same version. */
interface TemplateInput {
  readonly file?: string;
  readonly template: Template;
}
interface Inputs {
  readApps(paths: string[], parameters: ReadonlyMap<string, string>): { apps: { templates: TemplateInput[]; exemptions: unknown[] }[] };
}
interface Engine {
  check(templates: unknown[], options: { exemptions: unknown[] }): {
    rule: { id: string }; severity: TemplateFinding['severity']; problem: string; fix: string; path: string; logicalId: string; exempted?: string;
  }[];
}

/** The template of a stack or a nested stack, as `cdk deploy` would deploy it. */
export function templateOf(stack: Stack): Template {
  return JSON.parse(readFileSync(join(assemblyOf(stack).directory, stack.templateFile), 'utf8'));
}

/**
 * Throws an AssertionError if a resource of the stack invokes a function that has an alias without the alias, so that the calls
 * would pass the release.
 */
export function expectNothingPastTheAlias(stack: Stack): void {
  const { Resources = {} } = templateOf(stack);
  const found = unqualifiedReferences(Resources, aliasedFunctions(Resources));
  if (found.length === 0) return;
  const lines = found.map(({ id, type, path }) => `  ${id} (${type}) at ${path}`);
  fail([`${stack.node.path} must use the aliases of its functions, got ${found.length} references to $LATEST; pass the alias:`, ...lines]);
}

/**
 * All findings of the checks in the templates of an app or a stage that are not acknowledged, as `cdk-production-lambda check` finds
 * them.
 */
export function findings(app: App | Stage): TemplateFinding[] {
  const { readApps } = require('cdk-production-lambda/lib/checks/cli/inputs.js') as Inputs;
  const { check } = require('cdk-production-lambda/lib/checks/engine/check.js') as Engine;
  const { apps } = readApps([assemblyOf(app, { isValid: false }).directory], new Map());
  addPaths(app, apps.flatMap(({ templates }) => templates));
  return apps.flatMap(({ templates, exemptions }) => check(templates, { exemptions })).filter(({ exempted }) => exempted === undefined)
    .map(({ rule, severity, problem, fix, path, logicalId }) => ({ rule: rule.id, severity, message: problem, fix, path, logicalId }));
}

/** The paths of constructs, which only the command of the CDK adds to templates: acknowledgements apply to a path. */
function addPaths(app: App | Stage, templates: readonly TemplateInput[]): void {
  const { CfnResource } = cdk();
  for (const node of app.node.findAll()) {
    if (!CfnResource.isCfnResource(node)) continue;
    const id = node.stack.resolve(node.logicalId) as string;
    const { template } = templates.find(({ file = '' }) => file.endsWith(`/${node.stack.templateFile}`)) ?? {};
    const resource = template?.Resources?.[id];
    if (resource) resource.Metadata = { 'aws:cdk:path': node.node.path, ...resource.Metadata };
  }
}

const RANK = { error: 3, warning: 2, info: 1 } as const;

/**
 * Throws an AssertionError if the checks have findings in the templates of an app or a stage.
 *
 * @param app The app or stage, which is synthesised
 * @param options `from`: the lowest severity that counts, `error`, `warning` (the default) or `info`
 */
export function expectNoFindings(app: App | Stage, { from = 'warning' }: { readonly from?: TemplateFinding['severity'] } = {}): void {
  const found = findings(app).filter(({ severity }) => RANK[severity] >= RANK[from]);
  if (found.length === 0) return;
  const lines = found.map(({ rule, severity, path, message, fix }) => `  ${rule} ${severity} ${path}: ${message}; ${fix}`);
  fail([`the app must have no finding of severity ${from} or above, got ${found.length}:`, ...lines]);
}

/** The template of a stack without what changes with each build: hashes of assets and of versions. For the snapshot of your test runner. */
export function snapshotOf(stack: Stack | Template): Template {
  const template = 'node' in stack ? templateOf(stack as Stack) : stack;
  return JSON.parse(JSON.stringify(template).replace(/[0-9a-f]{64}/g, '<asset>').replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1<version>'));
}

const IMPACT: Record<string, Replacement['impact']> = {
  WILL_REPLACE: 'replaced', MAY_REPLACE: 'perhaps replaced', WILL_DESTROY: 'deleted', WILL_ORPHAN: 'orphaned',
};

/**
 * The resources that a deployment over a committed template would replace or delete. Resources without data of their own (versions
 * of functions, permissions) count too: select by type.
 *
 * @param stack The stack, which is synthesised
 * @param committed The path of the committed template in JSON, or the template
 */
export function replacements(stack: Stack, committed: string | Template): Replacement[] {
  if (typeof committed === 'string' && !existsSync(committed)) {
    throw new Error(`'committed' must be a file, got '${committed}'; write the template that is deployed: aws cloudformation get-template`);
  }
  const before = typeof committed === 'string' ? JSON.parse(readFileSync(committed, 'utf8')) : committed;
  const { fullDiff } = require('@aws-cdk/cloudformation-diff') as typeof import('@aws-cdk/cloudformation-diff');
  const found: Replacement[] = [];
  fullDiff(before, templateOf(stack)).resources.forEachDifference((id, change) => {
    const impact = IMPACT[change.changeImpact];
    if (!impact) return;
    const properties = Object.entries(change.propertyUpdates).filter(([, update]) => IMPACT[update.changeImpact!]).map(([name]) => name);
    found.push({ id, type: (change.oldResourceType ?? change.newResourceType)!, impact, properties });
  });
  return found;
}

function fail(lines: string[]): never {
  throw new AssertionError({ message: lines.join('\n') });
}
