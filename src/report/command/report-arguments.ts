import { parseArgs } from 'node:util';
import { exemption, oneOf, parameter, PROFILES, severity, UsageError } from '../../checks/cli/arguments';
import type { Settings } from '../../checks/cli/arguments';
import { LANGUAGES } from '../model/phrases';
import type { Language } from '../model/phrases';

export const FORMAT_NAMES = ['html', 'markdown', 'json', 'text'] as const;
export type Format = (typeof FORMAT_NAMES)[number];

/** The options of one run. */
export interface ReportArguments extends Settings {
  readonly help: boolean;
  readonly format: Format;
  readonly language: Language;
  /** @default - standard output; `readiness.html` for HTML */
  readonly output?: string;
  /** @default - assumed traffic */
  readonly traffic?: string;
  /** @default - the prices of the package */
  readonly prices?: string;
  /** @default - no comparison */
  readonly diff?: string;
  /** @default - cdk-production-lambda.json, or the key of package.json */
  readonly config?: string;
}

const OPTIONS = {
  format: { type: 'string' },
  output: { type: 'string', short: 'o' },
  lang: { type: 'string', default: 'en' },
  traffic: { type: 'string' },
  prices: { type: 'string' },
  diff: { type: 'string' },
  profile: { type: 'string' },
  severity: { type: 'string', multiple: true },
  exempt: { type: 'string', multiple: true },
  parameter: { type: 'string', multiple: true },
  config: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const REPORT_USAGE = `Usage: cdk-production-lambda report [options] [cdk.out | template | folder | pattern | -]...

Writes one page about the readiness of CloudFormation, SAM and CDK templates for production: a map of the requests, every
function with its release, alarms and failures, budgets, cost, checklists and findings. The default path is cdk.out.

Options:
  -o, --output FILE                  where the report is written (default: readiness.html for HTML, otherwise
                                     standard output); - is standard output
  --format html|markdown|json|text   default: by the extension of FILE, otherwise html
  --lang en|ja                       language of the report (default: en); findings are in English
  --traffic FILE                     requests, durations and cold starts in JSON (docs/guides/report.md)
  --prices FILE                      prices in JSON that replace prices of the package
  --diff OLD                         compare with the assembly or template OLD
  --profile production|sandbox       profile of templates that state none (default: production)
  --severity RULE=LEVEL              set the severity of a rule to error, warning, info or off; repeatable
  --exempt RULE[@PATH]=REASON        accept a finding, everywhere or below a path; repeatable
  --parameter NAME=VALUE             the value of a template parameter; repeatable
  --config FILE                      default: cdk-production-lambda.json, or the key of that name in package.json
  -h, --help                         show this text

Exit codes:
  0  the report is written
  2  an input cannot be read, or the command is not valid
`;

export function parseReportArguments(argv: string[]): ReportArguments {
  const { values, positionals } = parse(argv);
  const { output } = values;
  return {
    help: values.help ?? false,
    paths: positionals.length > 0 ? positionals : undefined,
    format: values.format === undefined ? formatOf(output) : oneOf('--format', values.format, FORMAT_NAMES),
    language: oneOf('--lang', values.lang, LANGUAGES),
    output,
    traffic: values.traffic,
    prices: values.prices,
    diff: values.diff,
    profile: values.profile === undefined ? undefined : oneOf('--profile', values.profile, PROFILES),
    severities: new Map(values.severity?.map(severity)),
    exemptions: (values.exempt ?? []).map(exemption),
    parameters: new Map(values.parameter?.map(parameter)),
    config: values.config,
  };
}

export function formatOf(output: string | undefined): Format {
  const extension = /\.(\w+)$/.exec(output ?? '')?.[1];
  return extension === 'md' ? 'markdown' : extension === 'json' ? 'json' : extension === 'txt' ? 'text' : 'html';
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [, option] = /'(?:-\w, )?(-[\w-]*)/.exec((error as Error).message) ?? [];
    if (option === undefined) throw error;
    const allowed = Object.keys(OPTIONS).map(name => `--${name}`).join(', ');
    const isUnknown = (error as NodeJS.ErrnoException).code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION';
    throw new UsageError(isUnknown ? `unknown option ${option}; the options are ${allowed}` : `${option} needs a value`);
  }
}
