import { shown, stackNames } from './app-view';
import { canonical, propertiesOf, replacementsOf, withoutRaw } from './replacements';
import type { Located, Pair, Replacement, ResourceChange } from './replacements';
import type { FindingData, FunctionData, ReportData } from './report-data';
import type { TemplateInput } from '../../checks/graph';
import { isJson } from '../../checks/graph';
import { PATH_METADATA } from '../../private/cdk-internals';
import { plainText } from '../../private/plain-text';
import type { Range } from '../cost/arithmetic';
import { isExact, ZERO } from '../cost/arithmetic';

export interface CostChange {
  readonly path: string;
  readonly before: Range;
  readonly now: Range;
}

export interface ReportDiff {
  readonly added: readonly ResourceChange[];
  readonly removed: readonly ResourceChange[];
  readonly replaced: readonly Replacement[];
  /** Removed from the template, and retained in the account. */
  readonly orphaned: readonly ResourceChange[];
  /** The standing cost of a month, and its parts that change. */
  readonly standing: CostChange;
  readonly standingParts: readonly CostChange[];
  readonly functions: readonly CostChange[];
  readonly newFindings: readonly FindingData[];
  readonly goneFindings: readonly FindingData[];
}

/** The differences to an earlier assembly, with its path. */
export interface Changes extends ReportDiff {
  readonly from: string;
}

/** An assembly with its report. */
interface Compared {
  readonly report: ReportData;
  readonly templates: readonly TemplateInput[];
}

/** The differences between two assemblies, with what they do to deployed resources and to the cost. */
export function diffOf(before: Compared, now: Compared): ReportDiff {
  // the names of the files do not matter for one template and another
  const isPair = before.templates.length === 1 && now.templates.length === 1;
  const [old, current] = [resourcesOf(before.templates, isPair), resourcesOf(now.templates, isPair)];
  const gone = [...old].filter(([key]) => !current.has(key)).map(([, resource]) => resource);
  const added = [...current].filter(([key]) => !old.has(key)).map(([, resource]) => resource);
  const renamed = renamedOf(gone.filter(resource => !isRetained(resource)), added);
  const others = new Set(renamed.flatMap(({ before: earlier, now: later }) => [earlier, later]));
  const pairs = [...current].flatMap(([key, resource]): Pair[] => {
    const earlier = old.get(key);
    return earlier === undefined ? [] : [{ before: earlier, now: resource }];
  });
  return {
    added: added.filter(resource => !others.has(resource)).map(withoutRaw),
    removed: gone.filter(resource => !isRetained(resource) && !others.has(resource)).map(withoutRaw),
    orphaned: gone.filter(isRetained).map(withoutRaw),
    replaced: replacementsOf(pairs, renamed),
    standing: { path: '', before: before.report.cost.standingTotal, now: now.report.cost.standingTotal },
    standingParts: partChanges(before.report, now.report),
    functions: functionChanges(before.report, now.report, isPair),
    newFindings: without(findingsOf(now, isPair), findingsOf(before, isPair)),
    goneFindings: without(findingsOf(before, isPair), findingsOf(now, isPair)),
  };
}

/** Whether the second range is certainly higher, or its bounds are and none is lower. */
export function isDearer({ before, now }: CostChange): boolean {
  return now.min >= before.min && now.max >= before.max && (now.min > before.min || now.max > before.max);
}

export function isUnchanged({ before, now }: CostChange): boolean {
  return before.min === now.min && before.max === now.max && isExact(before) === isExact(now);
}

function resourcesOf(templates: readonly TemplateInput[], isPair: boolean): Map<string, Located> {
  const stacks = stackNames(templates);
  return new Map(templates.flatMap(({ name, template: { Resources, Parameters } }) => entriesOf(Resources).flatMap(([id, raw]) => {
    if (!isJson(raw) || typeof raw.Type !== 'string' || raw.Type === 'AWS::CDK::Metadata') return [];
    const template = stacks.get(name) ?? shown(name);
    const path = isJson(raw.Metadata) && typeof raw.Metadata[PATH_METADATA] === 'string' ? raw.Metadata[PATH_METADATA] : id;
    const located = { template, scope: isPair ? '' : template, logicalId: shown(id), type: shown(raw.Type), path: shown(path), raw, parameters: isJson(Parameters) ? Parameters : {} };
    return [[isPair ? id : `${template}\n${id}`, located] as const];
  })));
}

