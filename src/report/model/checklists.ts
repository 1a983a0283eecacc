import type { AppView } from './app-view';
import { CHECKLISTS } from './checklist-items';
import type { ItemSource } from './checklist-items';
import type { Language, Say } from './phrases';
import type { ChecklistData, ChecklistItem, FindingData } from './report-data';
import { LAMBDA } from '../../aws';
import { patternOf, releasesOf, shiftsInSteps } from '../../checks/graph';
import type { LambdaFunction, Resource } from '../../checks/graph';
import { RULES } from '../../checks/rules';

/** A fact of the app: held by what, not held, or undefined if it does not apply. */
interface Fact {
  readonly isHeld: boolean;
  readonly by: string;
}

/** Names of at most this number of resources are written out. */
const NAMES_MAX = 4;

export function checklistsOf(view: AppView, findings: readonly FindingData[], language: Language, say: Say): ChecklistData[] {
  const open = new Map<string, FindingData[]>();
  const acknowledged = new Set<string>();
  for (const finding of findings) {
    if (finding.acknowledged === undefined) open.set(finding.rule, [...open.get(finding.rule) ?? [], finding]);
    else acknowledged.add(finding.rule);
  }
  const facts = factsOf(view, say);
  return CHECKLISTS.map(({ source, items, ...titles }) => ({
    title: titles[language], source, items: items.map(item => itemData(item, view, open, acknowledged, facts, language, say)),
  }));
}

function itemData(
  item: ItemSource, view: AppView, open: ReadonlyMap<string, readonly FindingData[]>, acknowledged: ReadonlySet<string>,
  facts: Readonly<Record<string, () => Fact | undefined>>, language: Language, say: Say,
): ChecklistItem {
  const { id, rules = [], fact, types } = item;
  const base = { id, text: item[language] };
  if (view.functions.length === 0) return { ...base, state: 'not-applicable', by: say('noFunctions') };
  if (types && view.ofType(...types).length === 0) return { ...base, state: 'not-applicable', by: say('noResource', { types: types.join(', ') }) };
  const broken = rules.filter(rule => open.has(rule));
  if (broken.length > 0) {
    return { ...base, state: 'not-held', by: broken.map(rule => `${rule} (${open.get(rule)!.length}): ${titleOf(rule)}`).join('; ') };
  }
  const known = fact === undefined ? undefined : facts[fact]();
  if (known && !known.isHeld) return { ...base, state: 'not-held', by: known.by };
  if (rules.length === 0 && known === undefined) return { ...base, state: 'not-visible', by: say('notInTemplate') };
  const accepted = rules.filter(rule => acknowledged.has(rule));
  return {
    ...base,
    state: 'held',
    by: [
      ...known ? [known.by] : [],
      ...rules.length > 0 ? [say('noFindingOf', { rules: rules.join(', ') })] : [],
      ...accepted.length > 0 ? [say('acknowledgedOf', { rules: accepted.join(', ') })] : [],
    ].join('; '),
  };
}

function titleOf(id: string): string {
  return RULES.find(rule => rule.id === id)?.title ?? id;
}

/** The facts that no rule decides. */
function factsOf(view: AppView, say: Say): Record<string, () => Fact | undefined> {
  const all = (functions: readonly LambdaFunction[], holds: (fn: LambdaFunction) => boolean, key: Parameters<Say>[0]): Fact => {
    const without = functions.filter(fn => !holds(fn)).map(fn => view.nameOf(fn.resource));
    return without.length === 0 ? { isHeld: true, by: say(key) } : { isHeld: false, by: say('notFor', { names: listed(without, say) }) };
  };
  const allResources = (resources: readonly Resource[], holds: (resource: Resource) => boolean, key: Parameters<Say>[0]): Fact => {
    const without = resources.filter(resource => !holds(resource)).map(resource => view.nameOf(resource));
    return without.length === 0 ? { isHeld: true, by: say(key) } : { isHeld: false, by: say('notFor', { names: listed(without, say) }) };
  };
  const releases = () => view.graphs.flatMap(releasesOf);
  return {
    always: () => ({ isHeld: true, by: say('factTemplate', { n: view.templates.length }) }),
    insights: () => all(view.functions, hasInsights, 'factInsights'),
    canary: () => all(view.functions, fn => releases().some(release => release.function === fn && (shiftsInSteps(release.routing) || fn.callers.length + fn.sources.length + fn.urls.length === 0)), 'factCanary'),
    smokeTest: () => (releases().length === 0 ? { isHeld: false, by: say('noRelease') } : all(releases().filter(({ routing }) => shiftsInSteps(routing)).flatMap(release => release.function ?? []), fn => releases().some(release => release.function === fn && release.hooks.length > 0), 'factSmokeTest')),
    queuesEncrypted: () => allResources(view.ofType('AWS::SQS::Queue'), queue => queue.boolean('SqsManagedSseEnabled') !== false || !queue.lacks('KmsMasterKeyId'), 'factEncrypted'),
    tls: () => allResources(view.ofType('AWS::SQS::Queue', 'AWS::S3::Bucket'), requiresTls, 'factTls'),
    inVpc: () => all(view.functions, fn => fn.inVpc, 'factInVpc'),
    tagged: () => all(view.functions, fn => fn.resource.list('Tags').length > 0, 'factTagged'),
  };
}

function hasInsights(fn: LambdaFunction): boolean {
  return fn.resource.list('Layers').slice(0, LAMBDA.layersMax).some(layer => /LambdaInsightsExtension/.test(patternOf(layer)));
}

/** Whether a policy of the resource denies requests without TLS. */
function requiresTls(resource: Resource): boolean {
  const { app } = resource.template;
  const policies = resource.type === 'AWS::S3::Bucket'
    ? app.ofType('AWS::S3::BucketPolicy').filter(policy => policy.target('Bucket') === resource)
    : app.ofType('AWS::SQS::QueuePolicy').filter(policy => app.mentioned(policy.list('Queues')).has(resource));
  return policies.some(policy => JSON.stringify(policy.raw).includes('aws:SecureTransport'));
}

function listed(names: readonly string[], say: Say): string {
  const shownNames = names.slice(0, NAMES_MAX).join(', ');
  return names.length <= NAMES_MAX ? shownNames : say('andMore', { names: shownNames, n: names.length - NAMES_MAX });
}
