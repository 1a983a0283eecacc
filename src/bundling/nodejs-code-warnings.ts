import { Size } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { BUNDLE_FILE, type BuiltHandler } from './bundle-cache';
import { sizeText } from './bundle-size';
import { warn } from '../private/validation';

const MAX_SIZE = Size.mebibytes(5);

/** Adds a warning for each finding of the build, and for a large bundle. */
export function warnNodejsCode(scope: IConstruct, handler: BuiltHandler, maxSize: Size = MAX_SIZE): void {
  const warnings = [...largeBundle(handler, maxSize), ...handler.findings];
  for (const { id, message } of warnings) warn(scope, `NodejsCode.${id}`, message);
}

function largeBundle({ files }: BuiltHandler, maxSize: Size) {
  const { bytes } = files.find(file => BUNDLE_FILE.test(file.name))!;
  if (bytes <= maxSize.toBytes()) return [];
  return [{
    id: 'bundleSize',
    message: `the bundle is ${sizeText(bytes)}, larger than its 'maxSize' of ${sizeText(maxSize.toBytes())}, `
      + 'and each cold start loads all of it; '
      + "inspect it with esbuild --analyze, or raise 'maxSize'",
  }];
}
