/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { check } from '../../../src/checks/engine/check';
import { input } from '../../../src/checks/engine/load';
import { RULES } from '../../../src/checks/rules';

export type Resources = Record<string, object>;

/** One rule with a template that it reports, the messages, and a template that it does not report. */
export interface RuleCase {
  readonly id: string;
  readonly name?: string;
  readonly fails: Resources;
  readonly passes: Resources;
  readonly says: string[];
  /** The Region of the stack; not known otherwise. */
  readonly region?: string;
  /** The account of the stack; not known otherwise. */
  readonly account?: string;
  /** Other sections of both templates. */
  readonly extra?: object;
  /** The day of the check, if it is not TODAY. */
  readonly today?: string;
  /** The files of the cloud assembly, by their path. */
  readonly assets?: Record<string, string | Buffer>;
}

export const TODAY = '2026-11-23';

export function messages(id: string, resources: Resources, extra: object = {}, region?: string, today = TODAY, directory?: string, account?: string): string[] {
  // the rule alone: most of the time of these tests is the evaluation of rules
  const severities = new Map(RULES.filter(one => one.id !== id).map(one => [one.id, 'off' as const]));
  return check([input({ Resources: resources, ...extra }, 'template.json', directory, { region, account })], { today, severities }).map(finding => finding.message);
}

/** Tests both templates of every case, and that every rule with one of the prefixes has a case. */
export function testRules(prefixes: string[], cases: RuleCase[]): void {
  test.each(cases.map(one => [`${one.id}${one.name ? ` ${one.name}` : ''}`, one] as const))('%s', (_, { id, fails, passes, says, region, account, extra, today, assets }) => {
    const directory = assets && folderWith(assets);
    expect(messages(id, fails, extra, region, today, directory, account)).toEqual(says);
    expect(messages(id, passes, extra, region, today, directory, account)).toEqual([]);
  });

  // an unknown value must not be treated as absent
  test.each(cases.filter(one => RULES.find(rule => rule.id === one.id)!.severity === 'error').map(one => [`${one.id}${one.name ? ` ${one.name}` : ''}`, one] as const))('%s: an unknown value causes no error', (_, { id, passes, region, assets }) => {
    expect(unknownErrors(id, passes, region, assets && folderWith(assets))).toEqual([]);
  });

  test('messages contain the property, the limit, the value, the fix and the path', () => {
    for (const message of cases.flatMap(one => one.says)) expect(message).toMatch(/^'[^']+' must .+, got .+; .+ \(at .+\)$/s);
    expect(cases.filter(one => one.says.length === 0)).toEqual([]);
  });

  test('every rule of the category has a case', () => {
    const ids = RULES.map(rule => rule.id).filter(id => prefixes.some(prefix => id.startsWith(prefix)));
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.filter(id => !cases.some(one => one.id === id))).toEqual([]);
  });
}

