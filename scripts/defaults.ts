import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULTS, PROFILES } from '../src/limits';

export const DEFAULTS_PAGE = join(__dirname, '..', 'docs', 'DEFAULTS.md');

interface Row {
  readonly value: unknown;
  readonly unit?: string;
  readonly sandbox?: unknown;
  readonly l2: string;
  readonly rule: string;
  readonly why: string;
  readonly source: string;
}

/** The table of src/limits/defaults.ts as a page for people. */
export function renderDefaults(): string {
  return [
    '# Defaults',
    '',
    'Every value that a construct of this library chooses where you choose nothing, beside what the plain construct of',
    'aws-cdk-lib has with the feature flags of a new app. A prop that you give always wins. The number is that of the rule',
    'which the checks and their messages name too. Where a sandbox (`Profile`) has another value, it stands beside.',
    '',
    'Made by `npx projen docs:defaults` from `src/limits/defaults.ts`; a test holds each row against what is synthesised.',
    ...profiles(),
    ...Object.entries(DEFAULTS).flatMap(([construct, rows]) => section(construct, rows)),
    '',
  ].join('\n');
}

/** A value with its unit: `3,600 s`, `arm64`, `true`. */
export function readable(value: unknown, unit?: string): string {
  const text = typeof value === 'number' ? value.toLocaleString('en-US') : String(value).replaceAll(',', ', ');
  return unit ? `${text} ${unit}` : text;
}

/** What the profiles decide, for whichever construct reads it. */
function profiles(): string[] {
  return [
    '',
    '## Profile',
    '',
    '| setting | production | sandbox | why |',
    '| --- | --- | --- | --- |',
    ...Object.entries(PROFILES).map(([key, row]) =>
      `| ${named(key)} | ${readable(row.production, row.unit)} | ${readable(row.sandbox, row.unit)} | [${row.why}](${row.source}) |`),
  ];
}

function section(construct: string, rows: Record<string, Row>): string[] {
  return [
    '',
    `## ${construct}`,
    '',
    '| what | here | in a sandbox | plain L2 | why | rule |',
    '| --- | --- | --- | --- | --- | --- |',
    ...Object.entries(rows).map(([key, row]) =>
      `| ${named(key)} | ${readable(row.value, row.unit)} | ${row.sandbox === undefined ? '' : readable(row.sandbox, row.unit)} | ${row.l2} | ${row.why} | [${row.rule}](${row.source}) |`),
  ];
}

/** `maxEventAgeSeconds` is called `maxEventAge`: the unit stands beside the value. */
function named(key: string): string {
  return `\`${key.replace(/(Milliseconds|Seconds|Days)$/, '')}\``;
}

if (require.main === module) writeFileSync(DEFAULTS_PAGE, renderDefaults());
