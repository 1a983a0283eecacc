import { parseArgs } from 'node:util';
import { UnavailableError } from './cloud/mini-stack';
import { NOT_PROVEN, rehearse, type Rehearsal } from './cloud/rehearse';

const USAGE = `Usage: cdk-production-lambda rehearse [options] [-- command]

Deploys a cloud assembly with cdk deploy into an emulated account on this machine and removes it. The account is MiniStack, which is
installed from PyPI into a temporary folder (needs python3 with venv), or the account at --endpoint, in which the stacks remain. The
resources that the account cannot create are left out and listed. The command after -- runs against the account: it has AWS_ENDPOINT_URL,
credentials, and in REHEARSAL_OUTPUTS the path of a JSON file with the outputs of the stacks.

Options:
  --app FOLDER           the cloud assembly (default: cdk.out)
  --stack NAME           a stack of the assembly, by name or path; repeatable (default: all)
  --endpoint URL         the URL of an emulated account
  --variable NAME=VALUE  the value of an environment variable, for functions that have the variable; repeatable
  --json                 print the report as JSON
  --help                 print this text

Exit codes: 0 if everything was deployed and the command succeeded, the exit code of the command, 1 if the deployment failed,
2 for a usage error, 3 if MiniStack cannot be installed.
`;

/** `cdk-production-lambda rehearse`. */
export async function main(argv: string[]): Promise<number> {
  const [own, command] = split(argv);
  const parsed = parse(own);
  if (typeof parsed === 'string') {
    console.error(`cdk-production-lambda rehearse: ${parsed}\n${USAGE}`);
    return 2;
  }
  if (parsed.help) {
    console.log(USAGE);
    return 0;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort(new Error('stopped; everything is removed')));
  const log = (line: string) => console.error(line);
  try {
    const { app, stack: stacks, endpoint, variable = [] } = parsed;
    const variables = Object.fromEntries(variable.map(each => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]));
    const result = await rehearse({ app, stacks, endpoint, variables, command: command.length > 0 ? command : undefined, log, signal: stop.signal });
    console.log(parsed.json ? JSON.stringify(result, undefined, 2) : report(result));
    return result.exitCode;
  } catch (error) {
    console.error((error as Error).message);
    if (!(error instanceof UnavailableError)) return 1;
    console.error('MiniStack cannot be installed on this machine: it needs python3 with venv, and access to PyPI');
    return 3;
  }
}

function split(argv: string[]): [string[], string[]] {
  const at = argv.indexOf('--');
  return at < 0 ? [argv, []] : [argv.slice(0, at), argv.slice(at + 1)];
}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        app: { type: 'string' },
        stack: { type: 'string', multiple: true },
        endpoint: { type: 'string' },
        variable: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const wrong = values.variable?.find(each => !/^\w+=/.test(each));
    return wrong === undefined ? values : `--variable must be NAME=VALUE, got '${wrong}'`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The report for a person. */
export function report({ stacks, exitCode, seconds }: Rehearsal): string {
  const lines = stacks.flatMap(({ name, resources, leftOut }) => [
    `${name}: ${resources} resources deployed${leftOut.length > 0 ? ', left out:' : ''}`,
    ...leftOut.map(({ reason, resources: ids }) => `  ${reason} (${ids.length})`),
  ]);
  return [...lines, 'Not proven by a rehearsal:', ...NOT_PROVEN.map(each => `  ${each}`), `${exitCode === 0 ? 'passed' : `failed with exit code ${exitCode}`} in ${seconds} s`].join('\n');
}

if (require.main === module) void main(process.argv.slice(2)).then(code => process.exit(code));
