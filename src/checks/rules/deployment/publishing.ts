import { movingTagOf } from '../../../aws';
import { asBoolean, functionsOf, hasUnknown, isJson, patternOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource, Value } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { deployTimeValues } from '../support/deploy-time-values';
import type { DeployTimeValue } from '../support/deploy-time-values';
import { eachFunction } from '../support/each';
import type { Found } from '../support/each';

const VERSIONS = SOURCE.lambda('configuration-versions');
const SAM_FUNCTION = 'https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html';
const ALL_PROPERTIES = 'AutoPublishAliasAllProperties';
const CODE_HASH = 'AutoPublishCodeSha256';
/** Not a part of a version, or a change replaces the function. */
const NOT_IN_A_VERSION = [
  'CodeSigningConfigArn', 'Description', 'FunctionName', 'ReservedConcurrentExecutions', 'Role', 'Tags',
  'TenancyConfig', 'VpcConfig',
];

export const PUBLISHING_RULES: Rule[] = [
  {
    id: 'LP-P40',
    category: 'deployment',
    severity: 'warning',
    title: 'Value of the deployment publishes no version',
    why:
      'The logical ID of a version depends on the text of the template. A new value of a parameter or secret changes '
      + 'only $LATEST; the alias serves the old value, and no release takes place.',
    fix: 'use a literal, read the value at run time, or repeat the value in the Description of the version',
    source: VERSIONS,
    evaluate: eachFunction(valuesOfDeployment),
  },
  {
    id: 'LP-P41',
    category: 'deployment',
    severity: 'warning',
    title: 'Image tag can move to another image',
    why:
      'A push to the same tag does not change the template, so Lambda publishes no version and no release takes '
      + 'place.',
    fix: 'use a digest, a unique tag for each image, or a repository with immutable tags',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html',
    elsewhere: 'CanaryAlias: the warning movingImageTag',
    evaluate: eachFunction(movingTag),
  },
  {
    id: 'LP-P42',
    category: 'deployment',
    severity: 'warning',
    title: 'Not every change of the function publishes a version',
    why:
      'Without AutoPublishAliasAllProperties, SAM publishes a version only for a change of the code, the environment, '
      + 'the memory or SnapStart. A new timeout, layer or handler reaches $LATEST only, without a release.',
    fix: 'set AutoPublishAliasAllProperties to true',
    source: SAM_FUNCTION,
    practice: true,
    evaluate: eachFunction(notAllProperties),
  },
  {
    id: 'LP-P43',
    category: 'deployment',
    severity: 'warning',
    title: 'New content of a layer publishes no version',
    why: 'SAM refers to the layer by its logical ID, which is the same for each content.',
    fix: 'set PublishLambdaVersion to true on the AWS::Serverless::LayerVersion',
    source: 'https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-layerversion.html',
    evaluate: eachFunction(layersNotPublished),
  },
  {
    id: 'LP-P44',
    category: 'deployment',
    severity: 'warning',
    title: 'Version is published only once',
    why:
      'CloudFormation publishes a version when it creates the resource. The logical ID is the same for each content '
      + 'of the function, so the alias serves the first content forever.',
    fix:
      'use currentVersion (CDK) or AutoPublishAlias (SAM), or change the logical ID or the Description with each '
      + 'content',
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html',
    evaluate: eachFunction(publishedOnce),
  },
  {
    id: 'LP-P47',
    category: 'deployment',
    severity: 'info',
    title: 'Imported value can change only under a new name',
    why:
      'CloudFormation does not change an export while a stack imports it, and a version contains the value of its '
      + 'publication. Only an import under another name publishes a version.',
    fix: 'export a new value under a new name, or read the value at run time',
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html',
    evaluate: eachFunction(importedValues),
  },
];

/** An export of the same app is deployed together with the function, and CDK names it by what it refers to. */
function importedValues(fn: LambdaFunction, app: AppGraph): Found {
  const [value] = (app.view(valuesInVersions).get(fn) ?? [])
    .filter(({ property, imported }) => imported && hasUnknown(fn.resource.get(property)));
  return value && {
    at: fn.resource,
    property: value.property,
    must: 'must come from an export whose name changes with its value',
    got: value.source,
  };
}

/** The values that only the deployment knows, of each function with a version that an alias serves. */
function valuesInVersions(app: AppGraph): Map<LambdaFunction, DeployTimeValue[]> {
  return new Map(functionsOf(app).filter(fn => fn.servedVersions().length > 0).map(fn => (
    [fn, deployTimeValues(fn.resource, propertiesOf(fn.resource), NOT_IN_A_VERSION)])));
}

