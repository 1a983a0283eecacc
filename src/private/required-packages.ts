// smol-toml declares the types of its ES module only, which a CommonJS module cannot import
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { parse: parseToml } = require('smol-toml') as { parse(text: string): unknown };

/** The lines of requirements that name packages, each with the options and hashes that belong to it. */
export function requirementLines(text: string): string[] {
  return text.replace(/\\\r?\n/g, ' ').split(/\r?\n/).map(line => line.replace(/(^|\s)#.*$/, '').trim()).filter(line => line !== '' && !line.startsWith('-'));
}

/** The name of a package as Python compares it. */
export function normalizedName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** The name at the beginning of a requirement. */
export function requirementName(line: string): string | undefined {
  const name = /^([A-Za-z0-9][\w.-]*)/.exec(line)?.[1];
  return name === undefined ? undefined : normalizedName(name);
}

/** The dependencies in the text of a `pyproject.toml`, which can also contain settings of tools only. */
export function projectDependencies(text: string): string[] {
  try {
    const { project, tool } = parseToml(text) as { project?: { dependencies?: unknown }; tool?: any };
    const ofPoetry = Object.keys(tool?.poetry?.dependencies ?? {}).filter(name => name !== 'python');
    return Array.isArray(project?.dependencies) ? project.dependencies.map(String) : ofPoetry;
  } catch {
    return []; // the tool that installs the packages reports the mistake
  }
}
