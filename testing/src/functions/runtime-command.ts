import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache';

/** How the process of an execution environment is started. */
export interface RuntimeCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Whether the handler is the last argument; otherwise it is in `_HANDLER` only. */
  readonly takesHandler?: boolean;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Replaces `rapid-client.node` of the runtime client, which would have to be compiled. */
const SHIM = join(__dirname, 'rapid-client-shim.cjs');

/** The official Node.js runtime client: in the package a copy of its one file, in the repository the dev dependency. */
function nodeClient(): string {
  const packaged = join(__dirname, 'runtime-client', 'index.mjs');
  return existsSync(packaged) ? packaged : require.resolve('aws-lambda-ric');
}

/** Lambda's Node.js runtime client under a Node.js executable. */
export function nodeRuntime(node: string): RuntimeCommand {
  return {
    command: node,
    args: ['--require', SHIM, nodeClient()],
    variables: { AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  };
}

/**
 * Lambda's Python runtime client, `awslambdaric` from PyPI, under the Python executable that has it. The client reads the runtime: from
 * python3.12 on it waits for events in a thread, so that the handler of SIGTERM can run.
 */
export function pythonRuntime(python: string, runtime: string): RuntimeCommand {
  return {
    command: python,
    args: ['-m', 'awslambdaric'],
    takesHandler: true,
    variables: {
      AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
      POWERTOOLS_TRACE_DISABLED: 'true', // there is no daemon to send segments to
      PYTHONUNBUFFERED: '1',
      PYTHONPYCACHEPREFIX: join(cacheFolder(), 'pycache'), // the folder of the function is read-only on Lambda, and may be an asset
    },
  };
}