function valuesOfDeployment(fn: LambdaFunction, app: AppGraph): Found {
  const versions = fn.servedVersions();
  if (versions.length === 0 || publishedOnce(fn).length > 0) return undefined;
  const described = versions
    .flatMap(version => deployTimeValues(version, { Description: propertiesOf(version).Description }))
    .map(({ source }) => source);
  const isHashed = (property: string) => property.startsWith('Code.') && isCodeHashed(fn, versions);
  const values = app.view(valuesInVersions).get(fn)!
    // CloudFormation does not change an export while a stack imports it
    .filter(({ source, imported }) => !imported && !described.includes(source))
    .filter(({ property, parameter }) => parameter === undefined || !isHashed(property));
  if (values.length === 0) return undefined;
  const [{ property }] = values;
  return {
    at: fn.resource,
    property,
    must: 'must publish a version when it changes',
    got: values.map(value => (value.property === property ? '' : `${value.property}: `) + value.source).join(', '),
  };
}

/** SAM resolves parameters in the location of the code, and a version with a hash is replaced with the code. */
function isCodeHashed(fn: LambdaFunction, versions: readonly Resource[]): boolean {
  return fn.serverless('AutoPublishAlias') !== undefined || versions.every(version => !version.lacks('CodeSha256'));
}

function movingTag(fn: LambdaFunction, app: AppGraph): Found {
  const versions = fn.servedVersions();
  if (!fn.isImage || !versions.some(version => version.lacks('CodeSha256'))) return undefined;
  const uri = fn.resource.get('Code.ImageUri');
  const tag = movingTagOf(patternOf(uri));
  if (tag === undefined || isImmutable(app, uri)) return undefined;
  const must = 'must name the same image at any time';
  return { at: fn.resource, property: 'Code.ImageUri', must, got: `the tag ${tag}` };
}

function isImmutable(app: AppGraph, uri: Value): boolean {
  return [...app.mentioned(uri)].some(resource => resource.string('ImageTagMutability') === 'IMMUTABLE');
}

function notAllProperties(fn: LambdaFunction): Found {
  if (fn.serverless('AutoPublishAlias') === undefined) return undefined;
  const hash = fn.serverless(CODE_HASH);
  if (hash !== undefined) {
    return {
      at: fn.resource,
      property: CODE_HASH,
      must: 'must not be set, because then SAM publishes a version only for a new hash',
      got: isJson(hash) ? fn.resource.template.resolve(hash) : String(hash),
      fix: `remove ${CODE_HASH}, and set ${ALL_PROPERTIES} to true`,
    };
  }
  const all = fn.serverless(ALL_PROPERTIES);
  const known = asBoolean(fn.resource.template.resolve(all));
  if (known === true || (all !== undefined && known === undefined)) return undefined;
  return { at: fn.resource, property: ALL_PROPERTIES, must: 'must be true', got: known };
}

function layersNotPublished(fn: LambdaFunction): Found {
  const publishesAll = asBoolean(fn.resource.template.resolve(fn.serverless(ALL_PROPERTIES)));
  if (fn.serverless('AutoPublishAlias') === undefined || publishesAll !== true) return undefined;
  const layers = fn.resource.list('Layers').flatMap(layer => [...fn.app.mentioned(layer)])
    .filter(layer => layer.type === 'AWS::Lambda::LayerVersion' && layer.template === fn.resource.template);
  return [...new Set(layers)]
    .filter(layer => layer.boolean('PublishLambdaVersion', false) === false)
    .map(layer => ({
      at: layer,
      property: 'PublishLambdaVersion',
      must: `must be true for the alias of ${fn.path}`,
      got: layer.get('PublishLambdaVersion'),
    }));
}

function publishedOnce(fn: LambdaFunction): Problem[] {
  if (fn.serverless('AutoPublishAlias') !== undefined) return [];
  return fn.servedVersions().filter(isPublishedOnce).map(version => ({
    at: version,
    property: 'Description',
    must: 'must change with the content of the function',
    got: version.get('Description'),
  }));
}

/**
 * A version that nothing replaces: without a hash, a literal description, and a logical ID that nothing computed. The
 * logical ID of a CDK construct ends with a hash of its path, that of `currentVersion` with a hash of the function.
 */
function isPublishedOnce(version: Resource): boolean {
  if (!version.lacks('CodeSha256')) return false;
  const description = version.get('Description');
  if (typeof description === 'object' && description !== null) return false;
  const ofCdk = version.path !== version.logicalId;
  const name = ofCdk ? version.path.split('/').pop() ?? '' : version.logicalId;
  const isComputed = ofCdk && /[0-9a-f]{32}$/.test(version.logicalId);
  return !isComputed && !/\d/.test(name) && !/\d/.test(typeof description === 'string' ? description : '');
}

function propertiesOf(resource: Resource): Record<string, unknown> {
  return isJson(resource.raw.Properties) ? resource.raw.Properties : {};
}
