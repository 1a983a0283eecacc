import { AppView, shown } from './app-view';
import { budgetsOf } from './budgets';
import { checklistsOf } from './checklists';
import { functionData, repeatedPaths } from './functions';
import { MapBuilder } from './map';
import type { Language, Say } from './phrases';
import { sayIn } from './phrases';
import { ReleaseSimulator } from './releases';
import { DATA_VERSION } from './report-data';
import type { CostData, FindingData, OtherFinding, ReportData, SummaryData } from './report-data';
import { number, rangeText } from './units';
import type { Finding } from '../../checks/engine/check';
import type { LambdaFunction, TemplateInput } from '../../checks/graph';
import { allFunctionsOf } from '../../checks/graph';
import { documentationOf } from '../../checks/rules/rule';
import { plainText } from '../../private/plain-text';
import type { CostGroup, Range } from '../cost/arithmetic';
import { sum } from '../cost/arithmetic';
import { breakEvens } from '../cost/break-even';
import { entranceChoices, entranceCosts, functionPerMillion, perMonth } from '../cost/per-request';
import { pricesIn } from '../cost/price-units';
import { PRICES, PRICES_AS_OF, PRICES_REGION } from '../cost/prices';
import type { Prices } from '../cost/prices';
import { notPriced, StandingCost } from '../cost/standing';
import { DEFAULT_TRAFFIC, trafficOf } from '../cost/traffic';
import type { Traffic } from '../cost/traffic';

/** What other tools wrote into the cloud assembly. */
export interface OtherReports {
  readonly findings: readonly OtherFinding[];
  readonly acknowledged: readonly { readonly rule: string; readonly reason: string }[];
}

export interface ReportInputs {
  readonly name: string;
  readonly templates: readonly TemplateInput[];
  readonly findings: readonly Finding[];
  readonly others?: OtherReports;
  /** What the report could not read. */
  readonly notes?: readonly string[];
  readonly language?: Language;
  readonly traffic?: Traffic;
  readonly prices?: Prices;
  /** ISO date; the day of the run if it is not set. */
  readonly today?: string;
  /** Requests a minute for which releases are simulated. */
  readonly releaseRates?: readonly number[];
  /** The bytes of a template by its name in reports. */
  readonly templateBytes?: ReadonlyMap<string, number>;
}

/** Reads everything that a report says about an app. */
export function buildReport(inputs: ReportInputs): ReportData {
  const { language = 'en', traffic = DEFAULT_TRAFFIC, today = new Date().toISOString().slice(0, 10) } = inputs;
  const say = sayIn(language);
  const prices = pricesIn(language, inputs.prices ?? PRICES);
  const view = new AppView(inputs.templates, inputs.findings, today);
  const findings = inputs.findings.map(findingData);
  const costs = new Map<LambdaFunction, CostGroup>();
  const costOf = (fn: LambdaFunction) => {
    const known = costs.get(fn) ?? functionPerMillion(fn, trafficOf(traffic, fn.path), prices, say);
    costs.set(fn, known);
    return known;
  };
  const simulator = new ReleaseSimulator();
  const repeated = repeatedPaths(view.functions.map(fn => shown(fn.path)));
  const bySubject = findingsBySubject(findings);
  const findingsOf = (fn: LambdaFunction) => {
    const [path, own] = [shown(fn.path), plainText(fn.resource.template.input.name)];
    const all = bySubject.get(path) ?? [];
    return repeated.has(path) ? all.filter(index => findings[index].template === own) : all;
  };
  const functions = view.functions.map(fn => functionData(fn, {
    view,
    say,
    today,
    simulator,
    rates: inputs.releaseRates,
    traffic: trafficOf(traffic, fn.path),
    findings: findingsOf(fn),
    cost: { perMillion: costOf(fn), perMonth: perMonth(costOf(fn), trafficOf(traffic, fn.path)) },
  }));
  return {
    version: DATA_VERSION,
    name: shown(inputs.name),
    language,
    summary: summaryOf(inputs, view, findings, traffic, say),
    stacks: view.templates.map(({ input, resources }) => (
      { name: view.stackOf(input), resources: resources.size, bytes: inputs.templateBytes?.get(input.name) ?? 0 })),
    map: new MapBuilder(view, say).build(),
    functions,
    budgets: budgetsOf(view, inputs.templateBytes ?? new Map(), say),
    cost: costData(view, traffic, prices, functions.map(({ cost }) => cost.perMonth), costOf, say),
    checklists: checklistsOf(view, findings, language, say),
    findings,
    others: inputs.others?.findings ?? [],
    othersAcknowledged: inputs.others?.acknowledged ?? [],
  };
}

