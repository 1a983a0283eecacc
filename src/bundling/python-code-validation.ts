import * as fs from 'node:fs';
import * as path from 'node:path';
import { Stack, Token } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { sizeText } from './bundle-size';
import type { PythonBundlingOptions } from './python-bundling-options';
import type { PythonPackage } from './python-package';
import type { PythonPlatform } from './python-platform';
import { isWrapper, OBSERVING_WRAPPER } from './python-wrapper';
import { LAMBDA } from '../aws/lambda';
import { foreignModules } from '../private/native-modules';
import { missingPythonHandler, WRAPPED } from '../private/python-handler';
import { refuse } from '../private/validation';

const RELATIVE = 'set a path that is absolute or relative to the working directory of the app';

/** Throws an error if a path is not an existing folder. */
export function validateHandlerFolder(at: string, directory: string): void {
  if (fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
  refuse(at, `'directory' must be an existing folder, got '${directory}'; ${RELATIVE}`);
}

/** Throws an error if an option cannot be used. */
export function validatePythonOptions(at: string, { files = {}, wrapper }: PythonBundlingOptions): void {
  for (const [target, source] of Object.entries(files)) {
    if (target === '' || target.includes('\\') || path.posix.isAbsolute(target) || path.posix.normalize(target) !== target || /^\.\.?(\/|$)|\/$/.test(target)) {
      refuse(at, `'files' must have paths in the package, got '${target}'; write it as shared or templates/mail.html`);
    }
    if (!fs.existsSync(source)) refuse(at, `'files' must name existing files or folders, got '${source}'; ${RELATIVE}`);
  }
  if (wrapper === undefined || isWrapper(wrapper)) return;
  refuse(at, `'wrapper' must be a module and a function, got '${wrapper}'; write it as 'module.function', for example 'datadog_lambda.wrapper.datadog_lambda_wrapper'`);
}

/** Throws an error if Lambda could not unpack or load the package. */
export function validatePythonPackage(at: string, content: PythonPackage, platform: PythonPlatform): void {
  if (content.bytes > LAMBDA.unzippedPackageMaxBytes) {
    refuse(at, `the package must be at most ${sizeText(LAMBDA.unzippedPackageMaxBytes)} unzipped, got ${sizeText(content.bytes)}; `
      + "require fewer packages, set 'awsSdk' to AwsSdk.RUNTIME, or use a container image");
  }
  const [foreign] = foreignModules(content, { architecture: platform.architecture, python: platform.version });
  if (foreign === undefined) return;
  refuse(at, `native modules must be built for ${platform.text}, got '${foreign.file}' for ${foreign.builtFor}; `
    + 'name its package in the requirements instead of copying it, or set the architecture and runtime that it is built for');
}

/** Throws an error if Lambda would not find the handler or what wraps it. */
export function validatePythonFunction(resource: lambda.CfnFunction, content: PythonPackage, wrapper: string | undefined): void {
  const { node, handler } = resource;
  if (wrapper !== undefined) {
    const missing = missingPythonHandler(content, wrapper);
    if (missing) refuse(node.path, `'wrapper' ${missing.must}, got '${missing.got}'; add its package to the requirements, or the module to the folder of the handler`);
  }
  if (handler === undefined || Token.isUnresolved(handler)) return;
  if (content.has(WRAPPED)) refuse(node.path, `the package must not contain '${WRAPPED}', which is generated, got one; rename it`);
  const missing = missingPythonHandler(content, handler, wrapper !== undefined && wrapper !== OBSERVING_WRAPPER);
  if (missing === undefined) return;
  const message = `'handler' ${missing.must}, got '${missing.got}'; ${missing.fix}`;
  if (missing.mayBeInLayer !== true) refuse(node.path, message);
  node.addValidation({ validate: () => (Stack.of(resource).resolve(resource.layers) ?? []).length > 0 ? [] : [`${message} (at ${node.path})`] });
}
