import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '..', '..');
/** Stands for a value that a message contains. */
const VALUE = '\u0000';

/** The texts of the library with their values replaced, if they are sentences with "must". */
function messages(): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    if (ts.isTemplateExpression(node)) found.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(VALUE));
    ts.forEachChild(node, visit);
  };
  for (const file of readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))) {
    visit(ts.createSourceFile(file, readFileSync(join(ROOT, 'src', file), 'utf8'), ts.ScriptTarget.Latest));
  }
  // "'prop' must be <range>" would match every quotation.
  return found.filter(text => / must /.test(text) && text.replaceAll(VALUE, '').split(' ').filter(word => /\w/.test(word)).length > 2);
}

const withoutPauses = (text: string) => text.replace(/[,;:](?= |$)/g, '');

/** Matches a message from its beginning to any word after "must", with any values. */
function beginningOf(message: string): RegExp {
  const words = withoutPauses(message).split(' ').map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(VALUE, '.+?'));
  const needed = words.indexOf('must') + 2;
  const optional = words.slice(needed).reduceRight((rest, word) => `(?: ${word}${rest})?`, '');
  return new RegExp(`^${words.slice(0, needed).join(' ')}${optional}$`);
}

const beginnings = messages().map(beginningOf);
const RANGE = /^'[\w.]+' must be (?:at least [\d.]+|between [\d.]+ and [\d.]+)$/;

/** The parts of a line between backticks. */
const codeOf = (line: string) => line.split('`').filter((_, i) => i % 2 === 1);
const quotations = readdirSync(join(ROOT, 'docs', 'guides')).filter(name => /^[\w-]+\.md$/.test(name)).flatMap(name =>
  readFileSync(join(ROOT, 'docs', 'guides', name), 'utf8').split('\n').flatMap(codeOf).filter(code => code.includes(' must ')).map(code => [name, code]));

test('the guides quote messages', () => {
  expect(quotations.length).toBeGreaterThan(20);
});

test.each(quotations)('%s quotes a message of the library: %s', (_, quotation) => {
  expect(beginnings.some(beginning => beginning.test(withoutPauses(quotation))) || RANGE.test(quotation)).toBe(true);
});
