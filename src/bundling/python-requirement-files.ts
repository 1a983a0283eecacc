import * as fs from 'node:fs';
import * as path from 'node:path';
import { requirementLines } from '../private/required-packages';

/** A line that names another file: of requirements, or of constraints. */
const INCLUDED = /^(?:(-r|--requirement)|(-c|--constraint))[\s=]*(\S+)/;
const EDITABLE = /^(?:-e|--editable)[\s=]+/;
/** The path of a package or an archive in the project, or of a folder with archives. */
const LOCAL = /^((?:-f|--find-links)[\s=]+)?(file:)?(\.{0,2}\/[^\s;[#]*|[\w.-]+\/[^\s;[#@]*\.(?:whl|zip|tar\.gz))/;

/** The lines of requirements with all that they include. */
export interface RequirementTexts {
  /** For the installer; undefined if it can read the file itself. */
  readonly text?: string;
  /** The lines that name packages. */
  readonly lines: string[];
  /** The lines of constraints, which name versions. */
  readonly constraints: string[];
}

/** The text of a file in UTF-8, or in UTF-16 with a byte order mark, as the PowerShell of Windows writes it. */
export function textOf(file: string): string {
  const content = fs.readFileSync(file);
  return content.length >= 2 && content.readUInt16LE(0) === 0xfeff ? content.toString('utf16le', 2) : content.toString('utf8').replace(/^\uFEFF/, '');
}

/**
 * Reads a file of requirements and the files that it includes. Editable packages become ordinary ones: in the package of a function, a link
 * to a folder of this machine leads nowhere.
 *
 * @param folder The working directory of the installer, from which pip reads paths in all files
 */
export function readRequirements(file: string, folder: string): RequirementTexts {
  const constraints: string[] = [];
  const seen = new Set<string>();
  let isChanged = false;
  const read = (from: string): string[] => {
    if (seen.has(from)) return [];
    seen.add(from);
    const absolute = (found: string) => [path.resolve(path.dirname(from), found), path.resolve(folder, found)].find(each => fs.existsSync(each));
    return textOf(from).replace(/\\\r?\n/g, ' ').split(/\r?\n/).flatMap(written => {
      const line = written.replace(/(^|\s)#.*$/, '').trim();
      const [, isIncluded, isConstraint, name] = INCLUDED.exec(line) ?? [];
      const included = name === undefined ? undefined : absolute(name);
      isChanged ||= included !== undefined || EDITABLE.test(line);
      if (isIncluded !== undefined && included !== undefined) return read(included);
      if (isConstraint !== undefined && included !== undefined) {
        constraints.push(...requirementLines(textOf(included)));
        return [`-c ${included}`];
      }
      return [line.replace(EDITABLE, '').replace(LOCAL, (_, option = '', scheme = '', local) => `${option}${absolute(local) ?? scheme + local}`)];
    });
  };
  const text = read(file).join('\n');
  return { text: isChanged ? text : undefined, lines: requirementLines(text), constraints };
}