function entriesOf(resources: unknown): [string, unknown][] {
  return isJson(resources) ? Object.entries(resources) : [];
}

/** Each change of these resources has a new logical ID by design. */
const NEW_ID_BY_DESIGN = new Set(['AWS::Lambda::Version', 'AWS::ApiGateway::Deployment']);

/** The resources of which only the logical ID is new: of one construct path, or with the same properties as one other. */
function renamedOf(gone: readonly Located[], added: readonly Located[]): Pair[] {
  const byPath = ({ scope, type, path, logicalId }: Located) => (path === logicalId ? undefined : `${scope}\n${type}\n${path}`);
  const byContent = (resource: Located) => `${resource.scope}\n${resource.type}\n${canonical(propertiesOf(resource))}`;
  const pairs: Pair[] = [];
  const paired = new Set<Located>();
  for (const keyOf of [byPath, byContent]) {
    const only = (resources: readonly Located[]) => {
      const found = new Map<string, Located | undefined>();
      for (const resource of resources) {
        const key = paired.has(resource) || NEW_ID_BY_DESIGN.has(resource.type) ? undefined : keyOf(resource);
        if (key !== undefined) found.set(key, found.has(key) ? undefined : resource);
      }
      return found;
    };
    const candidates = only(added);
    for (const [key, before] of only(gone)) {
      const now = candidates.get(key);
      if (before === undefined || now === undefined) continue;
      pairs.push({ before, now });
      paired.add(before).add(now);
    }
  }
  return pairs;
}

/** CloudFormation snapshots databases before it deletes them, unless a policy says otherwise; a retained resource remains. */
function isRetained({ raw }: Located): boolean {
  return raw.DeletionPolicy === 'Retain' || raw.DeletionPolicy === 'RetainExceptOnCreate';
}

/** The kinds of standing cost whose amount changes. */
function partChanges(before: ReportData, now: ReportData): CostChange[] {
  const [old, current] = [before, now].map(({ cost }) => new Map(cost.standing.map(({ label, amount }) => [label, amount])));
  return [...new Set([...current.keys(), ...old.keys()])]
    .map(path => ({ path, before: old.get(path) ?? ZERO, now: current.get(path) ?? ZERO }))
    .filter(change => !isUnchanged(change));
}

function functionChanges(before: ReportData, now: ReportData, isPair: boolean): CostChange[] {
  const keyOf = ({ template, logicalId }: FunctionData) => (isPair ? logicalId : `${template}\n${logicalId}`);
  const known = new Map(before.functions.map(fn => [keyOf(fn), fn.cost.perMillion.amount]));
  return now.functions.flatMap(fn => {
    const { path, cost } = fn;
    const earlier = known.get(keyOf(fn));
    const change = earlier && { path, before: earlier, now: cost.perMillion.amount };
    return change && !isUnchanged(change) ? [change] : [];
  });
}

/** The open findings by what makes them the same finding in another assembly. */
function findingsOf({ report, templates }: Compared, isPair: boolean): [string, FindingData][] {
  const names = stackNames(templates);
  const stacks = new Map(templates.map(({ name }) => [plainText(name), isPair ? '' : names.get(name)]));
  const keyOf = ({ rule, severity, template, path, message }: FindingData) => (
    [rule, severity, stacks.get(template), path, /^'([^']*)'/.exec(message)?.[1]].join('\n'));
  return report.findings.filter(({ acknowledged }) => acknowledged === undefined).map(finding => [keyOf(finding), finding]);
}

/** The findings of the first list that the second has not, or has with another severity. */
function without(findings: readonly [string, FindingData][], others: readonly [string, FindingData][]): FindingData[] {
  const known = new Set(others.map(([key]) => key));
  return findings.flatMap(([key, finding]) => (known.has(key) ? [] : [finding]));
}
