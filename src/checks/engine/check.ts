import { AppGraph, functionsOf, show, worldsOf } from '../graph';
import type { Resource, TemplateInput } from '../graph';
import { RULES } from '../rules';
import type { Article, Problem, Rule, Severity } from '../rules/rule';

/** A finding that somebody has looked at and lets be. */
export interface Exemption {
  readonly rule: string;
  readonly reason: string;
  /**
   * A resource path, or the start of one up to a slash.
   *
   * @default - everywhere
   */
  readonly path?: string;
}

export interface CheckOptions {
  /** @default - all */
  readonly articles?: readonly Article[];
  /** @default - as the rules have them */
  readonly severities?: ReadonlyMap<string, Severity | 'off'>;
  /** @default false */
  readonly sandbox?: boolean;
  /** @default - none */
  readonly exemptions?: readonly Exemption[];
  /**
   * ISO date that deprecations are measured against.
   *
   * @default - the day of the run
   */
  readonly today?: string;
}

export interface Finding {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly template: string;
  readonly logicalId: string;
  readonly resourceType: string;
  readonly path: string;
  readonly property: string;
  readonly message: string;
  readonly fix: string;
  /** The function that it is about, where it is about one. */
  readonly subject: string;
  /** Where the resource starts in the file; the first line when that cannot be told. */
  readonly line: number;
  /**
   * Why it does not count.
   *
   * @default - it counts
   */
  readonly exempted?: string;
}

const PIECE_MAX = 400;
const WEIGHT: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/** Runs the rules over the templates of one app; the same finding in several worlds counts once. */
export function check(inputs: TemplateInput[], options: CheckOptions = {}): Finding[] {
  const rules = RULES.filter(rule => (options.articles?.includes(rule.article) ?? true) && options.severities?.get(rule.id) !== 'off');
  const found = new Map<string, Finding>();
  for (const world of worldsOf(inputs.map(input => input.template))) {
    const app = new AppGraph(inputs, world, options.today);
    for (const rule of rules) {
      for (const problem of rule.evaluate(app)) {
        const key = [rule.id, problem.at.template.input.name, problem.at.logicalId, problem.property].join('\n');
        if (!found.has(key)) found.set(key, finding(app, rule, problem, options));
      }
    }
  }
  return [...found.values()].sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]);
}

function finding(app: AppGraph, rule: Rule, problem: Problem, options: CheckOptions): Finding {
  const { at, property } = problem;
  const fix = problem.fix ?? rule.fix;
  return {
    rule,
    severity: severityOf(rule, options),
    template: at.template.input.name,
    logicalId: at.logicalId,
    resourceType: at.type,
    path: at.path,
    property,
    message: `'${clip(property)}' ${clip(problem.must)}, got ${show(problem.got)}; ${clip(fix)} (at ${clip(at.path)})`,
    fix,
    // for people only, and dear: reports of CDK do without
    get subject() { return app.view(subjects).get(at) ?? at.path; },
    get line() { return at.template.input.lineOf?.(at.logicalId) ?? 1; },
    exempted: exemption(rule.id, at, options.exemptions ?? []),
  };
}

/** Names come from the template, and may be of any length there. */
function clip(text: string): string {
  return text.length > PIECE_MAX ? `${text.slice(0, PIECE_MAX - 3)}...` : text;
}

function severityOf(rule: Rule, options: CheckOptions): Severity {
  const chosen = options.severities?.get(rule.id);
  if (chosen !== undefined && chosen !== 'off') return chosen;
  return options.sandbox && rule.practice ? 'info' : rule.severity;
}

function exemption(id: string, at: Resource, exemptions: readonly Exemption[]): string | undefined {
  return at.exemptionFrom(id) ?? exemptions.find(({ rule, path }) => rule === id && (path === undefined || path === at.logicalId || at.path === path || at.path.startsWith(`${path}/`)))?.reason;
}

function subjects(app: AppGraph): Map<Resource, string> {
  return new Map(functionsOf(app).flatMap(fn => [
    fn.resource, ...fn.aliases, ...fn.versions, ...fn.permissions, ...fn.sources.map(({ mapping }) => mapping),
    ...fn.urls.map(({ resource }) => resource), ...fn.asyncConfigs.map(({ resource }) => resource),
  ].map(resource => [resource, fn.path] as const)));
}
