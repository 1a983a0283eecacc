import type { BundleFinding } from './entry-metafile';

/** Where the code of a warning is. */
interface Place {
  /** Relative to the root of the project. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly lineText: string;
}

/** The part of a warning of esbuild that is read here. */
export interface EsbuildWarning {
  readonly id: string;
  readonly text: string;
  readonly location?: Place;
}

interface Kind {
  readonly id: string;
  readonly says: string;
  readonly fix: string;
}

/** The warnings of esbuild about code that works in the source, by their id. esbuild reports none about packages. */
const KINDS: Record<string, Kind> = {
  'empty-import-meta': {
    id: 'importMeta',
    says: "the code uses 'import.meta' in a way that a CommonJS bundle does not have",
    fix: "use import.meta.url, import.meta.dirname or import.meta.filename, or set 'format' to ModuleFormat.ESM",
  },
  'require-resolve-not-external': {
    id: 'resolvedPackages',
    says: 'the code resolves files of packages, which the bundle does not contain',
    fix: "add the packages to 'nodeModules'",
  },
  'empty-glob': {
    id: 'emptyImports',
    says: 'the code imports modules by a computed name of which no file has the extension',
    fix: 'write the extension of the source files, such as .ts',
  },
};
/** In quotation marks at the beginning of a warning, or in brackets. */
const SUBJECT = /^"(?!import\.meta)([^"]+)"|\((".+?")\)/;
/** A file of the project, which another warning names, and properties that no code needs on Lambda. */
const IGNORED = { subject: /^\.{0,2}\//, property: /^(?:\s+as\s+\w+\))?\.(?:main|env)\b/ };

/** Finds code of one handler that works in the source and not in the bundle, in the warnings of a build. */
export function esbuildFindings(warnings: readonly EsbuildWarning[], sources: readonly string[]): BundleFinding[] {
  const places = new Map<Kind, Set<string>>();
  for (const { id, text, location } of warnings) {
    const kind = KINDS[id];
    if (kind === undefined || location === undefined || !sources.includes(location.file)) continue;
    const [, quoted, pattern] = SUBJECT.exec(text) ?? [];
    const isIgnored = IGNORED.subject.test(quoted ?? '') || IGNORED.property.test(location.lineText.slice(location.column + location.length));
    if (isIgnored) continue;
    const subject = quoted ?? pattern?.slice(1, -1).replaceAll('**/', '');
    places.set(kind, (places.get(kind) ?? new Set()).add(`${subject === undefined ? '' : `'${subject}' `}in ${location.file}:${location.line}`));
  }
  return [...places].map(([{ id, says, fix }, found]) => ({ id, message: `${says}: ${[...found].join(', ')}; ${fix}` }));
}
