// Holds the content of the npm package against an allow-list: a leaked test or cache is a defect, and so is a missing licence.
import { execFileSync } from 'node:child_process';

const ALLOWED = [/^bin\/cdk-production-lambda$/, /^\.jsii$/, /^API\.md$/, /^LICENSE$/, /^README\.md$/, /^package\.json$/, /^lib\/.+\.(js|d\.ts)$/, /^node_modules\/yaml\//, /^assets\/(smoke-test|prune-versions)\/index\.js$/];
const REQUIRED = ['bin/cdk-production-lambda', 'assets/smoke-test/index.js', 'assets/prune-versions/index.js', '.jsii', 'LICENSE', 'README.md', 'package.json', 'lib/index.js', 'lib/index.d.ts'];

const files = execFileSync('tar', ['tzf', process.argv[2]], { encoding: 'utf8' }).trim().split('\n').map(f => f.replace(/^package\//, ''));
const problems = [
  ...files.filter(f => !ALLOWED.some(pattern => pattern.test(f))).map(f => `not allowed in the package: ${f}`),
  ...REQUIRED.filter(f => !files.includes(f)).map(f => `missing from the package: ${f}`),
];
for (const problem of problems) console.error(problem);
console.log(`${files.length} files in the package, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
