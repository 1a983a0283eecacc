import {
  AppGraph, durationOfProperty, functionsOf, mostEvaluations, NOT_PRODUCTION, scenariosOf, show,
} from '../graph';
import type { Resource, TemplateInput } from '../graph';
import { appsOf } from './apps';
import { globToRegExp, isGlob } from './glob';
import { hasSandboxProfile, isSandbox } from './template-profile';
import type { TemplateProfile } from './template-profile';
import { plainText } from '../../private/plain-text';
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
  /** The requirement and the value: `'Timeout' must be at most 15 minutes, got 15 minutes 1 second`. */
  readonly problem: string;
  /** The problem with its fix and place. */
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
  /** Whether the finding is about the app and not about the resource. */
  readonly ofApp: boolean;
}

const PIECE_MAX = 400;
const SET_BY_PROFILE = 'the sandbox profile sets the property';
const WEIGHT: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/** Runs the rules over the templates, app by app. A finding in several condition scenarios counts once. */
export function check(inputs: TemplateInput[], options: CheckOptions = {}): Finding[] {
  const rules = RULES.filter(rule => isEnabled(rule, options));
  const found = new Map<string, Finding>();
  const add = (problems: Problems) => problems.forEach(({ rule, problem }, key) => {
    if (!found.has(key)) found.set(key, finding(rule, problem, options));
  });
  for (const templates of appsOf(inputs)) {
    const scenarios = scenariosOf(templates);
    let left = mostEvaluations(templates) - scenarios.length;
    for (const scenario of scenarios) {
      const app = new AppGraph(templates, scenario, options.today);
      add(problemsOf(app, rules));
      for (const [parameter, values] of app.openParameters) {
        if (!Array.isArray(values) || values.length === 0 || values.length > left) continue;
        left -= values.length;
        add(commonProblems(values.map(value => new Map([...scenario, [parameter, value]])).map(each => (
          problemsOf(new AppGraph(templates, each, options.today), rules)))));
      }
    }
  }
  return [...found.values()].sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]);
}

/** Problems by rule, resource and property. */
type Problems = ReadonlyMap<string, { readonly rule: Rule; readonly problem: Problem }>;

function problemsOf(app: AppGraph, rules: readonly Rule[]): Problems {
  const problems = new Map<string, { rule: Rule; problem: Problem }>();
  for (const rule of rules) {
    // good practice is for the stage that serves customers
    if (rule.practice && app.scenario.has(NOT_PRODUCTION)) continue;
    for (const problem of rule.evaluate(app)) {
      const { at, property } = problem;
      const key = [rule.id, at.template.input.name, at.logicalId, property].join('\n');
      if (!problems.has(key)) problems.set(key, { rule, problem });
    }
  }
  return problems;
}

/** The problems that every allowed value of a parameter causes. */
function commonProblems([first, ...others]: Problems[]): Problems {
  return new Map([...first].filter(([key]) => others.every(other => other.has(key))));
}

function isEnabled({ id, category }: Rule, { categories, severities }: CheckOptions): boolean {
  return (categories?.includes(category) ?? true) && severities?.get(id) !== 'off';
}

function finding(rule: Rule, problem: Problem, options: CheckOptions): Finding {
  const { at, property, must, got } = problem;
  const fix = problem.fix ?? rule.fix;
  const text = plainText(`'${clip(property)}' ${clip(must)}, got ${durationOfProperty(property, got) ?? show(got)}`);
  const path = plainText(at.path);
  return {
    rule,
    severity: severityOf(rule, problem, options),
    template: plainText(at.template.input.name),
    logicalId: plainText(at.logicalId),
    resourceType: plainText(at.type),
    path,
    property: plainText(property),
    problem: text,
    message: `${text}; ${plainText(clip(fix))} (at ${clip(path)})`,
    fix: plainText(fix),
    // expensive, and only the command reads them, so they are computed on demand
    get subject() { return plainText(at.template.app.view(subjects).get(at) ?? at.path); },
    get line() { return at.template.input.lineOf?.(at.logicalId) ?? 1; },
    exempted: exemption(rule, at, options),
    ofApp: problem.ofApp === true,
  };
}

/** Limits a text from the template, where a name may have any length. */
function clip(text: string): string {
  return text.length > PIECE_MAX ? `${text.slice(0, PIECE_MAX - 3)}...` : text;
}

function severityOf(rule: Rule, { at, severity }: Problem, { severities, profile }: CheckOptions): Severity {
  const chosen = severities?.get(rule.id);
  if (chosen !== undefined && chosen !== 'off') return chosen;
  return rule.practice && isSandbox(at.template, profile) ? 'info' : severity ?? rule.severity;
}

function exemption(rule: Rule, at: Resource, { exemptions = [], severities }: CheckOptions): string | undefined {
  const { id, setByProfile } = rule;
  const given = at.exemptionFrom(id) ?? exemptions.find(candidate => covers(candidate, id, at))?.reason;
  // a stated severity has precedence over the profile
  if (given !== undefined || !setByProfile || severities?.has(id)) return given;
  return hasSandboxProfile(at.template) ? SET_BY_PROFILE : undefined;
}

/** Whether an exemption applies to at least one of the findings. */
export function isMatched(exempted: Exemption, findings: readonly Finding[]): boolean {
  return findings.some(({ rule, path, logicalId }) => covers(exempted, rule.id, { path, logicalId }));
}

function covers({ rule, path }: Exemption, id: string, at: Pick<Resource, 'path' | 'logicalId'>): boolean {
  if (rule !== id) return false;
  if (path === undefined || at.logicalId === path || at.path === path || at.path.startsWith(`${path}/`)) return true;
  return isGlob(path) && [path, `${path}/**`].some(glob => globToRegExp(glob).test(at.path));
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
