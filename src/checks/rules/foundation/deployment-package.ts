import { detectsEsModules, rejectsCallbacks } from '../../../aws';
import { asString } from '../../graph';
import type { AppGraph, LambdaFunction } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { missingHandler } from '../support/handler-files';
import { faultOfBootstrap, foreignModulesFor } from '../support/native-code';
import { isCallbackHandler } from '../support/node-handler';
import { packagesNotFound } from '../support/node-packages';
import { architectureOf, imagePlatform, packageFiles } from '../support/package-files';
import type { PackageFiles } from '../support/package-files';
import { requirementsNotInstalled } from '../support/required-python-packages';

export const DEPLOYMENT_PACKAGE_RULES: Rule[] = [
  {
    id: 'LP-F160',
    category: 'foundation',
    severity: 'error',
    title: 'Native module is built for another platform',
    why: 'The function cannot load the module. Python fails at import, so that every invocation fails.',
    fix: 'install the packages for Linux and the architecture and runtime of the function, or change these',
    source: SOURCE.lambda('python-package'),
    evaluate: eachFunction(foreignNativeModule),
  },
  {
    id: 'LP-F161',
    category: 'foundation',
    severity: 'error',
    title: 'Deployment package does not contain the handler',
    why: 'Lambda cannot import the handler, so that every invocation fails.',
    fix: 'add the file to the package, or correct the handler',
    source: SOURCE.lambda('configuration-function-zip'),
    evaluate: eachFunction(handlerNotInPackage),
  },
  {
    id: 'LP-F162',
    category: 'foundation',
    severity: 'error',
    title: 'Required packages are not installed in the deployment package',
    why: 'Lambda installs no packages. The import of a package fails, so that every invocation fails.',
    fix: 'use PythonCode, which installs them, or install them into the folder of the code, or add a layer',
    source: SOURCE.lambda('python-package'),
    evaluate: eachFunction(packagesNotInstalled),
  },
  {
    id: 'LP-F163',
    category: 'foundation',
    severity: 'error',
    title: 'Custom runtime has no program that can start',
    why: 'An OS-only runtime starts the file bootstrap at the root of the package, or of a layer.',
    fix: 'compile it for Linux and the architecture of the function, name it bootstrap, and make it executable',
    source: SOURCE.lambda('runtimes-custom'),
    evaluate: eachFunction(bootstrapCannotStart),
  },
  {
    id: 'LP-F164',
    category: 'foundation',
    severity: 'error',
    title: 'Image is built for another architecture',
    why: 'Lambda cannot start the image, so that every invocation fails.',
    fix: 'build the image for the architecture of the function, or change the architecture',
    source: SOURCE.lambda('images-create'),
    evaluate: eachFunction(imageForOtherArchitecture),
  },
  {
    id: 'LP-F186',
    category: 'foundation',
    severity: 'error',
    title: 'Handler has a callback, which the Node.js runtime does not support',
    why: 'From Node.js 24 on, the runtime rejects a handler with three parameters. Every invocation fails.',
    fix: 'make the handler an async function with the parameters event and context, and return the result',
    source: SOURCE.lambda('nodejs-handler'),
    evaluate: eachFunction(callbackHandler),
  },
];

function foreignNativeModule(fn: LambdaFunction, app: AppGraph): Found {
  const architecture = architectureOf(fn);
  if (fn.runtime === '' || architecture === undefined) return undefined;
  const parts = [
    { files: packageFiles(fn.resource), property: 'Code' },
    ...layersOf(fn, app).map(layer => ({ files: layer && packageFiles(layer), property: 'Layers' })),
  ];
  return parts.map(({ files, property }) => {
    const [first, ...others] = files === undefined ? [] : foreignModulesFor(files, architecture, fn.runtime);
    if (first === undefined) return undefined;
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return {
      at: fn.resource,
      property,
      must: `must have native modules for Linux on ${architecture} and ${fn.runtime}`,
      got: `'${first.file}' for ${first.builtFor}${more}`,
      // packages of Node.js have optional dependencies for other platforms, which they do not load
      severity: fn.runtime.startsWith('python') ? undefined : 'warning' as const,
    };
  });
}

