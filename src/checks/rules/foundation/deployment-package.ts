import { asString } from '../../graph';
import type { AppGraph, LambdaFunction } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { missingHandler } from '../support/handler-files';
import { faultOfBootstrap, foreignModulesFor } from '../support/native-code';
import { architectureOf, imagePlatform, packageFiles } from '../support/package-files';
import { packagesNotInstalled } from '../support/required-python-packages';

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
    title: 'Required Python packages are not installed in the package',
    why: 'Lambda installs no packages. The import of a package fails, so that every invocation fails.',
    fix: 'use PythonCode, which installs them, or install them into the folder of the code, or add a layer',
    source: SOURCE.lambda('python-package'),
    evaluate: eachFunction(requirementsNotInstalled),
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
  const missing = missingHandler(files, fn.runtime, handler);
  if (missing === undefined || (missing.mayBeInLayer && layersOf(fn, app).length > 0)) return undefined;
  return { at: fn.resource, property: 'Handler', must: missing.must, got: missing.got, fix: missing.fix };
}

function requirementsNotInstalled(fn: LambdaFunction, app: AppGraph): Found {
  if (!fn.runtime.startsWith('python') || layersOf(fn, app).length > 0) return undefined;
  const files = packageFiles(fn.resource);
  const missing = files && packagesNotInstalled(files);
  if (missing === undefined) return undefined;
  return {
    at: fn.resource,
    property: 'Code',
    must: `must contain the packages of its ${missing.file}`,
    got: `none of ${missing.names.slice(0, 5).join(', ')}`,
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
