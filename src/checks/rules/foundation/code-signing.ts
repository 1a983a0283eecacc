import type { AppGraph, LambdaFunction } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { assetPath } from '../support/asset-path';
import { eachFunction, everyFunction } from '../support/each';
import type { Found } from '../support/each';

export const CODE_SIGNING_RULES: Rule[] = [
  {
    id: 'LP-F67',
    category: 'foundation',
    severity: 'warning',
    title: 'Code signing policy only warns',
    why: 'With Warn, the default policy, Lambda deploys unsigned code.',
    fix: 'set UntrustedArtifactOnDeployment to Enforce',
    source: SOURCE.lambda('configuration-codesigning-create'),
    practice: true,
    evaluate: signingOnlyWarns,
  },
  {
    id: 'LP-F68',
    category: 'foundation',
    severity: 'error',
    title: 'Code signing is set on a container image',
    why: 'Lambda does not support code signing for container images.',
    fix: 'remove it and sign the image in the registry',
    source: SOURCE.lambda('configuration-codesigning'),
    evaluate: everyFunction(signingOnImage),
  },
  {
    id: 'LP-F69',
    category: 'foundation',
    severity: 'warning',
    title: 'Code signing is set on a CDK asset',
    why: 'CDK does not sign assets. Lambda rejects them if the policy is Enforce.',
    fix: 'deploy the output of AWS Signer with Code.fromBucket',
    source: SOURCE.lambda('configuration-codesigning'),
    evaluate: eachFunction(signingOnAsset),
  },
];

function signingOnlyWarns(app: AppGraph): Problem[] {
  return app
    .ofType('AWS::Lambda::CodeSigningConfig')
    .filter(config => config.string('CodeSigningPolicies.UntrustedArtifactOnDeployment', 'Warn') === 'Warn')
    .map(config => ({
      at: config,
      property: 'CodeSigningPolicies.UntrustedArtifactOnDeployment',
      must: 'must be Enforce to reject unsigned code',
      got: 'Warn',
    }));
}

function signingOnImage(fn: LambdaFunction): Found {
  if (fn.isImage && !fn.resource.lacks('CodeSigningConfigArn') && !fn.resource.isUnknown('CodeSigningConfigArn')) {
    return {
      at: fn.resource,
      property: 'CodeSigningConfigArn',
      must: 'must not be set on a container image',
      got: fn.resource.get('CodeSigningConfigArn'),
    };
  }
  return undefined;
}

function signingOnAsset(fn: LambdaFunction): Found {
  if (!fn.isImage && !fn.resource.lacks('CodeSigningConfigArn') && assetPath(fn.resource) !== undefined) {
    return {
      at: fn.resource,
      property: 'CodeSigningConfigArn',
      must: 'must be used with signed code',
      got: 'a CDK asset, which is not signed',
    };
  }
  return undefined;
}