function handlerNotInPackage(fn: LambdaFunction, app: AppGraph): Found {
  const handler = asString(fn.resource.get('Handler'));
  const files = packageFiles(fn.resource);
  if (handler === undefined || files === undefined || fn.runtime === '') return undefined;
  const missing = missingHandler(files, fn.runtime, handler, detectsEsModules(fn.runtime, nodeOptionsOf(fn)));
  if (missing === undefined || (missing.mayBeInLayer && layersOf(fn, app).length > 0)) return undefined;
  return { at: fn.resource, property: 'Handler', must: missing.must, got: missing.got, fix: missing.fix };
}

/** A value that is not known at synthesis can contain any option. */
function nodeOptionsOf({ resource }: LambdaFunction): string {
  const property = 'Environment.Variables.NODE_OPTIONS';
  return resource.lacks(property) ? '' : asString(resource.get(property)) ?? '--experimental-detect-module';
}

function callbackHandler(fn: LambdaFunction): Found {
  const handler = rejectsCallbacks(fn.runtime) ? asString(fn.resource.get('Handler')) : undefined;
  const files = handler === undefined ? undefined : packageFiles(fn.resource);
  if (handler === undefined || files === undefined || !isCallbackHandler(files, handler)) return undefined;
  return {
    at: fn.resource,
    property: 'Handler',
    must: `must be a function without a callback on ${fn.runtime}`,
    got: `${handler} with three parameters`,
  };
}

function packagesNotInstalled(fn: LambdaFunction, app: AppGraph): Found {
  const files = layersOf(fn, app).length > 0 ? undefined : packageFiles(fn.resource);
  if (files === undefined) return undefined;
  if (fn.runtime.startsWith('nodejs')) return importsNotInstalled(fn, files);
  const missing = fn.runtime.startsWith('python') ? requirementsNotInstalled(files) : undefined;
  if (missing === undefined) return undefined;
  return {
    at: fn.resource,
    property: 'Code',
    must: `must contain the packages of its ${missing.file}`,
    got: `none of ${missing.names.slice(0, 5).join(', ')}`,
  };
}

function importsNotInstalled({ resource, runtime }: LambdaFunction, files: PackageFiles): Found {
  const handler = asString(resource.get('Handler'));
  if (handler === undefined || !resource.lacks('Environment.Variables.NODE_PATH')) return undefined;
  // Inline code can use cfn-response. The runtimes up to Node.js 16 contain version 2 of the SDK.
  const provided = [resource.lacks('Code.ZipFile') ? '' : 'cfn-response', /\D1[0246]\./.test(runtime) ? 'aws-sdk' : ''];
  const missing = packagesNotFound(files, handler, provided);
  if (missing === undefined) return undefined;
  return {
    at: resource,
    property: 'Code',
    must: `must contain the packages that '${missing.file}' imports`,
    got: `none of ${missing.names.slice(0, 5).join(', ')}`,
    fix: 'use NodejsCode, which bundles them, or install them into the folder of the code, or add a layer',
  };
}

function bootstrapCannotStart(fn: LambdaFunction, app: AppGraph): Found {
  const [architecture, files] = [architectureOf(fn), packageFiles(fn.resource)];
  if (!fn.runtime.startsWith('provided') || architecture === undefined || files === undefined) return undefined;
  const fault = faultOfBootstrap(files, architecture);
  if (fault === undefined || (fault === 'no such file' && layersOf(fn, app).length > 0)) return undefined;
  return {
    at: fn.resource,
    property: 'Code',
    must: `must contain an executable bootstrap for Linux on ${architecture}`,
    got: fault,
  };
}

function imageForOtherArchitecture(fn: LambdaFunction): Found {
  const [architecture, platform] = [architectureOf(fn), fn.isImage ? imagePlatform(fn) : undefined];
  const built = platform && { 'linux/amd64': 'x86_64', 'linux/arm64': 'arm64', 'linux/arm64/v8': 'arm64' }[platform];
  if (built === undefined || architecture === undefined || built === architecture) return undefined;
  return { at: fn.resource, property: 'Code.ImageUri', must: `must be an image for ${architecture}`, got: platform };
}

function layersOf(fn: LambdaFunction, app: AppGraph) {
  if (fn.resource.isUnknown('Layers')) return [undefined];
  return fn.resource.list('Layers').map(layer => app.resourceOf(layer, fn.resource, 'AWS::Lambda::LayerVersion'));
}
