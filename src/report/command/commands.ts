import { write } from '../../checks/cli/write';

type Main = { readonly main: (argv: string[]) => number };

/**
 * Runs `report`, or the checks, and returns the exit code. Modules of the other command are not evaluated: the entry of the
 * bundle in assets/command and of the package cdk-production-lambda-check.
 */
export function runCommand(argv: string[]): number {
  const [command, ...rest] = argv;
  /* eslint-disable @typescript-eslint/no-require-imports */
  const { main } = command === 'report' ? require('./main') as Main : require('../../checks/cli/main') as Main;
  /* eslint-enable */
  try {
    return main(command === 'report' ? rest : argv);
  } catch (error) {
    write(2, `cdk-production-lambda: ${unexpected(error)}\n`);
    return 2;
  }
}

/** Exit code 1 means findings, so an error of the command itself is not thrown. */
function unexpected(error: unknown): string {
  const { code, syscall, stack } = error as NodeJS.ErrnoException;
  return syscall === 'write' ? `cannot write the output: ${code}` : `unexpected error, please report it: ${stack}`;
}
