import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as cxapi from 'aws-cdk-lib/cx-api';
import { NodejsCode } from '../../src/bundling';
import { TestProject } from '../support/bundled-project';

afterAll(() => TestProject.removeAll());

const METADATA = { 'aws:cdk:enable-asset-metadata': true };
const handler = (result: string): string => `export const handler = async () => ${JSON.stringify(result)};`;

function add(stack: Stack, code: lambda.Code): void {
  new lambda.Function(stack, 'Fn', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code });
}

interface Asset {
  readonly source: { readonly path: string; readonly packaging: string };
  readonly displayName: string;
  readonly destinations: unknown;
}

/** The asset of the only function of a stack, and the metadata of the function. */
function uploaded({ directory, stacks }: cxapi.CloudAssembly): { folder: string; asset: Asset; metadata: Record<string, unknown> } {
  const [stack] = stacks;
  const manifest = JSON.parse(fs.readFileSync(stack.templateFullPath.replace('.template.json', '.assets.json'), 'utf8'));
  const [[, { Properties, Metadata }]] = Object.entries(Template.fromJSON(stack.template).findResources('AWS::Lambda::Function'));
  const asset = Object.values<Asset>(manifest.files).find(({ destinations }) => JSON.stringify(destinations).includes(Properties.Code.S3Key))!;
  return { folder: path.join(directory, asset.source.path), asset, metadata: Metadata };
}

test('the bundle is a zipped asset of its stack', () => {
  const app = new App({ context: METADATA });
  add(new Stack(app, 'Stack'), NodejsCode.fromEntry(new TestProject({ 'pay.ts': handler('paid') }).path('pay.ts')));
  const { folder, asset, metadata } = uploaded(app.synth());
  expect(asset.source.packaging).toBe('zip');
  expect(asset.displayName).toBe('Fn/Code');
  expect(fs.readdirSync(folder)).toEqual(['index.js']);
  expect(metadata['aws:asset:path']).toBe(asset.source.path);
});

test('in a stage it is in the parent assembly', () => {
  const app = new App({ context: METADATA });
  const stage = new Stage(app, 'Production');
  add(new Stack(stage, 'Stack'), NodejsCode.fromEntry(new TestProject({ 'pay.ts': handler('paid') }).path('pay.ts')));
  const { directory } = app.synth();
  const { folder, metadata } = uploaded(stage.synth());
  expect(path.dirname(folder)).toBe(directory);
  expect(metadata['aws:asset:path']).toBe(path.join('..', path.basename(folder)));
});

test('the incomplete asset of an interrupted synthesis is replaced', () => {
  const code = NodejsCode.fromEntry(new TestProject({ 'pay.ts': handler('paid') }).path('pay.ts'));
  const outdir = fs.mkdtempSync(path.join(new TestProject().root, 'out-'));
  const synth = (): string => {
    const app = new App({ outdir });
    add(new Stack(app, 'Stack'), code);
    return uploaded(app.synth()).folder;
  };
  const folder = synth();
  fs.rmSync(folder, { recursive: true });
  const partial = `${folder}.${process.pid}`;
  fs.mkdirSync(partial);
  fs.writeFileSync(path.join(partial, 'other.js'), '');
  expect(synth()).toBe(folder);
  expect(fs.readdirSync(folder)).toEqual(['index.js']);
  expect(fs.existsSync(partial)).toBe(false);
});

test.each<[string, (file: string) => void]>([
  ['was changed without changing its length and time', file => {
    const { atime, mtime } = fs.statSync(file);
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('paid', 'diap'));
    fs.utimesSync(file, atime, mtime);
  }],
  ['was cut off', file => fs.truncateSync(file, 5)],
  ['was removed', file => fs.rmSync(file)],
  ['is a link', file => { fs.writeFileSync(`${file}.other`, ''); fs.rmSync(file); fs.symlinkSync(`${file}.other`, file); }],
  ['is in a folder that became a file', file => { fs.rmSync(path.dirname(file), { recursive: true }); fs.writeFileSync(path.dirname(file), ''); }],
])('an asset of an earlier synthesis that %s is replaced', (_, change) => {
  const code = NodejsCode.fromEntry(new TestProject({ 'pay.ts': handler('paid') }).path('pay.ts'));
  const outdir = fs.mkdtempSync(path.join(new TestProject().root, 'out-'));
  const synth = (): string => {
    const app = new App({ outdir });
    add(new Stack(app, 'Stack'), code);
    return path.join(uploaded(app.synth()).folder, 'index.js');
  };
  const file = synth();
  const content = fs.readFileSync(file, 'utf8');
  change(file);
  expect(fs.readFileSync(synth(), 'utf8')).toBe(content);
});

test('two processes can write into the same folder at the same time', () => {
  const code = NodejsCode.fromEntry(new TestProject({ 'pay.ts': handler('paid') }).path('pay.ts'));
  const outdir = fs.mkdtempSync(path.join(new TestProject().root, 'out-'));
  const real = jest.requireActual<typeof fs>('node:fs');
  const move = real.renameSync;
  const rename = jest.spyOn(real, 'renameSync').mockImplementation((from, to) => {
    if (String(to).startsWith(outdir)) fs.cpSync(String(from), String(to), { recursive: true }); // the other process is faster
    move(from, to);
  });
  try {
    add(new Stack(new App({ outdir }), 'Stack'), code);
  } finally {
    rename.mockRestore();
  }
  expect(fs.readdirSync(outdir).filter(name => /^asset\./.test(name))).toEqual([expect.stringMatching(/^asset\.\w{64}$/)]);
});

test('a second synthesis in the same process detects a change', () => {
  const project = new TestProject({ 'pay.ts': handler('paid') });
  const code = NodejsCode.fromEntry(project.path('pay.ts'));
  const synth = (): string => {
    const app = new App();
    add(new Stack(app, 'Stack'), code);
    return fs.readFileSync(path.join(uploaded(app.synth()).folder, 'index.js'), 'utf8');
  };
  expect(synth()).toContain('"paid"');
  project.write({ 'pay.ts': handler('paid later') });
  expect(synth()).toContain('"paid later"');
});