function costData(
  view: AppView, traffic: Traffic, prices: Prices, months: readonly Range[], costOf: (fn: LambdaFunction) => CostGroup, say: Say,
): CostData {
  const standing = new StandingCost(view, prices, say).groups();
  return {
    pricesAsOf: PRICES_AS_OF,
    region: PRICES_REGION,
    isTrafficStated: traffic.isStated,
    standing,
    standingTotal: sum(standing.map(({ amount }) => amount)),
    trafficTotal: sum(months),
    entrances: entranceCosts(view, costOf, prices, say),
    choices: entranceChoices(view, traffic, prices, say),
    breakEvens: breakEvens(view, traffic, prices, say),
    prices: Object.entries(prices).map(([name, { value, unit, source, compared }]) => (
      { name, value, unit, source, ...compared !== undefined && { compared } })),
    notPriced: [...notPriced(view), say('notPricedAlways')],
  };
}

function findingData({ rule, severity, template, line, path, subject, message, exempted }: Finding): FindingData {
  return {
    rule: rule.id,
    title: rule.title,
    severity,
    template,
    line,
    path: shown(path),
    function: shown(subject),
    message,
    documentation: documentationOf(rule.id),
    ...exempted !== undefined && { acknowledged: plainText(exempted) },
  };
}

function findingsBySubject(findings: readonly FindingData[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  findings.forEach(({ function: path, acknowledged }, index) => {
    if (acknowledged === undefined) found.set(path, [...found.get(path) ?? [], index]);
  });
  return found;
}

function summaryOf(inputs: ReportInputs, view: AppView, findings: readonly FindingData[], traffic: Traffic, say: Say): SummaryData {
  const open = findings.filter(({ acknowledged }) => acknowledged === undefined);
  const count = (severity: FindingData['severity']) => open.filter(each => each.severity === severity).length;
  const skipped = view.graphs.reduce((n, graph) => n + [...allFunctionsOf(graph)].length, 0) - view.functions.length;
  const unread = view.templates.flatMap(({ input }) => (input.unread ?? []).map(part => shown(`${input.name}: ${part.at} '${part.property}' ${part.must}`)));
  const scenario = view.graphs.flatMap(({ scenario: values, templates }) => [...values].filter(([, value]) => typeof value === 'string' || typeof value === 'boolean')
    .filter(([key]) => key.includes(':'))
    .map(([key, value]) => shown(`${templates.length > 1 ? `${view.stackOf(templates[Number(key.split(':')[0])].input)} ` : ''}${key.slice(key.indexOf(':') + 1)} = ${String(value)}`)));
  const { requestsPerMonth, durationMillis } = traffic.default;
  const paths = new Set(view.functions.map(fn => fn.path));
  const withoutFunction = [...traffic.functions.keys()].filter(path => !paths.has(path));
  return {
    functions: view.functions.length,
    stacks: view.templates.length,
    resources: view.templates.reduce((total, { resources }) => total + resources.size, 0),
    errors: count('error'),
    warnings: count('warning'),
    infos: count('info'),
    acknowledged: findings.length - open.length,
    notSeen: [
      ...inputs.notes ?? [],
      ...unread,
      ...scenario.length > 0 ? [say('assumedConditions', { values: scenario.join(', ') })] : [],
      ...skipped > 0 ? [say('skippedDeployTime', { n: skipped })] : [],
      ...traffic.isStated || view.functions.length === 0 ? [] : [say('assumedTraffic', { requests: rangeText(requestsPerMonth), duration: rangeText(durationMillis, number) })],
      ...withoutFunction.length > 0 ? [say('trafficWithoutFunction', { paths: shown(withoutFunction.join(', ')) })] : [],
      say('notSeenCode'),
    ],
  };
}
