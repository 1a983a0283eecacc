import { parseArgs } from 'node:util';
import type { Exemption } from '../engine/check';
import type { TemplateProfile } from '../engine/template-profile';
import { CATEGORIES, RULES } from '../rules';
import { FORMATS } from './formats';
import type { Category, Severity } from '../rules/rule';

/** A mistake on the command line. */
export class UsageError extends Error {}

/** The options of one run, from the command line or a configuration file. */
export interface Settings {
  /** @default - cdk.out */
  readonly paths?: string[];
  /** @default error */
  readonly failOn?: Severity | 'never';
  readonly profile?: TemplateProfile;
  /** @default - all */
  readonly categories?: Category[];
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  readonly exemptions: Exemption[];
  /** The values of template parameters. */
  readonly parameters: ReadonlyMap<string, string>;
  /** @default - none */
  readonly baseline?: string;
}

export interface Arguments extends Settings {
  readonly help: boolean;
  readonly format: keyof typeof FORMATS;
  readonly writeBaseline: boolean;
  /** @default - cdk-production-lambda.json, or the key of package.json */
  readonly config?: string;
  /** @default - none */
  readonly samConfig?: SamConfigFile;
}

export interface SamConfigFile {
  readonly file: string;
  readonly environment: string;
}

const OPTIONS = {
  'format': { type: 'string', default: 'human' },
  'fail-on': { type: 'string' },
  'profile': { type: 'string' },
  'category': { type: 'string', multiple: true },
  'severity': { type: 'string', multiple: true },
  'exempt': { type: 'string', multiple: true },
  'parameter': { type: 'string', multiple: true },
  'sam-config': { type: 'string' },
  'sam-config-env': { type: 'string', default: 'default' },
  'baseline': { type: 'string' },
  'write-baseline': { type: 'boolean' },
  'config': { type: 'string' },
  'help': { type: 'boolean', short: 'h' },
} as const;

const FORMAT_NAMES = Object.keys(FORMATS) as (keyof typeof FORMATS)[];
export const LEVELS = ['error', 'warning', 'info', 'off'] as const;
export const FAIL_LEVELS = ['error', 'warning', 'info', 'never'] as const;
export const PROFILES = ['production', 'sandbox'] as const;

export const USAGE = `Usage: cdk-production-lambda check [options] [cdk.out | template | folder | pattern | -]...

Checks CloudFormation, SAM and CDK templates against the rules in docs/RULES.md.
Each cloud assembly (cdk.out) is an app of its own. All other templates of one command are checked as one app, with the
references between them. A folder is checked with all its cloud assemblies and templates, a pattern such as
'services/**/*.yaml' with the templates that it matches.
The default path is cdk.out. The path - reads a template from standard input.

Options:
  --format human|json|sarif|github|markdown
                                      output format (default: human)
  --fail-on error|warning|info|never  lowest severity with exit code 1 (default: error)
  --profile production|sandbox        profile of templates that state none (default: production);
                                      in a sandbox, findings about good practice are infos
  --category NAME                     check one category only; repeatable:
                                      ${CATEGORIES.join(', ')}
  --severity RULE=LEVEL               set the severity of a rule to error, warning, info or off; repeatable
  --exempt RULE[@PATH]=REASON         accept a finding, everywhere or below a path; repeatable;
                                      * in the path matches a part of a segment, ** any number of segments
  --parameter NAME=VALUE              the value of a template parameter; repeatable
  --sam-config FILE                   parameter values from the parameter_overrides of a samconfig file
  --sam-config-env NAME               the environment of that file (default: default)
  --baseline FILE                     report only findings that the file does not contain
  --write-baseline                    write the findings into the file of --baseline
  --config FILE                       default: cdk-production-lambda.json, or the key of that name in package.json
  -h, --help                          show this text

Exit codes:
  0  no finding with the severity of --fail-on or above
  1  at least one such finding
  2  an input cannot be read as a template, or the command is not valid

cdk-production-lambda report --help describes the command that writes a page about an app.
cdk-production-lambda rehearse --help describes the command that deploys an app into an emulated account.
`;

export function parseArguments(argv: string[]): Arguments {
  const [command, ...rest] = argv;
  if (command === undefined || ['--help', '-h', 'help'].includes(command)) return HELP;
  if (command !== 'check') {
    throw new UsageError(`unknown command ${command}; the commands are check, report and rehearse`);
  }
  const { values, positionals } = parse(rest);
  if (values.help) return HELP;
  const optional = <T>(value: string | undefined, read: (text: string) => T) => (
    value === undefined ? undefined : read(value));
  return {
    help: false,
    paths: positionals.length > 0 ? positionals : undefined,
    format: oneOf('--format', values.format, FORMAT_NAMES),
    failOn: optional(values['fail-on'], text => oneOf('--fail-on', text, FAIL_LEVELS)),
    categories: values.category?.map(name => oneOf('--category', name, CATEGORIES)),
    severities: new Map(values.severity?.map(severity)),
    exemptions: (values.exempt ?? []).map(exemption),
    profile: optional(values.profile, text => oneOf('--profile', text, PROFILES)),
    parameters: new Map(values.parameter?.map(parameter)),
    samConfig: optional(values['sam-config'], file => ({ file, environment: values['sam-config-env'] })),
    baseline: values.baseline,
    writeBaseline: values['write-baseline'] ?? false,
    config: values.config,
  };
}

const HELP: Arguments = {
  help: true, format: 'human', writeBaseline: false, severities: new Map(), exemptions: [], parameters: new Map(),
};

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
    const allowed = Object.keys(OPTIONS).map(name => `--${name}`);
    // one argument with a space, such as a line of the input of the GitHub Action
    return new UsageError(allowed.includes(`${option}`)
      ? `${option} and its value are one argument with a space; pass two arguments, or ${option}=VALUE`
      : `unknown option ${option}; the options are ${allowed.join(', ')}`);
  }
  if (error.code !== 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return error;
  return new UsageError(error.message.includes('does not take') ? `${option} has no value` : `${option} needs a value`);
}

export function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find(name => name === value);
  if (found === undefined) throw new UsageError(`${option} must be one of ${allowed.join(', ')}, got ${value}`);
  return found;
}

export function severity(value: string): [string, Severity | 'off'] {
  const [, rule, level] = /^([^=]+)=(.*)$/.exec(value) ?? [];
  if (rule === undefined) throw new UsageError(`--severity must have the form LP-F32=info, got ${value}`);
  return [ruleId('--severity', rule), oneOf('--severity', level, LEVELS)];
}

export function parameter(value: string): [string, string] {
  const [, name, text] = /^([^=]+)=([^]*)$/.exec(value) ?? [];
  if (name === undefined) throw new UsageError(`--parameter must have the form Stage=prod, got ${value}`);
  return [name, text];
}

export function exemption(value: string): Exemption {
  const [, rule, path, reason] = /^([^=@]+)(?:@([^=]+))?=([^]+)$/.exec(value) ?? [];
  if (rule === undefined) {
    throw new UsageError(`--exempt must have the form LP-H09=reason or LP-H09@Stack/Api=reason, got ${value}`);
  }
  return { rule: ruleId('--exempt', rule), path, reason };
}

export function ruleId(option: string, id: string): string {
  if (!RULES.some(rule => rule.id === id)) {
    throw new UsageError(`${option} must name a rule, got ${id}; docs/RULES.md lists all rules`);
  }
  return id;
}
