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
  return main(command === 'report' ? rest : argv);
}
