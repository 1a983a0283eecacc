// Writes the tables of props into docs/guides/*.md, from the doc comments of src/. A table is between <!-- props: Name -->, or
// <!-- own props: Name --> without the props that the interface inherits, and <!-- /props -->.
import { readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '..');
const GUIDES = join(ROOT, 'docs', 'guides');
const TABLE = /<!-- (own )?props: (\w+) -->\n[^]*?<!-- \/props -->/g;

interface Prop {
  readonly name: string;
  readonly default: string;
  readonly summary: string;
}

/** The text of every guide with its tables as they must be, by file. */
export function renderGuides(): Map<string, string> {
  const interfaces = propsInterfaces();
  const files = readdirSync(GUIDES).filter(name => name.endsWith('.md')).map(name => join(GUIDES, name));
  return new Map(files.map(file => [file, readFileSync(file, 'utf8').replace(TABLE, (_, own: string = '', name: string) => renderTable(interfaces, name, own))]));
}

function renderTable(interfaces: Map<string, ts.InterfaceDeclaration>, name: string, own: string): string {
  const rows = propsOf(interfaces, name, own === '').map(prop => {
    const api = `../../API.md#cdk-production-lambda.${name}.property.${prop.name}`;
    return `| [\`${prop.name}\`](${api}) | ${cell(prop.default)} | ${cell(prop.summary)} |`;
  });
  return [`<!-- ${own}props: ${name} -->`, '| prop | default | description |', '| --- | --- | --- |', ...rows, '<!-- /props -->'].join('\n');
}

/** The props of an interface, including inherited props of this library; the CDK documents its own. */
function propsOf(interfaces: Map<string, ts.InterfaceDeclaration>, name: string, withInherited: boolean): Prop[] {
  const declaration = interfaces.get(name);
  if (declaration === undefined) throw new Error(`a guide names ${name}, which is no interface of src/`);
  const inherited = (withInherited ? declaration.heritageClauses ?? [] : []).flatMap(({ types }) => types.map(type => type.expression.getText()))
    .flatMap(parent => interfaces.has(parent) ? propsOf(interfaces, parent, true) : []);
  return [...declaration.members.filter(ts.isPropertySignature).map(propOf), ...inherited];
}

function propOf(property: ts.PropertySignature): Prop {
  const [comment] = ts.getJSDocCommentsAndTags(property).filter(ts.isJSDoc);
  const tag = comment?.tags?.find(({ tagName }) => tagName.text === 'default');
  const text = (part: ts.JSDoc | ts.JSDocTag | undefined) => (ts.getTextOfJSDocComment(part?.comment) ?? '').trim();
  const stated = text(tag);
  const isProse = stated.startsWith('- ');
  return {
    name: property.name.getText(),
    default: property.questionToken === undefined ? 'required' : isProse ? stated.slice(2) : `\`${stated}\``,
    summary: firstSentence(text(comment)),
  };
}

function firstSentence(text: string): string {
  const [paragraph] = text.split('\n\n');
  const joined = paragraph.replace(/\s*\n\s*/g, ' ');
  return /^.*?[^.]\.(?=\s+[A-Z`]|$)/.exec(joined)?.[0] ?? joined;
}

function cell(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function propsInterfaces(): Map<string, ts.InterfaceDeclaration> {
  const src = join(ROOT, 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'));
  const found = files.flatMap(file => ts.createSourceFile(file, readFileSync(join(src, file), 'utf8'), ts.ScriptTarget.Latest, true).statements)
    .filter(ts.isInterfaceDeclaration).filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword));
  return new Map(found.map(declaration => [declaration.name.text, declaration]));
}

if (require.main === module) for (const [file, text] of renderGuides()) writeFileSync(file, text);
