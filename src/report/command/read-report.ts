import { existsSync, readFileSync } from 'fs';
import { basename, join, resolve } from 'path';
import type { Settings } from '../../checks/cli/arguments';
import { readApps } from '../../checks/cli/inputs';
import { check } from '../../checks/engine/check';
import type { TemplateInput } from '../../checks/graph';
import { isJson, textOf } from '../../checks/graph';
import { plainText } from '../../private/plain-text';
import { readPrices, readTraffic } from '../cost/cost-files';
import { stackNames } from '../model/app-view';
import { buildReport } from '../model/build-report';
import type { OtherReports } from '../model/build-report';
import type { Language } from '../model/phrases';
import type { OtherFinding, ReportData } from '../model/report-data';

/** Our own plugin: its findings are computed again. */
const OWN_PLUGIN = 'ProductionChecks';
const STACKS_NAMED = 3;

export interface ReadOptions {
  readonly language: Language;
  readonly traffic?: string;
  readonly prices?: string;
  readonly releaseRates?: readonly number[];
  readonly today?: string;
}

export interface ReadReport {
  readonly report: ReportData;
  readonly templates: readonly TemplateInput[];
  /** Inputs that cannot be read. */
  readonly unreadable: readonly string[];
}

/** Reads the inputs as the command `check` does, and everything that the report says about them. */
export function readReport(paths: string[], settings: Settings, options: ReadOptions): ReadReport {
  const { apps, unreadable, notes } = readApps(paths, settings.parameters);
  const templates = apps.flatMap(app => app.templates);
  const findings = apps.flatMap(app => (
    check(app.templates, { ...settings, exemptions: [...settings.exemptions, ...app.exemptions], today: options.today })));
  const messages = [...unreadable, ...notes].map(({ message }) => plainText(message));
  const report = buildReport({
    name: nameOf(templates),
    templates,
    findings,
    others: othersIn(paths),
    notes: messages,
    language: options.language,
    traffic: options.traffic === undefined ? undefined : readTraffic(options.traffic),
    prices: options.prices === undefined ? undefined : readPrices(options.prices),
    releaseRates: options.releaseRates,
    today: options.today,
    templateBytes: new Map(templates.flatMap(({ name, file }) => (file === undefined ? [] : [[name, readFileSync(file).length] as const]))),
  });
  return { report, templates, unreadable: unreadable.map(({ message }) => plainText(message)) };
}

/** The names of the stacks, or of the folder of many. */
export function nameOf(templates: readonly TemplateInput[]): string {
  const names = [...stackNames(templates.filter(({ parent }) => parent === undefined)).values()];
  return names.length <= STACKS_NAMED ? names.join(', ') : `${names.slice(0, STACKS_NAMED).join(', ')} +${names.length - STACKS_NAMED}`;
}

/** What other validation plugins of the CDK reported at synth. */
function othersIn(paths: readonly string[]): OtherReports {
  const reports = paths.map(path => join(resolve(path), 'validation-report.json')).filter(file => existsSync(file));
  const plugins = reports.flatMap(file => pluginsIn(file)).filter(({ name }) => name !== OWN_PLUGIN);
  const counts = new Map<string, OtherFinding>();
  for (const { name, violations } of plugins) {
    for (const { rule, severity } of violations) {
      const key = `${name}\n${rule}\n${severity ?? ''}`;
      counts.set(key, { plugin: name, rule, severity, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  return { findings: [...counts.values()], acknowledged: plugins.flatMap(({ suppressed }) => suppressed) };
}

function pluginsIn(file: string) {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
  const reports = isJson(document) && Array.isArray(document.pluginReports) ? document.pluginReports.filter(isJson) : [];
  const listIn = (report: Record<string, unknown>, key: string) => (Array.isArray(report[key]) ? report[key].filter(isJson) : []);
  return reports.map(report => ({
    name: plainText(textOf(report.pluginName) || basename(file)),
    violations: listIn(report, 'violations').map(each => ({ rule: plainText(textOf(each.ruleName)), severity: plainText(textOf(each.severity)) || undefined })),
    suppressed: listIn(report, 'suppressedViolations').map(each => ({ rule: plainText(textOf(each.ruleName)), reason: plainText(textOf(each.reason)) })),
  }));
}
