import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// eslint-disable-next-line import/no-extraneous-dependencies -- a dependency of eslint
import Ajv from 'ajv';
import { App, Stack } from 'aws-cdk-lib';
import { createApp } from '../../../sample/app';
import { readReport } from '../../../src/report/command/read-report';
import { diffOf } from '../../../src/report/model/diff';
import { APPS } from '../../checks/corpus/apps';
import { reportLines, TODAY } from '../../support/report-lines';

// the app is written for users of the package
jest.mock('cdk-production-lambda', () => jest.requireActual('../../../src'), { virtual: true });

const ROOT = join(__dirname, '..', '..', '..');
const SETTINGS = { severities: new Map(), exemptions: [], parameters: new Map() };
const validate = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(join(ROOT, 'docs', 'readiness.schema.json'), 'utf8')));

/** Ten apps in the style of public samples: every kind of entrance, source and release. */
const CORPUS = [
  'hello world', 'careful queue worker', 'queue worker behind an alias with a short visibility timeout', 'public HTTP API',
  'HTTP API with a user pool style authorizer, log and throttle', 'REST API with LambdaRestApi', 'thumbnails from S3',
  'fan-out with SNS and a destination', 'asynchronous configuration on the function while the alias is invoked', 'canary from the CDK documentation',
];

function read(outdir: string) {
  const found = readReport([outdir], SETTINGS, { language: 'en', today: TODAY });
  validate(JSON.parse(JSON.stringify(found.report)));
  expect(validate.errors ?? []).toEqual([]);
  return found;
}

test('the sample', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'golden-'));
  createApp({ outdir, context: { 'aws:cdk:enable-path-metadata': true } }).synth();
  const found = read(outdir);
  expect(reportLines(found.report)).toMatchSnapshot();
  const { report, ...changes } = { report: found.report, changes: { from: 'cdk.out', ...diffOf(found, found) } };
  validate(JSON.parse(JSON.stringify({ ...report, ...changes })));
  expect(validate.errors ?? []).toEqual([]);
  expect(changes.changes).toMatchObject({ added: [], removed: [], replaced: [], orphaned: [], newFindings: [], goneFindings: [], functions: [] });
});

// the apps in Python, Java and Go synthesise the same template, which conformance/run.mjs compares
test('the conformance app', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'golden-'));
  const [before, environment] = [process.cwd(), { ...process.env }];
  process.env.CDK_OUTDIR = outdir;
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ 'aws:cdk:enable-path-metadata': true });
  process.chdir(join(ROOT, 'conformance', 'typescript'));
  try {
    jest.requireActual('../../../conformance/typescript/app');
  } finally {
    process.chdir(before);
    process.env = environment;
  }
  expect(reportLines(read(outdir).report)).toMatchSnapshot();
});

test.each(CORPUS)('the corpus app: %s', name => {
  const outdir = mkdtempSync(join(tmpdir(), 'golden-'));
  const app = new App({ outdir, context: { 'aws:cdk:enable-path-metadata': true } });
  APPS[name](new Stack(app, 'App'));
  app.synth();
  expect(reportLines(read(outdir).report)).toMatchSnapshot();
});
