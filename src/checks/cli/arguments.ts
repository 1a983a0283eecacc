import { parseArgs } from 'node:util';
import type { CheckOptions, Exemption } from '../engine/check';
import { CATEGORIES, RULES } from '../rules';
import { FORMATS } from './formats';
import type { Severity } from '../rules/rule';

/** A mistake on the command line. */
export class UsageError extends Error {}

export interface Arguments {
  readonly help: boolean;
  readonly paths: string[];
  readonly format: keyof typeof FORMATS;
  readonly failOn: Severity | 'never';
  readonly options: CheckOptions;
}

const OPTIONS = {
  'format': { type: 'string', default: 'human' },
  'fail-on': { type: 'string', default: 'error' },
  'profile': { type: 'string', default: 'production' },
  'category': { type: 'string', multiple: true },
  'severity': { type: 'string', multiple: true },
  'exempt': { type: 'string', multiple: true },
  'help': { type: 'boolean', short: 'h' },
} as const;

const FORMAT_NAMES = Object.keys(FORMATS) as (keyof typeof FORMATS)[];
const LEVELS = ['error', 'warning', 'info', 'off'] as const;
const FAIL_LEVELS = ['error', 'warning', 'info', 'never'] as const;
const PROFILES = ['production', 'sandbox'] as const;

export const USAGE = `Usage: cdk-production-lambda check [options] [cdk.out | template.json | template.yaml | -]...

Checks CloudFormation, SAM and CDK templates against the rules in docs/RULES.md.
All templates of one command are checked as one app, with the references between them.
The default path is cdk.out. The path - reads a template from standard input.

Options:
  --format human|json|sarif|github    output format (default: human)
  --fail-on error|warning|info|never  lowest severity with exit code 1 (default: error)
  --profile production|sandbox        profile of templates that state none (default: production);
                                      in a sandbox, findings about good practice are infos
  --category NAME                     check one category only; repeatable:
                                      ${CATEGORIES.join(', ')}
  --severity RULE=LEVEL               set the severity of a rule to error, warning, info or off; repeatable
  --exempt RULE[@PATH]=REASON         accept a finding, everywhere or below a path; repeatable
  -h, --help                          show this text

Exit codes:
  0  no finding with the severity of --fail-on or above
  1  at least one such finding
  2  the input is not a template, or the command is not valid
`;

export function parseArguments(argv: string[]): Arguments {
  const [command, ...rest] = argv;
  if (command === undefined || ['--help', '-h', 'help'].includes(command)) return HELP;
  if (command !== 'check') throw new UsageError(`unknown command ${command}; the only command is check`);
  const { values, positionals } = parse(rest);
  if (values.help) return HELP;
  return {
    help: false,
    paths: positionals.length > 0 ? positionals : ['cdk.out'],
    format: oneOf('--format', values.format, FORMAT_NAMES),
    failOn: oneOf('--fail-on', values['fail-on'], FAIL_LEVELS),
    options: {
      categories: values.category?.map(name => oneOf('--category', name, CATEGORIES)),
      severities: new Map(values.severity?.map(severity)),
      exemptions: (values.exempt ?? []).map(exemption),
      profile: oneOf('--profile', values.profile, PROFILES),
    },
  };
}

const HELP: Arguments = { help: true, paths: [], format: 'human', failOn: 'error', options: {} };

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw usageError(error as NodeJS.ErrnoException);
  }
}

/** The errors of `parseArgs` in the words of this command. */
function usageError(error: NodeJS.ErrnoException): Error {
  const [, option] = /'(?:-\w, )?(-[\w-]*)/.exec(error.message) ?? [];
  if (error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const allowed = Object.keys(OPTIONS).map(name => `--${name}`).join(', ');
    return new UsageError(`unknown option ${option}; the options are ${allowed}`);
  }
  if (error.code !== 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return error;
  return new UsageError(error.message.includes('does not take') ? `${option} has no value` : `${option} needs a value`);
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find(name => name === value);
  if (found === undefined) throw new UsageError(`${option} must be one of ${allowed.join(', ')}, got ${value}`);
  return found;
}

function severity(value: string): [string, Severity | 'off'] {
  const [, rule, level] = /^([^=]+)=(.*)$/.exec(value) ?? [];
  if (rule === undefined) throw new UsageError(`--severity must have the form LP-F32=info, got ${value}`);
  return [ruleId(rule), oneOf('--severity', level, LEVELS)];
}

function exemption(value: string): Exemption {
  const [, rule, path, reason] = /^([^=@]+)(?:@([^=]+))?=([^]+)$/.exec(value) ?? [];
  if (rule === undefined) {
    throw new UsageError(`--exempt must have the form LP-H09=reason or LP-H09@Stack/Api=reason, got ${value}`);
  }
  return { rule: ruleId(rule), path, reason };
}

function ruleId(id: string): string {
  if (!RULES.some(rule => rule.id === id)) throw new UsageError(`${id} is not a rule; docs/RULES.md lists all rules`);
  return id;
}
