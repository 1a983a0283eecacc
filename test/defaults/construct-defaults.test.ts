import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import RECOMMENDED from 'aws-cdk-lib/recommended-feature-flags.json';
import { ALARMS } from './alarms';
import { isStructural, leavesOf, recorded, unneededReasons } from './coverage';
import { DATABASES } from './databases';
import { DELIVERIES } from './deliveries';
import { ENTRANCES } from './entrances';
import { FAILURES } from './failures';
import { FUNCTIONS } from './functions';
import { NETWORKS } from './networks';
import { type Json, Resources, type Subject } from './subject';
import { DEFAULTS_PAGE, readable, renderDefaults } from '../../scripts/defaults';
import { Profile } from '../../src';
import { RULES } from '../../src/checks/rules';
import { DEFAULTS } from '../../src/defaults';
import { plainFunction } from '../support/plain-function';

const SUBJECTS: Record<string, Subject> = { ...FUNCTIONS, ...FAILURES, ...ENTRANCES, ...NETWORKS, ...DATABASES, ...DELIVERIES, ...ALARMS };

const built = new Map<string, Json>();

/** The synthesised resources, with the feature flags of a new app; each kind is built once. */
function jsonOf(kind: 'ours' | 'plain' | 'sandbox', construct: string, build = 'default'): Json {
  const key = `${kind} ${construct} ${build}`;
  if (!built.has(key)) {
    const stack = new Stack(new App({ context: RECOMMENDED }), 'Stack');
    if (kind === 'sandbox') Profile.sandbox({ owner: 'test' }).applyTo(stack);
    SUBJECTS[construct][kind === 'sandbox' ? 'ours' : kind](stack, build);
    built.set(key, Template.fromStack(stack).toJSON().Resources);
  }
  return built.get(key)!;
}

function resourcesOf(kind: 'ours' | 'plain' | 'sandbox', construct: string, build?: string): Resources {
  return new Resources(jsonOf(kind, construct, build));
}

const ROWS = Object.entries(DEFAULTS).flatMap(([construct, rows]) =>
  Object.entries<any>(rows).map(([key, row]) => ({ construct, key, row, probe: SUBJECTS[construct]?.probes[key] })));

test('every row has a probe, and every probe a row', () => {
  const probed = Object.entries(SUBJECTS).flatMap(([construct, { probes }]) => Object.keys(probes).map(key => `${construct}.${key}`));
  expect(probed.sort()).toEqual(ROWS.map(({ construct, key }) => `${construct}.${key}`).sort());
});

test.each(ROWS)('$construct has by default the $key of the table', ({ construct, row, probe }) => {
  expect(probe.read(resourcesOf('ours', construct, probe.build))).toBe(row.value);
});

test.each(ROWS)('$construct has in a sandbox the $key of the table', ({ construct, row, probe }) => {
  expect(probe.read(resourcesOf('sandbox', construct, probe.build))).toBe(row.sandbox ?? row.value);
});

test.each(ROWS)('in place of $construct the plain L2 has the $key of the table', ({ construct, row, probe }) => {
  const written = probe.read(resourcesOf('plain', construct, probe.build));
  expect(`${written === undefined ? probe.unset : readable(written, row.unit)}${probe.note ?? ''}`).toBe(row.l2);
});

test.each(ROWS)('the $key of $construct has a reason and a page of AWS', ({ row }) => {
  expect(row.why).toMatch(/^\S.{15,}[^.]$/);
  expect(row.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w/.-]+(\.html|\/)$/);
});

