import { AppGraph, functionsOf, scenariosOf, show } from '../graph';
import type { Resource, TemplateInput } from '../graph';
import { isSandbox } from './template-profile';
import type { TemplateProfile } from './template-profile';
import { RULES } from '../rules';
import type { Category, Problem, Rule, Severity } from '../rules/rule';

/** A finding that is known and accepted. */
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
  readonly categories?: readonly Category[];
  /** @default - the severities of the rules */
  readonly severities?: ReadonlyMap<string, Severity | 'off'>;
  /**
   * The profile of templates that state none in their metadata.
   *
   * @default production
   */
  readonly profile?: TemplateProfile;
  /** @default - none */
  readonly exemptions?: readonly Exemption[];
  /**
   * ISO date that deprecation dates are compared with.
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
  /** The path of the function that the finding is about, otherwise of the resource. */
  readonly subject: string;
  /** The line on which the resource starts in the file; 1 if it is not known. */
  readonly line: number;
  /**
   * Why the finding is accepted.
   *
   * @default - it is not
   */
  readonly exempted?: string;
}

const PIECE_MAX = 400;
const WEIGHT: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/** Runs the rules over the templates of one app. A finding in several condition scenarios counts once. */
export function check(inputs: TemplateInput[], options: CheckOptions = {}): Finding[] {
  const rules = RULES.filter(rule => isEnabled(rule, options));
  const found = new Map<string, Finding>();
  for (const scenario of scenariosOf(inputs.map(input => input.template))) {
    const app = new AppGraph(inputs, scenario, options.today);
    for (const rule of rules) {
      for (const problem of rule.evaluate(app)) {
        const { at, property } = problem;
        const key = [rule.id, at.template.input.name, at.logicalId, property].join('\n');
        if (!found.has(key)) found.set(key, finding(app, rule, problem, options));
      }
    }
  }
  return [...found.values()].sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]);
}

function isEnabled({ id, category }: Rule, { categories, severities }: CheckOptions): boolean {
  return (categories?.includes(category) ?? true) && severities?.get(id) !== 'off';
}

function finding(app: AppGraph, rule: Rule, problem: Problem, options: CheckOptions): Finding {
  const { at, property, must, got } = problem;
  const fix = problem.fix ?? rule.fix;
  return {
    rule,
    severity: severityOf(rule, at, options),
    template: at.template.input.name,
    logicalId: at.logicalId,
    resourceType: at.type,
    path: at.path,
    property,
    message: `'${clip(property)}' ${clip(must)}, got ${show(got)}; ${clip(fix)} (at ${clip(at.path)})`,
    fix,
    // expensive, and only the command reads them, so they are computed on demand
    get subject() { return app.view(subjects).get(at) ?? at.path; },
    get line() { return at.template.input.lineOf?.(at.logicalId) ?? 1; },
    exempted: exemption(rule.id, at, options.exemptions ?? []),
  };
}

/** Limits a text from the template, where a name may have any length. */
function clip(text: string): string {
  return text.length > PIECE_MAX ? `${text.slice(0, PIECE_MAX - 3)}...` : text;
}

function severityOf(rule: Rule, at: Resource, { severities, profile }: CheckOptions): Severity {
  const chosen = severities?.get(rule.id);
  if (chosen !== undefined && chosen !== 'off') return chosen;
  return rule.practice && isSandbox(at.template, profile) ? 'info' : rule.severity;
}

function exemption(id: string, at: Resource, exemptions: readonly Exemption[]): string | undefined {
  const covers = ({ rule, path }: Exemption) => rule === id && (path === undefined || isWithin(at, path));
  return at.exemptionFrom(id) ?? exemptions.find(covers)?.reason;
}

function isWithin(at: Resource, path: string): boolean {
  return at.logicalId === path || at.path === path || at.path.startsWith(`${path}/`);
}

function subjects(app: AppGraph): Map<Resource, string> {
  return new Map(functionsOf(app).flatMap(fn => [
    fn.resource,
    ...fn.aliases,
    ...fn.versions,
    ...fn.permissions,
    ...fn.sources.map(({ mapping }) => mapping),
    ...fn.urls.map(({ resource }) => resource),
    ...fn.asyncConfigs.map(({ resource }) => resource),
  ].map(resource => [resource, fn.path] as const)));
}
