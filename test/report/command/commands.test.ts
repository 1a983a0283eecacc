import fs from 'node:fs';
import { runCommand } from '../../../src/report/command/commands';

const main = jest.fn<number, [string[]]>();
jest.mock('../../../src/checks/cli/main', () => ({ main: (argv: string[]) => main(argv) }));

function errorOf(error: Error): { status: number; stderr: string } {
  main.mockImplementation(() => { throw error; });
  let stderr = '';
  const write = jest.spyOn(fs, 'writeSync').mockImplementation(((_fd: number, bytes: Uint8Array) => {
    stderr += Buffer.from(bytes).toString();
    return bytes.length;
  }) as typeof fs.writeSync);
  try {
    return { status: runCommand(['check']), stderr };
  } finally {
    write.mockRestore();
  }
}

test('the exit code is that of the command', () => {
  main.mockReturnValue(1);
  expect(runCommand(['check', 'cdk.out'])).toBe(1);
  expect(main).toHaveBeenCalledWith(['check', 'cdk.out']);
});

test('an error of the command itself has exit code 2, because 1 means findings', () => {
  const { status, stderr } = errorOf(new TypeError('boom'));
  expect(status).toBe(2);
  expect(stderr).toMatch(/^cdk-production-lambda: unexpected error, please report it: TypeError: boom\n {4}at /);
});

test('output that cannot be written has exit code 2', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
  expect(errorOf(full)).toEqual({ status: 2, stderr: 'cdk-production-lambda: cannot write the output: ENOSPC\n' });
});
