/**
 * Tests that run the sample, install packages, or bundle, fail or synthesise hundreds of times; `npx projen test:slow` runs them, so
 * that `npm test` stays under five minutes.
 */
export const SLOW_TESTS = [
  'findings\\.test\\.ts$', '/test/docs/examples', '/test/validation\\.test', '/test/stages\\.test',
  '/test/sample/(?!app\\.test|proof)', '/test/testing/(?!events|template)',
  'pairs\\.test', 'resource-count\\.test', 'logical-id\\.test',
  'bundle-build\\.test', 'bundling/python-code\\.test', '/test/aws/iam-actions',
  'bundle-fingerprint\\.test', 'handler\\.faults\\.test', 'production-function\\.consumers\\.test',
  'installed-modules\\.test', 'smoke-test-function/handler\\.test', 'scripts/runtime-package\\.test', 'runtime/shutdown\\.test',
  'release-alarms\\.power\\.test', 'feature-flags\\.test', 'runtime/guide\\.test', 'golden\\.test', '/test/checks/corpus',
];
