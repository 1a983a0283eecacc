import { daysBetween, LAMBDA, RESERVED_ENVIRONMENT_KEYS, RUNTIME_ENDS, RUNTIME_NOTICE_DAYS } from '../../../limits';
import { asString, hasUnknown, isJson, patternOf } from '../../graph';
import type { Value } from '../../graph';
import { eachFunction, eachFunctionAtAll, list } from '../each';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';

/** The word ends there: a TOKENIZER is no token. */
const SECRET_KEY = /(SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|PRIVATE_?KEY|CREDENTIAL)S?\d*(_|$)|([sS]ecret|[tT]oken|[pP]assword|[pP]asswd|[aA]piKey|[pP]rivateKey|[cC]redential)s?\d*([A-Z_]|$)/;
/** The key names where a secret is, or what holds for it, not the secret. */
const SECRET_PLACE = new RegExp(`(${[
  'ARN|NAME|ID|URL|URI|PATH|FILE|TABLE|BUCKET|PREFIX|SUFFIX|REGION|STORE|SOURCE|PROVIDER|PARAM|PARAMETER|REF|ENDPOINT|HEADER|COOKIE|FIELD|CLAIM|SCOPE|ISSUER|AUDIENCE',
  'TTL|AGE|SECONDS|MINUTES|DAYS|DURATION|EXPIRY|EXPIRATION|INTERVAL|TYPE|KIND|FORMAT|ALGORITHM|POLICY|LENGTH|LIMIT|ENABLED|REQUIRED|VERSION|USE|STAGE',
].join('|')})S?$`, 'i');

