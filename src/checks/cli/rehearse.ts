import { spawnSync } from 'child_process';
import { UsageError } from './arguments';

const PACKAGE = 'cdk-production-lambda-testing';

/** Runs the rehearsal of the package for tests, which the project installs, and returns its exit code. */
export function rehearse(argv: string[]): number {
  const { status } = spawnSync(process.execPath, [command(), ...argv], { stdio: 'inherit' });
  return status ?? 1;
}

function command(): string {
  try {
    return require.resolve(`${PACKAGE}/rehearse`, { paths: [process.cwd(), __dirname] });
  } catch {
    throw new UsageError(`rehearse needs the package ${PACKAGE}; install it: npm install --save-dev ${PACKAGE}`);
  }
}
