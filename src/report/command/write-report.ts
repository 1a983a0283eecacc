import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname } from 'path';
import { nameOf } from './read-report';
import { formatOf } from './report-arguments';
import type { Finding } from '../../checks/engine/check';
import type { TemplateInput } from '../../checks/graph';
import { buildReport } from '../model/build-report';
import { FORMATS } from '../page';

/** Writes the report of an app that is synthesised. */
export function writeReport(file: string, templates: readonly TemplateInput[], findings: readonly Finding[]): void {
  const bytesOf = (path: string | undefined) => (path === undefined ? [] : [readFileSync(path).length]);
  const templateBytes = new Map(templates.flatMap(({ name, file: path }) => bytesOf(path).map(size => [name, size] as const)));
  const report = buildReport({ name: nameOf(templates), templates, findings, templateBytes });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, FORMATS[formatOf(file)](report, undefined));
}
