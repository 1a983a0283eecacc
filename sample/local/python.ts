import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { pythonOfRuntime } from '../../testing/src';
import type { ReportsPlatform } from '../stacks/reports';

/** A Python of this machine with Lambda's runtime client. Packages with native modules must be built for its platform. */
export interface LocalPython {
  readonly path: string;
  readonly platform: ReportsPlatform;
}

/** The minor versions that both Lambda and the package of the handlers support. */
const [OLDEST, NEWEST] = [11, 14];

/** Finds Python, and installs the runtime client from PyPI once. An error says what is missing. */
export async function localPython(): Promise<LocalPython> {
  if (process.platform !== 'linux') throw new Error('the packages of functions are built for Linux');
  const { stdout } = await promisify(execFile)('python3', ['--version']).catch(() => ({ stdout: 'no python3' }));
  const minor = Number(/^Python 3\.(\d+)/.exec(stdout)?.[1]);
  if (!(minor >= OLDEST && minor <= NEWEST)) throw new Error(`python3 must be Python 3.${OLDEST} to 3.${NEWEST}, got ${stdout.trim()}`);
  const name = `python3.${minor}`;
  return {
    path: await pythonOfRuntime(name),
    platform: {
      runtime: new lambda.Runtime(name, lambda.RuntimeFamily.PYTHON),
      architecture: process.arch === 'arm64' ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64,
    },
  };
}
