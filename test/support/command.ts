import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../src/checks/cli/main';

const LAUNCHER = join(__dirname, '..', '..', 'bin', 'cdk-production-lambda');

export interface LauncherOptions {
  readonly stdin?: string | Buffer;
  readonly env?: Record<string, string>;
}

/** Runs the command of the package in a process of its own. Jest's global setup has made its bundle. */
export function runLauncher(cwd: string, args: readonly string[], { stdin = '', env }: LauncherOptions = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, ...args], { cwd, input: stdin, encoding: 'utf8', env: { ...process.env, ...env } });
  return { status, stdout, stderr };
}

/** Collects what `main` writes, which it does synchronously. */
function capture(run: () => number): { status: number; stdout: string; stderr: string } {
  const written: Record<number, string> = { 1: '', 2: '' };
  const write = jest.spyOn(fs, 'writeSync').mockImplementation(((fd: number, bytes: Uint8Array) => {
    written[fd] += Buffer.from(bytes).toString();
    return bytes.length;
  }) as typeof fs.writeSync);
  try {
    return { status: run(), stdout: written[1], stderr: written[2] };
  } finally {
    write.mockRestore();
  }
}

/** A folder with files, and the command run in it. */
export class CommandFolder {
  constructor(files: Record<string, unknown> = {}, public readonly path = fs.mkdtempSync(join(tmpdir(), 'command-'))) {
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  public write(name: string, content: unknown): void {
    const path = join(this.path, name);
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, undefined, 1));
  }

  public check(...args: string[]): { status: number; stdout: string; stderr: string } {
    const before = process.cwd();
    process.chdir(this.path);
    try {
      return capture(() => main(['check', ...args]));
    } finally {
      process.chdir(before);
    }
  }

  /** The report in JSON. */
  public report(...args: string[]): any {
    const { stdout, stderr } = this.check(...args, '--format', 'json');
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout);
  }

  /** `rule path` of each finding without an exemption. */
  public findings(...args: string[]): string[] {
    const open = this.report(...args).findings.filter((finding: any) => finding.exempted === undefined);
    return open.map(({ rule, path }: any) => `${rule} ${path}`);
  }

  public notes(...args: string[]): string[] {
    return this.report(...args).notes.map(({ message }: any) => message);
  }
}
