import type { CheckOptions, Exemption } from '../engine/check';
import { RULES } from '../rules';
import { FORMATS } from './formats';
import type { Article, Severity } from '../rules/rule';

/** A mistake on the command line. */
export class UsageError extends Error {}

export interface Arguments {
  readonly help: boolean;
  readonly paths: string[];
  readonly format: keyof typeof FORMATS;
  readonly failOn: Severity | 'never';
  readonly options: CheckOptions;
}

const ARTICLES: readonly string[] = ['foundation', 'database', 'http', 'deployment', 'cold-start'];

export const USAGE = `Usage: cdk-production-lambda check [options] [cdk.out | template.json | template.yaml | -]...

Checks CloudFormation, SAM and CDK templates against the rules of docs/RULES.md.
Templates given together are one app: references between them are followed.
Without a path, cdk.out is checked; - reads a template from standard input.

Options:
  --format human|json|sarif|github   how findings are written (human)
  --fail-on error|warning|info|never from which severity the exit code is 1 (error)
  --profile production|sandbox       sandbox turns good practice into infos (production)
  --article NAME                     only this article; repeatable: ${ARTICLES.join(', ')}
  --severity RULE=LEVEL              error, warning, info or off for a rule; repeatable
  --exempt RULE[@PATH]=REASON        accept a finding, everywhere or below a path; repeatable
  --help                             this text

Exit codes: 0 nothing found, 1 findings, 2 the input is not a template or the command is wrong.
`;

export function parseArguments(argv: string[]): Arguments {
  const [command, ...rest] = argv;
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') return { ...defaults(), help: true };
  if (command !== 'check') throw new UsageError(`unknown command ${command}`);
  const parsed = { help: false, paths: [] as string[], format: 'human', failOn: 'error', profile: 'production', articles: [] as Article[], severities: new Map<string, Severity | 'off'>(), exemptions: [] as Exemption[] };
  for (let i = 0; i < rest.length; i++) {
    const [, option, attached] = /^(--[a-z-]+)(?:=([^]*))?$/.exec(rest[i]) ?? [];
    if (option === undefined) {
      if (rest[i].startsWith('-') && rest[i] !== '-') throw new UsageError(`unknown option ${rest[i]}`);
      parsed.paths.push(rest[i]);
      continue;
    }
    if (option === '--help') return { ...defaults(), help: true };
    if (!['--format', '--fail-on', '--profile', '--article', '--severity', '--exempt'].includes(option)) throw new UsageError(`unknown option ${option}`);
    const value = attached ?? rest[++i];
    if (value === undefined) throw new UsageError(`${option} needs a value`);
    switch (option) {
      case '--format': parsed.format = oneOf(option, value, Object.keys(FORMATS)); break;
      case '--fail-on': parsed.failOn = oneOf(option, value, ['error', 'warning', 'info', 'never']); break;
      case '--profile': parsed.profile = oneOf(option, value, ['production', 'sandbox']); break;
      case '--article': parsed.articles.push(oneOf(option, value, ARTICLES) as Article); break;
      case '--severity': parsed.severities.set(...severity(value)); break;
      default: parsed.exemptions.push(exempt(value));
    }
  }
  const { articles, severities, exemptions } = parsed;
  return {
    help: false,
    paths: parsed.paths.length > 0 ? parsed.paths : ['cdk.out'],
    format: parsed.format as Arguments['format'],
    failOn: parsed.failOn as Arguments['failOn'],
    options: { articles: articles.length > 0 ? articles : undefined, severities, exemptions, sandbox: parsed.profile === 'sandbox' },
  };
}

function defaults(): Arguments {
  return { help: false, paths: [], format: 'human', failOn: 'error', options: {} };
}

function oneOf(option: string, value: string, allowed: readonly string[]): string {
  if (!allowed.includes(value)) throw new UsageError(`${option} must be one of ${allowed.join(', ')}, got ${value}`);
  return value;
}

function severity(value: string): [string, Severity | 'off'] {
  const [, rule, level] = /^([^=]+)=(.*)$/.exec(value) ?? [];
  if (rule === undefined) throw new UsageError(`--severity must look like LP-F32=info, got ${value}`);
  return [known(rule), oneOf('--severity', level, ['error', 'warning', 'info', 'off']) as Severity | 'off'];
}

function exempt(value: string): Exemption {
  const [, rule, path, reason] = /^([^=@]+)(?:@([^=]+))?=([^]+)$/.exec(value) ?? [];
  if (rule === undefined) throw new UsageError(`--exempt must look like LP-H09=reason or LP-H09@Stack/Api=reason, got ${value}`);
  return { rule: known(rule), path, reason };
}

function known(rule: string): string {
  if (!RULES.some(({ id }) => id === rule)) throw new UsageError(`there is no rule ${rule}`);
  return rule;
}
