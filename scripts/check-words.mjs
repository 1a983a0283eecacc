// Checks the prose of the repository against scripts/banned-words.mjs: documentation, and comments and texts in code.
// Usage: node scripts/check-words.mjs [file or folder …]; without arguments, the whole repository.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { BANNED } from './banned-words.mjs';

const PATTERNS = BANNED.map(([words, instead]) => [new RegExp(`(?<![\\w$-])(?:${words.replaceAll(' ', '\\s+(?:\\*\\s+)?')})(?![\\w-])`, 'gi'), instead]);
/** Not our words: licences, recorded output, data, and pages that quote the old words. */
const LEFT_OUT = /^(LICENSE|CHANGELOG\.md|docs\/STYLE\.md|scripts\/banned-words\.mjs|package-lock\.json|bench\/(package-lock\.json|RESULTS\.md)|api\/|conformance\/(go|java|python)\/|test\/)|\.generated\.ts$|\.ja\.md$|(^|\/)__snapshots__\/|\.snap$/;
const INLINE_CODE = /`[^`\n]+`/g;
const CODE = /\.(ts|mjs|cjs|js)$/;
const DOCUMENT = /(\.(md|yml|yaml)|^\.ci\/\w+)$/;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...process.argv.slice(2)], { encoding: 'utf8' })
  .split('\n').filter(file => (CODE.test(file) || DOCUMENT.test(file)) && !LEFT_OUT.test(file) && fs.existsSync(file));
if (files.length === 0) throw new Error('no file to check; run it in the root of the repository');
const problems = files.flatMap(file => problemsOf(file));
for (const problem of problems) console.error(problem);
console.log(`${files.length} files checked: ${problems.length} banned words`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** As long as the text, with its line ends, without its words. */
function blank(text) {
  return text.replace(/[^\n]/g, ' ');
}

function problemsOf(file) {
  const text = fs.readFileSync(file, 'utf8');
  const parts = (CODE.test(file) ? proseOf(text) : [{ at: 0, prose: text }]).map(part => ({ ...part, prose: part.prose.replace(INLINE_CODE, blank) }));
  return parts.flatMap(({ at, prose }) => PATTERNS.flatMap(([pattern, instead]) => [...prose.matchAll(pattern)].map(match => {
    const line = text.slice(0, at + match.index).split('\n').length;
    return `${path.normalize(file)}:${line}: "${match[0].replace(/\s+/g, ' ')}": write ${instead}`;
  })));
}

/** The comments and the texts of a source file, with their places. A text without a space is a name or a value. */
function proseOf(text) {
  const parts = [];
  const source = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true);
  const seen = new Set();
  const comments = position => {
    for (const { pos, end } of [...ts.getLeadingCommentRanges(text, position) ?? [], ...ts.getTrailingCommentRanges(text, position) ?? []]) {
      if (seen.has(pos)) continue;
      seen.add(pos);
      parts.push({ at: pos, prose: text.slice(pos, end) });
    }
  };
  const visit = node => {
    comments(node.pos);
    comments(node.end);
    if ((ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) && node.text.includes(' ')) {
      parts.push({ at: node.getStart(source), prose: text.slice(node.getStart(source), node.end) });
    }
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  return parts;
}