export const CONFIGURATION_RULES: Rule[] = [
  {
    id: 'LP-F01',
    article: 'foundation',
    severity: 'warning',
    title: 'the timeout is left at 3 s',
    why: 'the default of 3 s is shorter than a cold start and its first call downstream',
    fix: 'set a timeout of two to three times the p99 duration',
    source: SOURCE.lambda('configuration-timeout'),
    elsewhere: 'cdk-nag Serverless: LambdaDefaultTimeout',
    practice: true,
    evaluate: eachFunction(fn => fn.resource.lacks('Timeout') && !fn.atEdge
      && { at: fn.resource, property: 'Timeout', must: 'must be chosen (the default is 3 s)', got: undefined }),
  },
  {
    id: 'LP-F02',
    article: 'foundation',
    severity: 'error',
    title: 'the timeout is beyond 900 s',
    why: 'Lambda stops a function after 900 s; only Managed Instances go on for events',
    fix: 'split the work, or use Step Functions or a durable function',
    source: SOURCE.lambda('gettingstarted-limits'),
    elsewhere: 'CDK: E3717 as a warning; cfn-lint: E3717',
    evaluate: eachFunctionAtAll(fn => !fn.managedInstances && fn.timeout !== undefined && fn.timeout > LAMBDA.timeoutMaxSeconds
      && { at: fn.resource, property: 'Timeout', must: `must be at most ${LAMBDA.timeoutMaxSeconds} s`, got: fn.timeout }),
  },
  {
    id: 'LP-F04',
    article: 'foundation',
    severity: 'warning',
    title: 'the memory is left at 128 MB',
    why: '128 MB bring 7 % of a vCPU, so that start and run are slow and often no cheaper',
    fix: 'start with 512 and measure with Lambda Power Tuning',
    source: SOURCE.lambda('configuration-memory'),
    elsewhere: 'cdk-nag Serverless: LambdaDefaultMemorySize',
    practice: true,
    evaluate: eachFunction(fn => fn.resource.lacks('MemorySize') && !fn.managedInstances && !fn.atEdge
      && { at: fn.resource, property: 'MemorySize', must: 'must be chosen (the default is 128 MB)', got: undefined }),
  },
  {
    id: 'LP-F05',
    article: 'foundation',
    severity: 'warning',
    title: 'a JVM or CLR has less than 1,024 MB',
    why: 'the start of a JVM or CLR is bound by its share of a CPU, and that grows with memory',
    fix: 'raise it to 1024 or more',
    source: SOURCE.lambda('configuration-memory'),
    practice: true,
    evaluate: eachFunction(fn => {
      const memory = fn.resource.number('MemorySize');
      return /^(java|dotnet)/.test(fn.runtime) && memory !== undefined && memory < LAMBDA.memoryJvmMinMiB
        && { at: fn.resource, property: 'MemorySize', must: `must be at least ${LAMBDA.memoryJvmMinMiB} MB for ${fn.runtime}`, got: memory };
    }),
  },
  {
    id: 'LP-F06',
    article: 'foundation',
    severity: 'error',
    title: 'the runtime is deprecated',
    why: 'a deprecated runtime gets no security patches, and later no new or changed function may use it',
    fix: 'move to the runtime that succeeds it',
    source: SOURCE.lambda('lambda-runtimes'),
    elsewhere: 'CDK and cfn-lint: W2531, which in CDK 2.276 misses python3.10 and dotnet8; cdk-nag: AwsSolutions-L1 asks for the latest',
    practice: true,
    evaluate: eachFunction((fn, app) => {
      const end = runtimeEnd(fn.runtime);
      if (!end || daysBetween(app.today, end.deprecated) > 0) return undefined;
      const blocked = end.createBlocked ? `, not for new functions from ${end.createBlocked}` : '';
      const must = `must be a supported runtime (deprecated on ${end.deprecated}${blocked})`;
      return { at: fn.resource, property: 'Runtime', must, got: fn.runtime, fix: `move to ${end.successor}` };
    }),
  },
  {
    id: 'LP-F07',
    article: 'foundation',
    severity: 'warning',
    title: 'the runtime is about to be deprecated',
    why: `less than ${RUNTIME_NOTICE_DAYS} days are left, and an upgrade needs tests`,
    fix: 'plan the move to the runtime that succeeds it',
    source: SOURCE.lambda('lambda-runtimes'),
    practice: true,
    evaluate: eachFunction((fn, app) => {
      const end = runtimeEnd(fn.runtime);
      const days = end ? daysBetween(app.today, end.deprecated) : 0;
      if (!end || days <= 0 || days > RUNTIME_NOTICE_DAYS) return undefined;
      const must = `must be upgraded before ${end.deprecated}`;
      return { at: fn.resource, property: 'Runtime', must, got: fn.runtime, fix: `plan the move to ${end.successor}` };
    }),
  },
  {
    id: 'LP-F09',
    article: 'foundation',
    severity: 'warning',
    title: 'the architecture is not chosen',
    why: 'x86_64 is the default, and arm64 costs less for the same time on every current runtime',
    fix: 'set arm64, or x86_64 where a native dependency needs it',
    source: SOURCE.lambda('foundation-arch'),
    practice: true,
    evaluate: eachFunction(fn => fn.resource.lacks('Architectures') && !fn.managedInstances && !fn.atEdge
      && { at: fn.resource, property: 'Architectures', must: 'must be chosen (the default is x86_64)', got: undefined }),
  },
  {
    id: 'LP-F10',
    article: 'foundation',
    severity: 'error',
    title: 'a layer is built for another architecture',
    why: 'native code of the layer does not load, and CDK compares runtimes only',
    fix: 'publish the layer for the architecture of the function, or change that',
    source: SOURCE.lambda('chapter-layers'),
    evaluate: eachFunctionAtAll((fn, app) => {
      const wanted = fn.resource.lacks('Architectures') ? 'x86_64' : asString(fn.resource.get('Architectures.0'));
      return fn.resource.list('Layers').flatMap((value, i) => {
        const layer = app.resourceOf(value, fn.resource, 'AWS::Lambda::LayerVersion');
        const offered = layer?.list('CompatibleArchitectures') ?? [];
        if (!layer || wanted === undefined || offered.length === 0 || hasUnknown(offered) || offered.includes(wanted)) return [];
        return [{ at: fn.resource, property: `Layers.${i}`, must: `must be built for ${wanted}`, got: `${layer.path} for ${offered.join(' and ')}` }];
      });
    }),
  },
  {
    id: 'LP-F11',
    article: 'foundation',
    severity: 'error',
    title: 'more than five layers',
    why: 'Lambda takes five layers, those of extensions included',
    fix: 'bundle libraries with the code and keep layers for extensions',
    source: SOURCE.lambda('gettingstarted-limits'),
    elsewhere: 'CDK throws for its own functions',
    evaluate: eachFunctionAtAll(fn => fn.resource.list('Layers').length > LAMBDA.layersMax
      && { at: fn.resource, property: 'Layers', must: `must be at most ${LAMBDA.layersMax} layers`, got: fn.resource.list('Layers').length }),
  },
  {
    id: 'LP-F16',
    article: 'foundation',
    severity: 'warning',
    title: 'a secret stands in the environment',
    why: 'everyone who may read the configuration of the function or the template reads the secret',
    fix: 'keep it in Secrets Manager, pass its ARN and fetch it at run time',
    source: SOURCE.lambda('configuration-envvars'),
    elsewhere: 'cfn-lint: none; checkov: CKV_AWS_45 for AWS keys',
    evaluate: eachFunction(fn => fn.environment.filter(([key, value]) => isSecret(key, value)).map(([key]) => ({
      at: fn.resource, property: `Environment.Variables.${key}`, must: 'must not hold a secret', got: 'a literal value',
    }))),
  },
  {
    id: 'LP-F17',
    article: 'foundation',
    severity: 'error',
    title: 'the environment is larger than 4 KB',
    why: 'all keys and values together may have 4,096 bytes',
    fix: 'move configuration to Parameter Store or AppConfig',
    source: SOURCE.lambda('gettingstarted-limits'),
    evaluate: eachFunctionAtAll(fn => {
      // a lower bound: what is not known counts nothing
      const bytes = fn.environment.reduce((n, [key, value]) => n + Buffer.byteLength(key) + Buffer.byteLength(known(value)), 0);
      return bytes > LAMBDA.environmentMaxBytes
        && { at: fn.resource, property: 'Environment.Variables', must: `must be at most ${LAMBDA.environmentMaxBytes} bytes in all`, got: `at least ${bytes}` };
    }),
  },
  {
    id: 'LP-F18',
    article: 'foundation',
    severity: 'error',
    title: 'an environment key is not allowed',
    why: 'keys start with a letter, have two or more of letters, digits and underscore, and may not be those of Lambda',
    fix: 'rename it',
    source: SOURCE.lambda('configuration-envvars'),
    elsewhere: 'CDK throws for reserved keys and warns F3002 for characters; cfn-lint: E3663',
    evaluate: eachFunctionAtAll(fn => fn.environment
      .filter(([key]) => !/^[a-zA-Z][a-zA-Z0-9_]+$/.test(key) || RESERVED_ENVIRONMENT_KEYS.includes(key))
      .map(([key]) => ({ at: fn.resource, property: `Environment.Variables.${key}`, must: 'must be named like [a-zA-Z][a-zA-Z0-9_]+ and not as Lambda\'s own', got: key }))),
  },
  {
    id: 'LP-F67',
    article: 'foundation',
    severity: 'warning',
    title: 'code signing only warns',
    why: 'with the policy Warn, which is the default, unsigned code is deployed all the same',
    fix: 'set UntrustedArtifactOnDeployment to Enforce',
    source: SOURCE.lambda('configuration-codesigning-create'),
    practice: true,
    evaluate: app => app.ofType('AWS::Lambda::CodeSigningConfig')
      .filter(config => config.string('CodeSigningPolicies.UntrustedArtifactOnDeployment', 'Warn') === 'Warn')
      .map(config => ({ at: config, property: 'CodeSigningPolicies.UntrustedArtifactOnDeployment', must: 'must be Enforce to stop unsigned code', got: 'Warn' })),
  },
  {
    id: 'LP-F68',
    article: 'foundation',
    severity: 'error',
    title: 'code signing on a container image',
    why: 'Lambda does not support code signing for images',
    fix: 'remove it and sign the image in the registry',
    source: SOURCE.lambda('configuration-codesigning'),
    evaluate: eachFunctionAtAll(fn => fn.isImage && !fn.resource.lacks('CodeSigningConfigArn') && !fn.resource.isUnknown('CodeSigningConfigArn')
      && { at: fn.resource, property: 'CodeSigningConfigArn', must: 'must not be set on a container image', got: fn.resource.get('CodeSigningConfigArn') }),
  },
  {
    id: 'LP-F69',
    article: 'foundation',
    severity: 'warning',
    title: 'code signing on a CDK asset',
    why: 'CDK does not sign what it uploads, so that an enforced policy refuses it',
    fix: 'deploy the output of AWS Signer with Code.fromBucket',
    source: SOURCE.lambda('configuration-codesigning'),
    evaluate: eachFunction(fn => !fn.isImage && !fn.resource.lacks('CodeSigningConfigArn') && assetPath(fn.resource.raw.Metadata) !== undefined
      && { at: fn.resource, property: 'CodeSigningConfigArn', must: 'must go with signed code', got: 'an asset of CDK, which is not signed' }),
  },
  {
    id: 'LP-F70',
    article: 'foundation',
    severity: 'warning',
    title: 'the runtime is pinned',
    why: 'with the update mode Manual the runtime gets no patches until somebody changes the template',
    fix: 'use Auto, or FunctionUpdate, and pin only while a regression is open',
    source: SOURCE.lambda('runtimes-update'),
    practice: true,
    evaluate: eachFunction(fn => fn.resource.string('RuntimeManagementConfig.UpdateRuntimeOn') === 'Manual'
      && { at: fn.resource, property: 'RuntimeManagementConfig.UpdateRuntimeOn', must: 'must be Auto or FunctionUpdate to be patched', got: 'Manual' }),
  },
  {
    id: 'LP-F66',
    article: 'foundation',
    severity: 'error',
    title: 'tenant isolation with what excludes it',
    why: 'a function per tenant has no URL, no provisioned concurrency, no SnapStart and no event source mapping',
    fix: 'remove one of the two',
    source: SOURCE.lambda('tenant-isolation'),
    elsewhere: 'CDK throws for its own functions',
    evaluate: eachFunction(fn => {
      if (fn.resource.lacks('TenancyConfig') || fn.resource.isUnknown('TenancyConfig')) return undefined;
      const clashes = [
        fn.urls.length > 0 && 'a function URL', fn.provisioned().length > 0 && 'provisioned concurrency',
        fn.snapStart && 'SnapStart', fn.sources.length > 0 && 'an event source mapping',
      ].filter(clash => typeof clash === 'string');
      return clashes.length > 0 && { at: fn.resource, property: 'TenancyConfig', must: 'must stand alone', got: list(clashes) };
    }),
  },
];

function runtimeEnd(runtime: string) {
  return Object.hasOwn(RUNTIME_ENDS, runtime) ? RUNTIME_ENDS[runtime] : undefined;
}

/** What a secret of a database tells beside its password. */
const HARMLESS = /\{\{resolve:secretsmanager:[^{}]*:SecretString:(username|host|port|dbname|engine)[:}][^{}]*\}+/g;

function isSecret(key: string, value: Value): boolean {
  const text = patternOf(value).replace(HARMLESS, '');
  if (/\{\{resolve:(secretsmanager|ssm-secure):/.test(text)) return true;
  return SECRET_KEY.test(key) && !SECRET_PLACE.test(key) && typeof value === 'string' && value.length > 3 && !/^(arn:|https?:|\/|true$|false$|\d+$)/.test(value);
}

function known(value: Value): string {
  return patternOf(value).replaceAll('*', '');
}

/** Where CDK staged the code, as its metadata says. */
export function assetPath(metadata: unknown): string | undefined {
  const path = isJson(metadata) ? metadata['aws:asset:path'] : undefined;
  return typeof path === 'string' ? path : undefined;
}
