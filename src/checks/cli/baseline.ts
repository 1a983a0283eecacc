import { existsSync, readFileSync, writeFileSync } from 'fs';
import { dirname } from 'path';
import { UsageError } from './arguments';
import { unreadableFile } from './config-file';
import { existsAt, uriFrom } from './formats/repository-path';
import type { Report } from './report';
import type { Finding } from '../engine/check';
import { isJson } from '../graph';
import type { Json } from '../graph';

const VERSION = 1;

/** A finding as the baseline records it: without its line and its text, which change for other reasons. */
interface Entry {
  readonly rule: string;
  /** From the folder of the baseline, so that the command can run in any directory. */
  readonly template: string;
  readonly resource: string;
  readonly property: string;
}

function entryOf(file: string, { rule, template, logicalId, property }: Finding): Entry {
  return { rule: rule.id, template: uriFrom(dirname(file), template), resource: logicalId, property };
}

function keyOf({ rule, template, resource, property }: Entry): string {
  return JSON.stringify([rule, template, resource, property]);
}

/**
 * Writes all findings without an exemption, in an order that does not depend on the run. The entries of templates that
 * were not checked remain.
 *
 * @param templates the names of the templates that were checked
 */
export function writeBaseline(file: string, findings: readonly Finding[], templates: readonly string[]): void {
  const isChecked = checkedOf(file, templates);
  const kept = existsSync(file) ? read(file).filter(entry => !isChecked(entry)) : [];
  const open = findings.filter(({ exempted }) => exempted === undefined);
  const entries = [...kept, ...open.map(finding => entryOf(file, finding))];
  entries.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const lines = entries.map(entry => `    ${JSON.stringify(entry)}`).join(',\n');
  try {
    writeFileSync(file, `{\n  "version": ${VERSION},\n  "findings": [\n${lines}\n  ]\n}\n`);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
}

/** Whether an entry is of a template that was checked, or that does not exist any more. */
function checkedOf(file: string, templates: readonly string[]): (entry: Entry) => boolean {
  const folder = dirname(file);
  const checked = new Set(templates.map(template => uriFrom(folder, template)));
  return ({ template }) => checked.has(template) || !existsAt(folder, template);
}

/**
 * The new findings, the number of findings that the baseline contains, and the entries that no longer occur.
 *
 * @param templates the names of the templates that were checked
 */
export function withoutBaseline(
  file: string, findings: readonly Finding[], templates: readonly string[],
): Omit<Report, 'templates'> {
  const isChecked = checkedOf(file, templates);
  const known = new Map(read(file).map(entry => [keyOf(entry), entry]));
  const key = (finding: Finding) => keyOf(entryOf(file, finding));
  const isKnown = (finding: Finding) => finding.exempted === undefined && known.has(key(finding));
  const occurring = new Set(findings.map(key));
  const outdated = [...known].filter(([id, entry]) => !occurring.has(id) && isChecked(entry));
  return {
    findings: findings.filter(finding => !isKnown(finding)),
    baselined: findings.filter(isKnown).length,
    notes: outdated.map(([, entry]) => ({ message: outdatedMessage(entry) })),
  };
}

function outdatedMessage({ rule, template, resource, property }: Entry): string {
  const entry = `${rule} '${property}' at ${resource} of ${template}`;
  return `the baseline contains ${entry}, which no longer occurs; write the baseline again`;
}

function read(file: string): Entry[] {
  if (!existsSync(file)) throw new UsageError(`${file} does not exist; create it with --write-baseline`);
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw unreadableFile(file, error);
  }
  const again = 'delete it, and create it with --write-baseline';
  const { version, findings }: Json = isJson(document) ? document : {};
  if (version !== VERSION) {
    const got = JSON.stringify(version) ?? 'nothing';
    throw new UsageError(`'version' of ${file} must be ${VERSION}, got ${got}; ${again}`);
  }
  const keys = ['rule', 'template', 'resource', 'property'];
  const isEntry = (entry: unknown) => isJson(entry) && keys.every(key => typeof entry[key] === 'string');
  const wrong = Array.isArray(findings) ? findings.find(entry => !isEntry(entry)) as unknown : findings ?? 'nothing';
  if (wrong !== undefined) {
    const must = `must contain objects with ${keys.join(', ')}`;
    throw new UsageError(`'findings' of ${file} ${must}, got ${JSON.stringify(wrong)}; ${again}`);
  }
  return findings as Entry[];
}
