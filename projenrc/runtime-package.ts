import { type awscdk, JsonFile } from 'projen';

/** The package for handlers, made from runtime/src. */
export const RUNTIME = 'cdk-production-lambda-runtime';

/** Tests, sample and bundles read its sources, so that no build is needed (docs/adr/0101-the-sample-reads-the-sources-of-the-package.md). */
export const RUNTIME_PATHS = { [RUNTIME]: ['./runtime/src/index.ts'], [`${RUNTIME}/*`]: ['./runtime/src/*.ts'] };

/** What a handler imports: a module each, so that it loads only the clients that it uses. */
const ENTRIES = ['index', 'batch', 'data-api', 'idempotency', 'mysql', 'parameters', 'postgres', 'secrets'];
const CLIENTS = ['client-dynamodb', 'client-rds-data', 'client-secrets-manager', 'client-ssm', 'lib-dynamodb', 'rds-signer'];
const UTILITIES = ['batch', 'commons', 'idempotency', 'jmespath', 'logger', 'metrics', 'parameters', 'tracer'];
const DRIVERS = { mysql2: '^3.11.0', pg: '^8.11.0' };

/** Adds the manifest of the package, and the task that packs it with the version of the library. */
export function addRuntimePackage(project: awscdk.AwsCdkConstructLibrary, powertools: string): void {
  project.tasks.tryFind('package:js')!.spawn(project.addTask('package:runtime', {
    description: `Create the package ${RUNTIME} in dist/js`,
    exec: 'node scripts/runtime-package.mjs',
  }));
  new JsonFile(project, 'runtime/package.json', {
    obj: {
      name: RUNTIME,
      description: 'Handlers of AWS Lambda in production: observed, idempotent, with secrets, databases, batches and a deadline.',
      keywords: ['aws', 'lambda', 'serverless', 'powertools', 'idempotency', 'observability', 'production'],
      // scripts/runtime-package.mjs adds what the package has in common with the library: version, license, author, repository.
      engines: { node: `>= ${project.minNodeVersion}` },
      main: 'lib/index.js',
      module: 'lib/index.mjs',
      types: 'lib/index.d.ts',
      exports: {
        ...Object.fromEntries(ENTRIES.map(entry => [entry === 'index' ? '.' : `./${entry}`, {
          import: { types: `./lib/${entry}.d.mts`, default: `./lib/${entry}.mjs` },
          require: { types: `./lib/${entry}.d.ts`, default: `./lib/${entry}.js` },
        }])),
        './package.json': './package.json',
      },
      typesVersions: { '*': Object.fromEntries(ENTRIES.map(entry => [entry, [`lib/${entry}.d.ts`]])) }, // for moduleResolution node10
      sideEffects: false,
      dependencies: Object.fromEntries([
        ...UTILITIES.map(name => [`@aws-lambda-powertools/${name}`, `^${powertools}`]),
        ...CLIENTS.map(name => [`@aws-sdk/${name}`, '^3.1100.0']),
        ['@types/aws-lambda', '^8.10.164'], // the types of events and contexts are in this package's types
      ]),
      peerDependencies: DRIVERS,
      peerDependenciesMeta: Object.fromEntries(Object.keys(DRIVERS).map(name => [name, { optional: true }])),
    },
  });
}
