import { LAMBDA } from '../../../aws';
import type { AppGraph, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { assetPath } from '../support/asset-path';
import { eachFunction } from '../support/each';
import type { Found } from '../support/each';

export const PACKAGE_SIZE_RULES: Rule[] = [
  {
    id: 'LP-C16',
    category: 'cold-start',
    severity: 'warning',
    title: 'Deployment package is large',
    why: 'Lambda accepts 50 MB in a direct upload, and loads the package at every cold start.',
    fix: 'bundle and minify, and exclude files that the handler does not import',
    source: SOURCE.lambda('gettingstarted-limits'),
    practice: true,
    evaluate: eachAsset(packageLarge),
  },
  {
    id: 'LP-C17',
    category: 'cold-start',
    severity: 'error',
    title: 'Deployment package is too large',
    why: 'Code and layers together may have at most 250 MB unzipped.',
    fix: 'use a container image, or remove files that are not needed',
    source: SOURCE.lambda('gettingstarted-limits'),
    evaluate: eachAsset(packageTooLarge),
  },
];

function packageLarge(resource: Resource, bytes: number): Found {
  if (bytes > LAMBDA.zipMaxBytes && bytes <= LAMBDA.unzippedPackageMaxBytes) {
    return {
      at: resource,
      property: 'Code',
      must: `must be at most ${megabytes(LAMBDA.zipMaxBytes)}`,
      got: megabytes(bytes),
    };
  }
  return undefined;
}

function packageTooLarge(resource: Resource, bytes: number): Found {
  if (bytes > LAMBDA.unzippedPackageMaxBytes) {
    return {
      at: resource,
      property: 'Code',
      must: `must be at most ${megabytes(LAMBDA.unzippedPackageMaxBytes)} with its layers`,
      got: megabytes(bytes),
    };
  }
  return undefined;
}

function eachAsset(check: (resource: Resource, bytes: number) => Found): (app: AppGraph) => Problem[] {
  return eachFunction((fn, app) => {
    const parts = [
      fn.resource,
      ...fn.resource.list('Layers').map(layer => app.resourceOf(layer, fn.resource, 'AWS::Lambda::LayerVersion')),
    ];
    // a lower bound, because the size of other layers is not known
    const bytes = parts.reduce((sum, part) => sum + (part ? assetBytesOf(part) : 0), 0);
    return check(fn.resource, bytes);
  });
}

function assetBytesOf(resource: Resource): number {
  const path = assetPath(resource);
  if (path === undefined || resource.string('PackageType') === 'Image') return 0;
  return resource.template.input.assets?.bytes(path) ?? 0;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MB`;
}
