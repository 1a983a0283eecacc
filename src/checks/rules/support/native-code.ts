import { ELF_HEADER_BYTES, elfMachine } from '../../../private/elf-header';
import { foreignModules } from '../../../private/native-modules';
import type { ForeignModule } from '../../../private/native-modules';
import type { PackageFiles } from '../../../private/package-files';

/** What Linux reads of the first line of a script. */
const FIRST_LINE_BYTES = 256;

/** The native modules that a runtime cannot load. */
export function foreignModulesFor(files: PackageFiles, architecture: string, runtime: string): ForeignModule[] {
  return foreignModules(files, { architecture, python: /^python(3\.\d+)$/.exec(runtime)?.[1] });
}

/** Why Lambda cannot start the program of a custom runtime. */
export function faultOfBootstrap(files: PackageFiles, architecture: string): string | undefined {
  if (!files.has('bootstrap')) return 'no such file';
  const header = files.read('bootstrap', ELF_HEADER_BYTES);
  const machine = elfMachine(header);
  const isScript = header.toString('latin1', 0, 2) === '#!';
  if (machine === undefined && !isScript) return 'a file that is no Linux program and no script';
  if (isScript && /^#![^\n]*\r\n/.test(files.read('bootstrap', FIRST_LINE_BYTES).toString('latin1'))) {
    return 'a script with the line ends of Windows (CR LF), for which Linux finds no interpreter';
  }
  if (machine !== undefined && machine !== architecture) return `a program for ${machine}`;
  return files.isExecutable('bootstrap') === false ? 'a file without the permission to execute it' : undefined;
}
