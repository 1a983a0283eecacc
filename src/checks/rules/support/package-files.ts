import { assetPath } from './asset-path';
import type { PackageFiles } from '../../../private/package-files';
import { asString } from '../../graph';
import type { LambdaFunction, Resource } from '../../graph';

export type { PackageFiles };

const HASH = /\b[0-9a-f]{64}\b/;

/** The files of the code of a function or the content of a layer, if the template or the assembly contains them. */
export function packageFiles(resource: Resource): PackageFiles | undefined {
  const inline = resource.string('Code.ZipFile');
  if (inline) return inlineFiles(resource, inline);
  const { assets } = resource.template.input;
  if (assets === undefined) return undefined;
  const path = assetPath(resource) ?? assets.path(hashIn(resource, 'S3Key') ?? '');
  return path === undefined ? undefined : assets.files(path);
}

/**
 * CloudFormation writes inline code into a file named index.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
 */
function inlineFiles(resource: Resource, code: string): PackageFiles {
  const name = resource.string('Runtime')?.startsWith('python') ? 'index.py' : 'index.js';
  const packages = resource.template.app.view(inlinePackages);
  const files = packages.get(name + code)
    ?? { names: [name], has: other => other === name, read: () => Buffer.from(code), isExecutable: () => undefined };
  packages.set(name + code, files);
  return files;
}

/** The packages of inline code by their content: functions with the same code have one package. */
function inlinePackages(): Map<string, PackageFiles> {
  return new Map();
}

/** The platform that the app states for the image of a function. */
export function imagePlatform({ resource }: LambdaFunction): string | undefined {
  const hash = hashIn(resource, 'ImageUri');
  return hash === undefined ? undefined : resource.template.input.assets?.imagePlatform(hash);
}

/** `arm64` or `x86_64`; undefined if it is not known. */
export function architectureOf({ resource }: LambdaFunction): string | undefined {
  return resource.lacks('Architectures') ? 'x86_64' : asString(resource.get('Architectures.0'));
}

/** The hash of an asset in its location, which is a text or a function with a text. */
function hashIn({ raw }: Resource, property: string): string | undefined {
  const { Code, Content } = (raw.Properties ?? {}) as Record<string, Record<string, unknown> | undefined>;
  return HASH.exec(JSON.stringify((Code ?? Content)?.[property]) ?? '')?.[0];
}
