import { shown, stackName } from './app-view';
import { REPLACEMENTS } from './replacements.generated';
import type { FindingData, ReportData } from './report-data';
import type { Json, TemplateInput } from '../../checks/graph';
import { isJson } from '../../checks/graph';
import { PATH_METADATA } from '../../private/cdk-internals';
import type { Range } from '../cost/arithmetic';
import { isExact } from '../cost/arithmetic';

/** A resource that one of two assemblies has, or that changes so that CloudFormation replaces it. */
export interface ResourceChange {
  readonly template: string;
  readonly logicalId: string;
  readonly type: string;
  readonly path: string;
}

export interface Replacement extends ResourceChange {
  /** The properties whose change replaces the resource. */
  readonly properties: readonly string[];
  /** CloudFormation replaces only in some cases. */
  readonly isPossible: boolean;
  /** The type before, if the same logical ID has another type. */
  readonly typeBefore?: string;
}

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
  readonly standing: CostChange;
  readonly functions: readonly CostChange[];
  readonly newFindings: readonly FindingData[];
  readonly goneFindings: readonly FindingData[];
}

/** The differences to an earlier assembly, with its path. */
export interface Changes extends ReportDiff {
  readonly from: string;
}

interface Located extends ResourceChange {
  readonly raw: Json;
}

/** The differences between two assemblies, with what they do to deployed resources and to the cost. */
export function diffOf(
  before: { readonly report: ReportData; readonly templates: readonly TemplateInput[] },
  now: { readonly report: ReportData; readonly templates: readonly TemplateInput[] },
): ReportDiff {
  // the names of the files do not matter for one template and another
  const isPair = before.templates.length === 1 && now.templates.length === 1;
  const [old, current] = [resourcesOf(before.templates, isPair), resourcesOf(now.templates, isPair)];
  const gone = [...old].filter(([key]) => !current.has(key)).map(([, resource]) => resource);
  return {
    added: [...current].filter(([key]) => !old.has(key)).map(([, resource]) => withoutRaw(resource)),
    removed: gone.filter(resource => !isRetained(resource)).map(withoutRaw),
    orphaned: gone.filter(isRetained).map(withoutRaw),
    replaced: [...current].flatMap(([key, resource]) => {
      const earlier = old.get(key);
      return earlier === undefined ? [] : replacementOf(earlier, resource) ?? [];
    }),
    standing: { path: '', before: before.report.cost.standingTotal, now: now.report.cost.standingTotal },
    functions: functionChanges(before.report, now.report),
    newFindings: without(now.report.findings, before.report.findings),
    goneFindings: without(before.report.findings, now.report.findings),
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
  return new Map(templates.flatMap(input => Object.entries(isJson(input.template.Resources) ? input.template.Resources : {}).flatMap(([id, raw]) => {
    if (!isJson(raw) || typeof raw.Type !== 'string' || raw.Type === 'AWS::CDK::Metadata') return [];
    const template = stackName(input);
    const path = isJson(raw.Metadata) && typeof raw.Metadata[PATH_METADATA] === 'string' ? raw.Metadata[PATH_METADATA] : id;
    return [[isPair ? id : `${template}\n${id}`, { template, logicalId: shown(id), type: shown(raw.Type), path: shown(path), raw }] as const];
  })));
}

function withoutRaw({ template, logicalId, type, path }: Located): ResourceChange {
  return { template, logicalId, type, path };
}

/** CloudFormation snapshots databases before it deletes them, unless a policy says otherwise; a retained resource remains. */
function isRetained({ raw }: Located): boolean {
  return raw.DeletionPolicy === 'Retain' || raw.DeletionPolicy === 'RetainExceptOnCreate';
}

function replacementOf(before: Located, now: Located): Replacement | undefined {
  if (before.type !== now.type) return { ...withoutRaw(now), properties: [], isPossible: false, typeBefore: before.type };
  const replacing = (Object.hasOwn(REPLACEMENTS, now.type) ? REPLACEMENTS[now.type] : '').split(' ').filter(name => name !== '');
  const changed = replacing.filter(name => {
    const property = name.replace('?', '');
    return JSON.stringify(propertiesOf(before)[property]) !== JSON.stringify(propertiesOf(now)[property]);
  });
  if (changed.length === 0) return undefined;
  return { ...withoutRaw(now), properties: changed.map(name => name.replace('?', '')), isPossible: changed.every(name => name.endsWith('?')) };
}

function propertiesOf({ raw }: Located): Json {
  return isJson(raw.Properties) ? raw.Properties : {};
}

function functionChanges(before: ReportData, now: ReportData): CostChange[] {
  const known = new Map(before.functions.map(fn => [fn.path, fn.cost.perMillion.amount]));
  return now.functions.flatMap(({ path, cost }) => {
    const earlier = known.get(path);
    const change = earlier && { path, before: earlier, now: cost.perMillion.amount };
    return change && !isUnchanged(change) ? [change] : [];
  });
}

/** The open findings of the first list that the second has not. */
function without(findings: readonly FindingData[], others: readonly FindingData[]): FindingData[] {
  const keyOf = ({ rule, path, message }: FindingData) => `${rule}\n${path}\n${/^'([^']*)'/.exec(message)?.[1] ?? ''}`;
  const open = (list: readonly FindingData[]) => list.filter(({ acknowledged }) => acknowledged === undefined);
  const known = new Set(open(others).map(keyOf));
  return open(findings).filter(finding => !known.has(keyOf(finding)));
}
