import { elfMachine } from '../../src/private/elf-header';
import { foreignModules } from '../../src/private/native-modules';
import type { PackageFiles } from '../../src/private/package-files';
import { elf } from '../support/elf';

function files(contents: Record<string, Buffer>): PackageFiles {
  return { names: Object.keys(contents), has: name => name in contents, read: name => contents[name], isExecutable: () => undefined };
}

const [ARM, X86, MACOS] = [elf('arm64'), elf('x86_64'), Buffer.from([0xcf, 0xfa, 0xed, 0xfe, ...Array(28).fill(0)])];
const PLATFORM = { architecture: 'arm64', python: '3.14' };

test.each<[string, Record<string, Buffer>, string[]]>([
  ['a library for another processor', { 'lib/libpq.so.5': X86 }, ['lib x86_64']],
  ['a Python module for another processor', { 'pydantic_core/_pydantic_core.cpython-314-x86_64-linux-gnu.so': X86 }, ['pydantic_core x86_64']],
  ['a Python module for another version', { 'numpy/core/_x.cpython-312-aarch64-linux-gnu.so': ARM }, ['numpy Python 3.12']],
  ['a Python module of macOS', { 'orjson/orjson.cpython-314-darwin.so': MACOS }, ['orjson macOS or Windows']],
  ['a Python module of Windows', { 'orjson/orjson.cp314-win_amd64.pyd': Buffer.from('MZ\0\0') }, ['orjson macOS or Windows']],
  ['a Python module for Alpine Linux', { 'orjson/orjson.cpython-314-aarch64-linux-musl.so': ARM }, ['orjson musl (Alpine Linux)']],
  ['a Node.js module for another processor', { 'node_modules/@scope/a/build/Release/a.node': X86 }, ['@scope/a x86_64']],
])('finds %s', (_, contents, found) => {
  expect(foreignModules(files(contents), PLATFORM).map(({ owner, builtFor }) => `${owner} ${builtFor}`)).toEqual(found);
});

test.each<[string, Record<string, Buffer>]>([
  ['modules of the platform', { 'a/_a.cpython-314-aarch64-linux-gnu.so': ARM, 'b.abi3.so': ARM, 'c.so': ARM, 'd/libd.so.1.2': ARM }],
  ['a package with a build for each platform', { 'node_modules/a/prebuilds/linux-x64/a.node': X86, 'node_modules/a/prebuilds/linux-arm64/a.node': ARM, 'node_modules/a/prebuilds/darwin/a.node': MACOS }],
  ['a package for each platform', { 'node_modules/@img/sharp-linux-x64/a.node': X86, 'node_modules/@img/sharp-linux-arm64/a.node': ARM }],
  ['a Python module with a build for each version', { 'a/_a.cpython-313-aarch64-linux-gnu.so': ARM, 'a/_a.cpython-314-aarch64-linux-gnu.so': ARM }],
  ['a script of the linker', { 'lib/libc.so': Buffer.from('/* GNU ld script */ GROUP ( libc.so.6 )') }],
  ['other files', { 'a/data.bin': X86, 'app.py': Buffer.from('x') }],
])('accepts %s', (_, contents) => {
  expect(foreignModules(files(contents), PLATFORM)).toEqual([]);
});

test('the Python version does not matter for other runtimes', () => {
  expect(foreignModules(files({ 'a.cpython-312-aarch64-linux-gnu.so': ARM }), { architecture: 'arm64' })).toEqual([]);
});

test.each([[ARM, 'arm64'], [X86, 'x86_64'], [MACOS, undefined], [Buffer.alloc(0), undefined], [Buffer.from('7f454c46020101000000000000000000020008', 'hex'), undefined],
  [Buffer.from('7f454c4602020100000000000000000000020016', 'hex'), 'processor 22']])('reads the processor of an ELF header', (header, machine) => {
  expect(elfMachine(header as Buffer)).toBe(machine);
});