/** A folder with files; a script is executable. */
function folderWith(files: Record<string, string | Buffer>): string {
  const directory = mkdtempSync(join(tmpdir(), 'assembly-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content, { mode: name.endsWith('data/bootstrap') ? 0o644 : 0o755 });
  }
  return directory;
}

/** Limits are tested with hundreds of equal resources and items, of which a few are enough here. */
const ALIKE_MAX = 10;

/** The paths in a template where an unknown value causes a finding. */
function unknownErrors(id: string, resources: Resources, region?: string, directory?: string): string[] {
  const copy = structuredClone(resources) as Record<string, any>;
  const found: string[] = [];
  const visit = (holder: any, path: string) => {
    for (const key of Object.keys(holder).slice(0, Array.isArray(holder) ? ALIKE_MAX : undefined)) {
      const kept = holder[key];
      holder[key] = { Ref: 'GivenAtDeployment' };
      if (messages(id, copy, { Parameters: { GivenAtDeployment: { Type: 'String' } } }, region, TODAY, directory).length > 0) found.push(`${path}.${key}`);
      holder[key] = kept;
      if (typeof kept === 'object' && kept !== null) visit(kept, `${path}.${key}`);
    }
  };
  const visited: string[] = [];
  for (const [logicalId, { Type, Properties }] of Object.entries(copy)) {
    if (Properties && visited.filter(type => type === Type).length < ALIKE_MAX) visit(Properties, logicalId);
    visited.push(Type);
  }
  return found;
}

export const r = (Type: string, Properties: object = {}, rest: object = {}) => ({ Type, ...rest, Properties });
export const att = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] });
export const ref = (id: string) => ({ Ref: id });
export const fn = (props: object = {}, rest: object = {}) => r('AWS::Lambda::Function', {
  Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { ZipFile: '' }, Role: att('Role'), Timeout: 10, MemorySize: 512, Architectures: ['arm64'], ...props,
}, rest);
export const image = (props: object = {}) => r('AWS::Lambda::Function', { PackageType: 'Image', Code: { ImageUri: 'repo:tag' }, Role: att('Role'), Timeout: 10, ...props });
export const role = (Statement: object[] = [], rest: object = {}) => r('AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [] }, Policies: [{ PolicyName: 'p', PolicyDocument: { Statement } }], ...rest });
export const allow = (Action: unknown, Resource: unknown = '*', rest: object = {}) => ({ Effect: 'Allow', Action, Resource, ...rest });
export const version = (props: object = {}, rest: object = { DeletionPolicy: 'Retain' }) => r('AWS::Lambda::Version', { FunctionName: ref('Fn'), ...props }, rest);
export const alias = (props: object = {}, rest: object = {}) => r('AWS::Lambda::Alias', { FunctionName: ref('Fn'), Name: 'live', FunctionVersion: att('Version', 'Version'), ...props }, rest);
export const provisioned = (n: number) => ({ ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: n } });
export const queue = (props: object = {}) => r('AWS::SQS::Queue', props);
export const source = (origin: unknown, props: object = {}, target: unknown = ref('Fn')) => r('AWS::Lambda::EventSourceMapping', { EventSourceArn: origin, FunctionName: target, ...props });
export const sqs = (props: object = {}, target: unknown = ref('Fn')) => source(att('Queue'), props, target);
export const stream = (props: object = {}) => source(att('Stream'), { StartingPosition: 'TRIM_HORIZON', ...props });
export const kinesis = { Stream: r('AWS::Kinesis::Stream') };
export const table = (props: object = {}) => r('AWS::DynamoDB::Table', { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }], ...props });
export const ddb = (props: object = {}) => source(att('Table', 'StreamArn'), { StartingPosition: 'TRIM_HORIZON', ...props });
export const asyncConfig = (props: object = {}, Qualifier = '$LATEST') => r('AWS::Lambda::EventInvokeConfig', { FunctionName: ref('Fn'), Qualifier, ...props });
export const onFailure = (Destination: unknown) => ({ DestinationConfig: { OnFailure: { Destination } } });
export const rule = (Arn: unknown = att('Fn')) => r('AWS::Events::Rule', { Targets: [{ Arn, Id: 't' }] });
export const url = (props: object = {}, target: unknown = ref('Fn')) => r('AWS::Lambda::Url', { AuthType: 'AWS_IAM', TargetFunctionArn: target, ...props });
export const subnets = (zones: unknown[]) => Object.fromEntries(zones.map((AvailabilityZone, i) => [`Subnet${i}`, r('AWS::EC2::Subnet', { VpcId: ref('Vpc'), AvailabilityZone })]));
export const inVpc = (n = 2) => ({ VpcConfig: { SubnetIds: Array.from({ length: n }, (_, i) => ref(`Subnet${i}`)), SecurityGroupIds: [att('Group', 'GroupId')] } });
export const uri = (target: unknown = att('Fn')) => ({ 'Fn::Join': ['', ['arn:', ref('AWS::Partition'), ':apigateway:', ref('AWS::Region'), ':lambda:path/2015-03-31/functions/', target, '/invocations']] });
export const route = (RouteKey: string, props: object = {}) => r('AWS::ApiGatewayV2::Route', { ApiId: ref('Api'), RouteKey, ...props });
export const httpApi = (props: object = {}) => r('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP', ...props });
export const integration = (props: object = {}, target: unknown = att('Fn')) => r('AWS::ApiGatewayV2::Integration', { ApiId: ref('Api'), IntegrationUri: uri(target), ...props });
export const method = (props: object = {}, Integration: object = {}) => r('AWS::ApiGateway::Method', { RestApiId: ref('Rest'), HttpMethod: 'GET', AuthorizationType: 'AWS_IAM', ...props, Integration: { Uri: uri(), ...Integration } });
export const permission = (props: object = {}) => r('AWS::Lambda::Permission', { FunctionName: ref('Fn'), Action: 'lambda:InvokeFunction', ...props });