/** The subject of each rule that rows name, by a word of its title: the row and the rule are about the same setting. */
const SUBJECT_OF_RULE: Record<string, [title: RegExp, rows: RegExp]> = {
  'LP-F01': [/timeout is left at the default/, /timeoutSeconds/],
  'LP-F04': [/memory is left at the default/, /memorySize$/],
  'LP-F05': [/Java or .NET/, /memorySizeJavaDotnet/],
  'LP-F09': [/architecture/, /architecture/],
  'LP-F12': [/plain text/, /loggingFormat/],
  'LP-F13': [/Logs are retained/, /logRetentionDays/],
  'LP-F21': [/Recursive loop/, /recursiveLoop/],
  'LP-F23': [/Failed asynchronous events/, /onFailure/],
  'LP-F32': [/visibility timeout/, /visibilityTimeout/],
  'LP-F35': [/maxReceiveCount/, /maxReceiveCount/],
  'LP-F37': [/Dead-letter queue retains/, /retentionDays/],
  'LP-F38': [/retries the whole batch/, /reportBatchItemFailures/],
  'LP-F44': [/blocks its shard/, /retryAttempts|maxRecordAgeSeconds/],
  'LP-F45': [/Discarded stream records/, /onFailure/],
  'LP-F46': [/bisected/, /bisectBatchOnError/],
  'LP-F48': [/LATEST/, /startingPosition/],
  'LP-F55': [/TTL/, /timeToLiveAttribute/],
  'LP-F56': [/protected against loss/, /pointInTimeRecovery|deletionProtection/],
  'LP-F70': [/Runtime version/, /runtimeManagement/],
  'LP-F75': [/one Availability Zone/, /maxAzs/],
  'LP-F76': [/no route to a service/, /Endpoints/],
  'LP-F78': [/Retry attempts or event age/, /retryAttempts|maxEventAgeSeconds/],
  'LP-F81': [/Batch size/, /batchSize/],
  'LP-F83': [/Stream setting/, /batchSize/],
  'LP-F85': [/Log levels/, /LogLevel/],
  'LP-F86': [/Tracing/, /tracing/],
  'LP-P04': [/Previous version/, /versionRemovalPolicy/],
  'LP-P08': [/Canary has no alarms/, /errorRateThreshold|durationThreshold/],
  'LP-P09': [/All traffic shifts/, /deploymentConfig/],
  'LP-P13': [/Alarm is slower/, /alarm(Window|Evaluation)/],
  'LP-P31': [/do not roll back/, /autoRollback/],
  'LP-C10': [/Target utilization/, /targetUtilization/],
  'LP-H08': [/authorizer result/, /authorizerCache/],
  'LP-H11': [/throttle/, /throttle/],
  'LP-H13': [/access log/, /logRetentionDays/],
  'LP-H19': [/edge-optimized/, /endpointType/],
  'LP-H20': [/Request bodies are logged/, /restDataTrace/],
  'LP-D01': [/prevents auto-pause/, /minCapacity/],
  'LP-D02': [/Auto-pause is set with a minimum capacity/, /minCapacity/],
  'LP-D03': [/Auto-pause delay/, /autoPauseSeconds/],
  'LP-D07': [/MaxConnectionsPercent/, /maxConnectionsPercent/],
  'LP-D10': [/Borrow timeout/, /borrowTimeoutSeconds/],
  'LP-D14': [/unencrypted connections/, /requireTLS/],
  'LP-D15': [/IAM login/, /iamAuthentication|proxyAuthScheme/],
  'LP-D22': [/Data API/, /enableDataApi/],
  'LP-D23': [/not encrypted/, /storageEncrypted/],
  'LP-D24': [/deletion protection/, /deletionProtection|removalPolicy/],
  'LP-D25': [/Backups/, /backupRetentionDays/],
  'LP-D27': [/secret is never rotated/, /manageMasterUserPassword/],
  'LP-D28': [/second instance/, /readers/],
  'LP-D34': [/Serverless capacity/, /maxCapacity/],
};

test('each rule that a row names exists and is about the same setting', () => {
  const named = ROWS.filter(({ row }) => row.rule !== undefined);
  const subjects = named.map(({ construct, key, row }) => {
    const [title, rows] = SUBJECT_OF_RULE[row.rule] ?? [/^$/, /^$/];
    const isSame = title.test(RULES.find(({ id }) => id === row.rule)?.title ?? '') && rows.test(key);
    return isSame ? [] : [`${construct}.${key}: ${row.rule} ${RULES.find(({ id }) => id === row.rule)?.title}`];
  });
  expect(subjects.flat()).toEqual([]);
  expect(Object.keys(SUBJECT_OF_RULE).sort()).toEqual([...new Set(named.map(({ row }) => row.rule))].sort());
});

describe('the table is complete', () => {
  const buildsOf = (construct: string) => [...new Set(Object.values(SUBJECTS[construct].probes).map(({ build }) => build ?? 'default'))];
  const all = Object.keys(SUBJECTS).flatMap(construct => buildsOf(construct).map(build => ({ construct, build })));
  const text = ([path, value]: readonly [string, string]) => `${path} = ${value}`;

  /** The values that the probes of a construct read. */
  function valuesInTable(construct: string): string[] {
    return buildsOf(construct).flatMap(build => {
      const paths = new Set<string>();
      const json = jsonOf('ours', construct, build);
      const probes = Object.values(SUBJECTS[construct].probes).filter(probe => (probe.build ?? 'default') === build);
      for (const { read } of probes) read(new Resources(recorded(json, paths)));
      return leavesOf(json).filter(([path]) => paths.has(path)).map(text);
    });
  }

  test.each(all)('$construct has a row for each value that the plain L2 has not ($build)', ({ construct, build }) => {
    const plain = new Set(leavesOf(jsonOf('plain', construct, build)).map(text));
    const inTable = new Set([construct, ...SUBJECTS[construct].contains ?? []].flatMap(valuesInTable));
    const missing = leavesOf(jsonOf('ours', construct, build))
      .filter(leaf => !isStructural(leaf) && !plain.has(text(leaf)) && !inTable.has(text(leaf))).map(text);
    expect([...new Set(missing)]).toEqual([]);
  });

  test('each reason why a value has no row is needed', () => {
    const differing = all.flatMap(({ construct, build }) => {
      const plain = new Set(leavesOf(jsonOf('plain', construct, build)).map(text));
      return leavesOf(jsonOf('ours', construct, build)).filter(leaf => !plain.has(text(leaf)));
    });
    expect(unneededReasons(differing)).toEqual([]);
  });
});

test('the plain alias requires its name', () => {
  const stack = new Stack();
  new lambda.Alias(stack, 'Alias', { version: plainFunction(stack, 'Pay').currentVersion } as Partial<lambda.AliasProps> as lambda.AliasProps);
  expect(() => Template.fromStack(stack)).toThrow('name: required but missing');
});

test('docs/DEFAULTS.md is current', () => {
  expect(readFileSync(DEFAULTS_PAGE, 'utf8')).toBe(renderDefaults());
});
