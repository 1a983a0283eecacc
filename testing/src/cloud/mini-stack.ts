import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { EmulatedAccount } from './emulated-account';
import { freePort } from '../engines/free-port';
import { REGION } from '../template/assembly';

/** What is installed from PyPI, each in the version that this was tried with. `cryptography` is what tokens are verified by. */
const PACKAGES = ['ministack==1.5.33', 'hypercorn==0.18.0', 'cryptography==50.0.2'];

/**
 * Installs into $1 and becomes the server; when the pipe from who started it ends, however it ends, all processes and files
 * go. $2 is the program, the rest packages. stdout ends with the server.
 */
const WATCH = `
  dir=$1; program=$2; shift 2
  { python3 -m venv "$dir/venv" && "$dir/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-input --retries 2 --timeout 20 "$@" &&
    echo installed &&
    exec "$dir/venv/bin/python" "$program"; } 2>&1 &
  exec >/dev/null 2>&1
  cat
  trap '' TERM; kill -s TERM -- "-$$"; kill -s KILL $!; wait
  rm -rf "$dir"; kill -s KILL -- "-$$"`;

/** There is no Python, or what is needed can't be had from PyPI. */
export class UnavailableError extends Error {
  public readonly name = 'UnavailableError';
}

/** MiniStack: an AWS account on the loopback address, installed into a folder that is removed with it. */
export class MiniStack extends EmulatedAccount {
  /**
   * Starts it in a folder that is removed with it. Functions run under `node`. Packages that they do not bundle are in `modules`,
   * as the SDK is in Lambda's runtime. `signal` aborts the start.
   */
  public static async start(folder: string, node: string, modules: string | undefined, signal: AbortSignal): Promise<MiniStack> {
    const account = new MiniStack(folder, await freePort(), signal);
    try {
      account.launch(node, modules);
      await account.answering();
      return account;
    } catch (error) {
      await account.stop();
      throw error;
    }
  }

  private server?: ChildProcess;
  private log = '';
  private isOver = false;
  private isInstalled = false;
  private types?: Set<string>;

  private constructor(private readonly folder: string, private readonly port: number, signal: AbortSignal) {
    super(`http://127.0.0.1:${port}`, signal);
  }

  /** Whether CloudFormation of this account creates resources of a type. */
  public supports(type: string): boolean {
    this.types ??= new Set(JSON.parse(readFileSync(join(this.folder, 'types.json'), 'utf8')) as string[]);
    return this.types.has(type);
  }

  /** What the server wrote last. */
  public get lines(): string {
    return this.log;
  }

  /** Waits until all processes are gone and the folder with them. */
  public async stop(): Promise<void> {
    const { server } = this;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise(resolve => server.once('exit', resolve));
    server.stdin!.end();
    await gone;
  }

  private launch(node: string, modules = ''): void {
    const commands = join(this.folder, 'bin'); // so that `node` is this one, and everything else what it was
    mkdirSync(commands, { recursive: true });
    symlinkSync(node, join(commands, 'node'));
    this.server = spawn('sh', ['-c', WATCH, 'sh', this.folder, join(__dirname, 'mini_stack.py'), ...PACKAGES], {
      cwd: this.folder,
      detached: true, // a process group of its own, which ends as one
      stdio: ['pipe', 'pipe', 'ignore'],
      env: {
        ...ownVariables(),
        PATH: [commands, process.env.PATH].join(delimiter),
        TMPDIR: this.folder,
        STATE_DIR: join(this.folder, 'state'),
        S3_DATA_DIR: join(this.folder, 's3'),
        NODE_PATH: modules,
        BIND_HOST: '127.0.0.1',
        GATEWAY_PORT: String(this.port),
        MINISTACK_REGION: REGION,
        LAMBDA_EXECUTOR: 'local',
        DOCKER_HOST: `unix://${join(this.folder, 'no-docker')}`,
        IOT_MTLS_ENABLED: '0',
        SFTP_ENABLED: '0',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
    });
    this.server.stdout!.setEncoding('utf8').on('data', chunk => {
      this.log = (this.log + chunk).slice(-8_000);
      this.isInstalled ||= this.log.includes('installed\n');
    }).on('end', () => { this.isOver = true; });
  }

  private async answering(): Promise<void> {
    for (;;) {
      if (this.isOver && !this.isInstalled) throw new UnavailableError(this.log.trim());
      if (this.isOver) throw new Error(`MiniStack ended\n${this.log}`);
      this.signal.throwIfAborted();
      if (this.isInstalled && await fetch(`${this.url}/_ministack/health`).then(({ ok }) => ok, () => false)) return;
      await new Promise(resolve => setTimeout(resolve, 200));
    }
  }
}

/** The environment of this process, so that pip finds its index and proxy, without the variables of AWS and Node.js. */
function ownVariables(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS_|NODE_|PG|POWERTOOLS_|PYTHON)/.test(name)));
}
